import type { ConversationId } from '@parley/domain/ids'
import { pageCharsMax } from '@parley/domain/limits'
import type { HistoryAnchor, MessagePage } from '../../stores.ts'
import { fitting } from '../fitting.ts'
import type { Connection } from '../raw-query.ts'
import { RawQuery } from '../raw-query.ts'

type Bounds = [ConversationId, position: number, limit: number]

const newest = new RawQuery<[ConversationId, limit: number], string>(
  'select json from message where conversationId = ? order by position desc limit ?',
  'value',
)
const before = new RawQuery<Bounds, string>(
  'select json from message where conversationId = ? and position < ? order by position desc limit ?',
  'value',
)
const from = new RawQuery<Bounds, string>(
  'select json from message where conversationId = ? and position >= ? order by position limit ?',
  'value',
)
const anyBefore = new RawQuery<[ConversationId, position: number], number>(
  'select exists (select 1 from message where conversationId = ? and position < ?)',
  'value',
)
const anyFrom = new RawQuery<[ConversationId, position: number], number>(
  'select exists (select 1 from message where conversationId = ? and position >= ?)',
  'value',
)

/** Reads one message more than the page holds: its presence says whether there are more in that direction. */
export const readHistory = (
  connection: Connection,
  conversationId: ConversationId,
  anchor: HistoryAnchor,
  limit: number,
): MessagePage => {
  switch (anchor.kind) {
    case 'newest': {
      const rows = newest.on(connection).all(conversationId, limit + 1)
      return { ...olderPart(rows, limit), hasNewer: false }
    }
    case 'before': {
      const rows = before.on(connection).all(conversationId, anchor.position, limit + 1)
      const hasNewer = anyFrom.on(connection).get(conversationId, anchor.position) === 1
      return { ...olderPart(rows, limit), hasNewer }
    }
    case 'after': {
      const rows = from.on(connection).all(conversationId, anchor.position + 1, limit + 1)
      const hasOlder = anyBefore.on(connection).get(conversationId, anchor.position + 1) === 1
      return { ...newerPart(rows, limit), hasOlder }
    }
    case 'around':
      return around(connection, conversationId, anchor.position, limit)
  }
}

/** Half of the page is older than the anchor; what one side has too few of, the other fills up. */
const around = (
  connection: Connection,
  conversationId: ConversationId,
  position: number,
  limit: number,
): MessagePage => {
  const olderRows = before.on(connection).all(conversationId, position, limit + 1)
  const newerRows = from.on(connection).all(conversationId, position, limit + 1)
  const half = Math.floor(limit / 2)
  const newerCount = Math.min(newerRows.length, Math.max(limit - half, limit - olderRows.length))
  const older = olderPart(olderRows, Math.min(olderRows.length, limit - newerCount), pageCharsMax / 2)
  const newer = newerPart(newerRows, newerCount, pageCharsMax / 2)
  return { json: [...older.json, ...newer.json], hasOlder: older.hasOlder, hasNewer: newer.hasNewer }
}

const olderPart = (newestFirst: string[], limit: number, charsMax = pageCharsMax) => {
  const count = fitting(newestFirst, limit, charsMax)
  return { json: newestFirst.slice(0, count).toReversed(), hasOlder: newestFirst.length > count }
}

const newerPart = (oldestFirst: string[], limit: number, charsMax = pageCharsMax) => {
  const count = fitting(oldestFirst, limit, charsMax)
  return { json: oldestFirst.slice(0, count), hasNewer: oldestFirst.length > count }
}
