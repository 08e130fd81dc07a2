import type { ReadMarker } from '@parley/domain/conversations'
import type { ConversationId } from '@parley/domain/ids'
import type { MarkRead } from '@parley/domain/messages'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { mustBeMember, standingFor } from '../conversations/standing.ts'

/** Moves the account's read marker forward, on all its devices. It never moves back. @throws Refusal `not-a-member` */
export async function markRead(chat: Chat, actor: Actor, input: MarkRead): Promise<ReadMarker> {
  return chat.db.write(async (tx) => {
    const { conversationId } = input
    await standingFor(tx, actor, conversationId, 'read')
    const { moved, ...standing } = await tx.members.advanceRead(
      conversationId,
      actor.accountId,
      input.messageId,
    )
    const marker = { conversationId, ...standing }
    if (moved) await tx.log.append(actor.accountId, { kind: 'read', ...marker })
    return marker
  })
}

/** Tells the others who are there that the account is writing. @throws Refusal `not-a-member`, `rate-limited` */
export async function sayTyping(chat: Chat, actor: Actor, conversationId: ConversationId): Promise<void> {
  await chat.rates.take('typing', actor.accountId)
  await mustBeMember(chat, actor.accountId, conversationId)
  const event = { kind: 'typing', conversationId, accountId: actor.accountId }
  chat.delivery.whisperTo(conversationId, JSON.stringify(event), actor.accountId)
}
