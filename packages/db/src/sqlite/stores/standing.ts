import type { AccountId, ConversationId } from '@parley/domain/ids'
import type { Standing } from '../../stores.ts'
import type { Connection } from '../raw-query.ts'
import { RawQuery } from '../raw-query.ts'
import { conversationOf, memberOf } from '../rows/conversations.ts'
import type { ConversationColumns, StoredMember } from '../rows/conversations.ts'

type Looked = ConversationColumns & (StoredMember | { accountId: null })

/** One statement for both, as every message that is sent begins with this. No name is in both tables but `id`. */
const look = new RawQuery<[AccountId, ConversationId], Looked>(
  `select c.id, c.kind, c.name, c.description, c.joinPolicy, c.passwordHash, c.listed, c.sealed, c.founderId,
    c.directOne, c.directOther, c.clientConversationId, c.createdAt, c.closedAt, m.*
  from conversation c left join member m on m.conversationId = c.id and m.accountId = ?
  where c.id = ?`,
)

export const readStanding = (
  connection: Connection,
  id: ConversationId,
  accountId: AccountId,
): Standing | null => {
  const row = look.on(connection).get(accountId, id)
  if (!row) return null
  return { conversation: conversationOf(row), member: row.accountId === null ? null : memberOf(row) }
}
