import { engine } from '../../live/clients.ts'
import { live } from '../../live/live.ts'
import type { ConversationKey, TimelineMessage } from '../../live/queries.ts'
import type { MessageKey } from '../composing.ts'

/** A message by its key, where it is held. */
async function messageOf(conversationId: ConversationKey, key: MessageKey): Promise<TimelineMessage | null> {
  if (typeof key === 'number') {
    const at = { kind: 'around', messageId: key } as const
    const { items } = await engine.messages.timeline.query({ conversationId, at, limit: 1 })
    const found = items.find(({ id }) => id === key)
    if (found) return found
  }
  const { items } = await newest(conversationId)
  return items.find(({ id, operationId }) => id === key || operationId === key) ?? null
}

export const messageQuery = (conversationId: ConversationKey, key: MessageKey) =>
  live('message', [conversationId, key], ['app', `conversation:${conversationId}`], () =>
    messageOf(conversationId, key),
  )

/** The newest message that somebody wrote and may edit. */
export async function lastOwn(
  conversationId: ConversationKey,
  authorId: string,
): Promise<TimelineMessage | null> {
  const { items } = await newest(conversationId)
  return items.findLast((each) => each.authorId === authorId && each.content.kind === 'plain') ?? null
}

const newest = (conversationId: ConversationKey) =>
  engine.messages.timeline.query({ conversationId, at: { kind: 'newest' } })
