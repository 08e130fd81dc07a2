import type { AccountId, ConversationId } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import type { ConversationReads, MyConversationRow } from '../../stores.ts'
import { fitting } from '../fitting.ts'
import type { Connection } from '../raw-query.ts'
import { RawQuery } from '../raw-query.ts'
import { conversationOf, memberOf } from '../rows/conversations.ts'
import type { ConversationColumns, StoredMember } from '../rows/conversations.ts'
import { unreadOf } from './unread.ts'

type Mine = ConversationColumns &
  StoredMember & {
    activity: number
    memberCount: number
    lastMessageJson: string | null
    lastOrdinal: number | null
  }

/**
 * First an index-only look at each of the account's conversations, for its newest position; then the rows of the page
 * alone. `where` picks members, `part` a part of what was found.
 */
const mineOf = (where: string, part: string) => `
  with own as materialized (
    select m.conversationId as id, m.joinedPosition, ifnull((
      select x.position from message x where x.conversationId = m.conversationId order by x.position desc limit 1
    ), 0) as newest
    from member m where ${where}
  ),
  page as materialized (
    select id, newest, max(newest, joinedPosition) as activity from own ${part}
  )
  select page.activity, c.id, c.kind, c.name, c.description, c.joinPolicy, c.passwordHash, c.listed, c.sealed,
    c.founderId, c.directOne, c.directOther, c.clientConversationId, c.createdAt, c.closedAt, c.memberCount, m.*,
    x.ordinal as lastOrdinal, x.json as lastMessageJson
  from page
    cross join conversation c on c.id = page.id
    cross join member m on m.conversationId = page.id and m.accountId = ?
    left join message x on x.position = page.newest
  order by page.activity desc, page.id desc`

const minePage = new RawQuery<[AccountId, activity: number, id: string, limit: number, AccountId], Mine>(
  mineOf('m.accountId = ?', 'where (activity, id) < (?, ?) order by activity desc, id desc limit ?'),
)

const mineOne = new RawQuery<[AccountId, ConversationId, AccountId], Mine>(
  mineOf('m.accountId = ? and m.conversationId = ?', ''),
)

export const readMine = (
  connection: Connection,
  input: Parameters<ConversationReads['mine']>[0],
): Awaited<ReturnType<ConversationReads['mine']>> => {
  const { accountId, limit } = input
  const { activity, id } = placeOf(input.after)
  const rows = minePage.on(connection).all(accountId, activity, id, limit + 1, accountId)
  const count = fitting(
    rows.map(({ lastMessageJson }) => lastMessageJson),
    limit,
  )
  const page = rows.slice(0, count)
  const last = rows.length > count ? page.at(-1) : undefined
  return {
    conversations: page.map((row) => mineFrom(connection, row)),
    next: last ? `${last.activity}.${last.id}` : null,
  }
}

export const readMineOne = (
  connection: Connection,
  accountId: AccountId,
  id: ConversationId,
): MyConversationRow | null => {
  const row = mineOne.on(connection).get(accountId, id, accountId)
  return row ? mineFrom(connection, row) : null
}

const mineFrom = (connection: Connection, row: Mine): MyConversationRow => ({
  conversation: conversationOf(row),
  member: memberOf(row),
  memberCount: row.memberCount,
  lastMessageJson: row.lastMessageJson,
  ...unreadOf(connection, row, row.lastOrdinal ?? 0),
})

const placeOf = (after: string | undefined): { activity: number; id: string } => {
  if (after === undefined) return { activity: Number.MAX_SAFE_INTEGER, id: '' }
  const [, activity, id] = /^(\d{1,15})\.(c[\w-]{15})$/.exec(after) ?? []
  if (activity === undefined || id === undefined) {
    throw new Refusal('invalid-input', 'must be the `next` of the page before', { field: 'after' })
  }
  return { activity: Number(activity), id }
}
