import type { ConversationId, MessageId, Timestamp } from '@parley/domain/ids'
import { messageIdOf } from '../handle.ts'
import type { Connection } from '../raw-query.ts'
import { RawQuery } from '../raw-query.ts'

type Sent = [position: number, sentAt: Timestamp]

const firstFrom = new RawQuery<[ConversationId, position: number], Sent>(
  'select position, sentAt from message where conversationId = ? and position >= ? order by position limit 1',
  'array',
)
const last = new RawQuery<[ConversationId], Sent>(
  'select position, sentAt from message where conversationId = ? order by position desc limit 1',
  'array',
)

/**
 * Halves the span of positions until one message is left. Times go up with positions, as the server sets both; where
 * its clock was set back between, the answer is a neighbour of the place.
 */
export const firstSentSince = (
  connection: Connection,
  conversationId: ConversationId,
  at: Timestamp,
): MessageId | null => {
  const newest = last.on(connection).get(conversationId)
  if (!newest || newest[1] < at) return null
  let low = 0
  let [high] = newest
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2)
    const found = firstFrom.on(connection).get(conversationId, middle)
    if (!found) return null
    if (found[1] < at) low = found[0] + 1
    else high = middle
  }
  return messageIdOf(firstFrom.on(connection).get(conversationId, low)?.[0] ?? newest[0])
}
