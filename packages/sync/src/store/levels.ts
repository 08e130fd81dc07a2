import type { NotificationLevel } from '../actions.ts'
import type { Conversation } from '@parley/domain/conversations'
import type { ConversationId } from '@parley/domain/ids'

import type { Connection } from './ciphers.ts'
import type { UsualLevels } from '../views.ts'
import { usualLevelsValue } from './meta.ts'
import { Statement } from './statement.ts'

const put = new Statement<[string, string]>(
  'insert into notificationLevel (conversationId, level) values (?, ?) on conflict (conversationId) do update set level = excluded.level',
)
const drop = new Statement<[string]>('delete from notificationLevel where conversationId = ?')
const one = new Statement<[string], NotificationLevel>(
  'select level from notificationLevel where conversationId = ?',
  'value',
)
const all = new Statement<[], { conversationId: ConversationId; level: NotificationLevel }>(
  'select conversationId, level from notificationLevel',
)

const atFirst: UsualLevels = { direct: 'all', group: 'mentions' }

export const usualLevels = (connection: Connection): UsualLevels => ({
  ...atFirst,
  ...usualLevelsValue.read(connection),
})

/** Null for the usual one. */
export function putLevel(connection: Connection, id: ConversationId, level: NotificationLevel | null): void {
  if (level === null) drop.on(connection).run(id)
  else put.on(connection).run(id, level)
}

/** Of which messages of a conversation one is told, and whether that is what is usual, as nothing was chosen for it. */
export interface KnownLevel {
  readonly level: NotificationLevel
  readonly isUsual: boolean
}

type Known = Pick<Conversation, 'id' | 'kind'>

const known = (chosen: NotificationLevel | undefined, usual: NotificationLevel): KnownLevel => ({
  level: chosen ?? usual,
  isUsual: chosen === undefined,
})

export const levelOf = (connection: Connection, { id, kind }: Known): KnownLevel =>
  known(one.on(connection).get(id), usualLevels(connection)[kind])

/** Of all conversations, by one look at the table. */
export function levelsOf(connection: Connection): (conversation: Known) => KnownLevel {
  const levels = new Map(
    all
      .on(connection)
      .all()
      .map(({ conversationId, level }) => [conversationId, level]),
  )
  const usual = usualLevels(connection)
  return ({ id, kind }) => known(levels.get(id), usual[kind])
}
