import type { ConversationId, MessageId, Position, SessionId } from '@parley/domain/ids'
import type { EntryKind } from '@parley/domain/stream'
import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Channel } from '../../stores.ts'

/** The entries of the log that are not new messages: those are the rows of `message`, in the same sequence of positions. */
export const entry = sqliteTable(
  'entry',
  {
    position: integer().$type<Position>().primaryKey(),
    channel: text().$type<Channel>().notNull(),
    kind: text().$type<Exclude<EntryKind, 'message'>>().notNull(),
    subject: text().$type<ConversationId | SessionId>(),
    /** Of `message-changed`, which says what its message says when it is read: a deleted text is gone from here too. */
    messagePosition: integer().$type<MessageId>(),
    /** The entry as it goes on the wire; null where `messagePosition` is not. */
    body: text(),
  },
  (table) => [
    index('entryChannel').on(table.channel, table.position),
    index('entryMessage')
      .on(table.position, table.messagePosition)
      .where(sql`"messagePosition" is not null`),
  ],
)

/** What there is one of: `logId`, `keptAfter`; `run`, `schemaVersion` and `restored`, which `instance.ts` keeps. */
export const meta = sqliteTable('meta', {
  key: text().primaryKey(),
  value: text().notNull(),
})
