import type { AccountId, ConversationId } from '@parley/domain/ids'
import type { Connection } from '../raw-query.ts'
import { RawQuery } from '../raw-query.ts'

const mentionsAfter = new RawQuery<[ConversationId, AccountId, readUpTo: number], number>(
  `select count(distinct position) from mention where conversationId = ? and accountId in (?, '*') and position > ?`,
  'value',
)

interface Reader {
  conversationId: ConversationId
  accountId: AccountId
  readUpTo: number
  readOrdinal: number
}

/** Counted from the conversation's ordinals, so that sending needs to write nothing for its readers. */
export const unreadOf = (
  connection: Connection,
  reader: Reader,
  lastOrdinal: number,
): { unread: number; mentions: number } => {
  const unread = Math.max(0, lastOrdinal - reader.readOrdinal)
  // Where nothing has been said since, nobody has been mentioned.
  if (unread === 0) return { unread, mentions: 0 }
  const { conversationId, accountId, readUpTo } = reader
  return { unread, mentions: mentionsAfter.on(connection).get(conversationId, accountId, readUpTo) ?? 0 }
}
