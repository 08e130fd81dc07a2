import type { AccountId, ConversationId } from '@parley/domain/ids'
import type { Connection } from '../query.ts'
import { RawQuery } from '../query.ts'

const lastOrdinal = new RawQuery<[ConversationId], number>(
  'select ordinal from message where conversationId = ? order by position desc limit 1',
  'value',
)

const mentionsAfter = new RawQuery<[ConversationId, AccountId, readUpTo: number], number>(
  `select count(distinct position) from mention where conversationId = ? and accountId in (?, '*') and position > ?`,
  'value',
)

/** Counted from the conversation's ordinals, so that sending needs to write nothing for its readers. */
export const unreadOf = (
  connection: Connection,
  conversationId: ConversationId,
  accountId: AccountId,
  read: { readUpTo: number; readOrdinal: number },
): { unread: number; mentions: number } => {
  const last = lastOrdinal.on(connection).get(conversationId) ?? 0
  const unread = Math.max(0, last - read.readOrdinal)
  // What nobody has written since cannot mention anybody.
  const mentions =
    unread === 0 ? 0 : (mentionsAfter.on(connection).get(conversationId, accountId, read.readUpTo) ?? 0)
  return { unread, mentions }
}
