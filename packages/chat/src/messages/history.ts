import type { HistoryAnchor } from '@parley/db/stores'
import type { ConversationId, MessageId } from '@parley/domain/ids'
import type {
  History,
  HistoryPage,
  Message,
  MessageRef,
  SearchMessages,
  SearchResult,
} from '@parley/domain/messages'
import { Refusal } from '@parley/domain/refusal'
import { Serialised, type SerialisedAs } from '@parley/domain/serialised'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { mustBeMember } from '../conversations/standing.ts'

const anchorOf = ({ before, after, around }: HistoryPage): HistoryAnchor => {
  if (before !== undefined) return { kind: 'before', position: before }
  if (after !== undefined) return { kind: 'after', position: after }
  if (around !== undefined) return { kind: 'around', position: around }
  return { kind: 'newest' }
}

/** A page of a conversation's messages, oldest first. @throws Refusal `not-a-member` */
export async function getHistory(
  chat: Chat,
  actor: Actor,
  input: HistoryPage,
): Promise<SerialisedAs<History>> {
  await mustBeMember(chat, actor.accountId, input.conversationId)
  const page = await chat.db.read.messages.page(input.conversationId, anchorOf(input), input.limit)
  return new Serialised(
    `{"messages":[${page.json.join(',')}],"hasOlder":${page.hasOlder},"hasNewer":${page.hasNewer}}`,
  )
}

/** @throws Refusal `not-a-member`, `not-found` */
export async function getMessage(chat: Chat, actor: Actor, input: MessageRef): Promise<Message> {
  await mustBeMember(chat, actor.accountId, input.conversationId)
  const message = await chat.db.read.messages.get(input.conversationId, input.messageId)
  if (!message) throw new Refusal('not-found', 'There is no such message here.', { field: 'messageId' })
  return message
}

/** The first message sent at or after a time; null when there is none. @throws Refusal `not-a-member` */
export async function messageAtTime(
  chat: Chat,
  actor: Actor,
  input: { conversationId: ConversationId; at: number },
): Promise<MessageId | null> {
  await mustBeMember(chat, actor.accountId, input.conversationId)
  return chat.db.read.messages.atTime(input.conversationId, input.at)
}

/** Plain messages that hold all the words, newest first, in the conversations that the account is in now. */
export async function searchMessages(
  chat: Chat,
  actor: Actor,
  input: SearchMessages,
): Promise<SerialisedAs<SearchResult>> {
  await chat.rates.take('search', actor.accountId)
  if (input.conversationId !== undefined) await mustBeMember(chat, actor.accountId, input.conversationId)
  const { json, next } = await chat.db.read.messages.search(actor.accountId, input)
  return new Serialised(`{"messages":[${json.join(',')}],"next":${next}}`)
}
