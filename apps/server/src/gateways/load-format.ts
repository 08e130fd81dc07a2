import type { Actor } from '@parley/chat/actor'
import type { Chat } from '@parley/chat/chat'
import { listMembers } from '@parley/chat/conversations/members'
import { listMine } from '@parley/chat/conversations/mine'
import type { AccountId, ConversationId, MessageId } from '@parley/domain/ids'
import { loadedConversationsMax, loadedMembersMax, loadedMessagesMax, loadedTextCharsMax } from './limits.ts'
import { messagesOf, textOf, timeOf } from './saying.ts'

interface Loaded {
  UserIds: Record<AccountId, string>
  Messages: Record<MessageId, { data: string; TimeStamp: string | number; Sender: AccountId }>
}

/**
 * An account's conversations in the load format of note 002, those with the newest messages first, with the newest
 * messages of each. All of it is bounded: once the texts have `loadedTextCharsMax`, conversations come without any.
 */
export async function loadDetails(chat: Chat, actor: Actor): Promise<Record<ConversationId, Loaded>> {
  const { conversations } = (await listMine(chat, actor, { limit: loadedConversationsMax })).toJSON()
  const details: Record<ConversationId, Loaded> = {}
  let chars = 0
  for (const { conversation } of conversations) {
    const { id } = conversation
    const loaded = { UserIds: await namesIn(chat, actor, id), Messages: {} as Loaded['Messages'] }
    details[id] = loaded
    const { messages } = await messagesOf(chat, actor, { conversationId: id, limit: loadedMessagesMax })
    for (const message of messages.toReversed()) {
      const data = textOf(message)
      if (data === null || chars + data.length > loadedTextCharsMax) continue
      chars += data.length
      loaded.Messages[message.id] = { data, TimeStamp: timeOf(message), Sender: message.authorId }
    }
  }
  return details
}

async function namesIn(chat: Chat, actor: Actor, conversationId: ConversationId): Promise<Loaded['UserIds']> {
  const { members } = await listMembers(chat, actor, { conversationId, limit: loadedMembersMax })
  return Object.fromEntries(members.map(({ accountId, person }) => [accountId, person.username]))
}
