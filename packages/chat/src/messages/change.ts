import type { Writing } from '@parley/db/stores'
import type { AccountId } from '@parley/domain/ids'
import { reactionKindsPerMessageMax, reactionsPerMessageMax } from '@parley/domain/limits'
import type { EditMessage, Message, MessageRef, React, Reaction } from '@parley/domain/messages'
import { mayInConversation } from '@parley/domain/permissions'
import { Refusal } from '@parley/domain/refusal'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { standingFor } from '../conversations/standing.ts'
import { mustBeOfNow, reactionMustFit } from '../sealed/content.ts'
import { mentionsOf, mustFit } from './send.ts'

async function messageOf(tx: Writing, { conversationId, messageId }: MessageRef): Promise<Message> {
  const message = await tx.messages.get(conversationId, messageId)
  if (!message) throw new Refusal('not-found', 'There is no such message here.', { field: 'messageId' })
  if (message.content.kind === 'deleted') throw new Refusal('message-deleted', 'This message was deleted.')
  return message
}

/** @throws Refusal `not-a-member`, `not-found`, `not-allowed` unless the author, `message-deleted`, `content-mismatch` */
export async function editMessage(chat: Chat, actor: Actor, input: EditMessage): Promise<Message> {
  await chat.rates.take('send', actor.accountId)
  return chat.db.write(async (tx) => {
    const { conversation } = await standingFor(tx, actor, input.conversationId, 'send')
    const { mentions: _, mentionsEveryone: __, ...before } = await messageOf(tx, input)
    if (before.authorId !== actor.accountId)
      throw new Refusal('not-allowed', 'Only its author can edit a message.')
    mustFit(input.content, conversation.sealed)
    const said = { kind: 'edit', content: input.content, before: before.content } as const
    await mustBeOfNow(chat, tx, { actor, conversation }, said)
    if (input.content.kind === 'plain' && input.content.text.trim() === '' && !before.attachments) {
      throw new Refusal('invalid-input', 'A message without attachments must hold text.', {
        field: 'content',
      })
    }
    const message: Message = {
      ...before,
      content: input.content,
      ...mentionsOf(input),
      editedAt: chat.clock.now(),
    }
    await tx.messages.replace(message)
    return message
  })
}

/** Leaves a trace of the message and nothing of what it said. @throws Refusal as `editMessage`; admins may too. */
export async function deleteMessage(chat: Chat, actor: Actor, input: MessageRef): Promise<void> {
  await chat.db.write(async (tx) => {
    const { conversation, member } = await standingFor(tx, actor, input.conversationId, 'send')
    const { id, conversationId, authorId, clientMessageId, ordinal, sentAt } = await messageOf(tx, input)
    if (
      authorId !== actor.accountId &&
      !mayInConversation(conversation.kind, member.role, 'delete-of-others')
    ) {
      throw new Refusal('not-allowed', 'Only its author, the founder and admins can delete a message.')
    }
    const content = { kind: 'deleted', by: actor.accountId, at: chat.clock.now() } as const
    await tx.messages.replace({ id, conversationId, authorId, clientMessageId, ordinal, sentAt, content })
  })
}

/** Adds or takes back a reaction; doing either twice changes nothing. @throws Refusal `too-many`, and as `editMessage`. */
export async function react(chat: Chat, actor: Actor, input: React): Promise<void> {
  await chat.rates.take('send', actor.accountId)
  await chat.db.write(async (tx) => {
    const { conversation } = await standingFor(tx, actor, input.conversationId, 'react')
    if (input.on) await reactionMustFit(chat, tx, conversation, input.emoji)
    const { reactions: before = [], ...message } = await messageOf(tx, input)
    const reactions = toggled(before, actor.accountId, input)
    if (reactions === before) return
    await tx.messages.replace({ ...message, ...(reactions.length > 0 && { reactions }) })
  })
}

/** The reactions as they are then; the same object when nothing changes. */
function toggled(
  before: Reaction[],
  accountId: AccountId,
  { emoji, on }: Pick<React, 'emoji' | 'on'>,
): Reaction[] {
  const reaction = before.find((each) => each.emoji === emoji)
  if ((reaction?.accountIds.includes(accountId) ?? false) === on) return before
  if (!on) {
    return before
      .map((each) =>
        each === reaction ? { emoji, accountIds: each.accountIds.filter((id) => id !== accountId) } : each,
      )
      .filter((each) => each.accountIds.length > 0)
  }
  const count = before.reduce((sum, each) => sum + each.accountIds.length, 0)
  if (count >= reactionsPerMessageMax || (!reaction && before.length >= reactionKindsPerMessageMax)) {
    throw new Refusal('too-many', 'This message has as many reactions as it can take.')
  }
  if (!reaction) return [...before, { emoji, accountIds: [accountId] }]
  return before.map((each) =>
    each === reaction ? { emoji, accountIds: [...each.accountIds, accountId] } : each,
  )
}
