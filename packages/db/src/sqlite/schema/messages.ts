import type { AccountId, AttachmentId, ClientMessageId, ConversationId, MessageId } from '@parley/domain/ids'
import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core'
import { account } from './accounts.ts'

/**
 * Messages, which are entries of the log as well. No foreign keys here: whoever sends was looked up in the same
 * transaction, accounts and conversations are never deleted, and looking them up again takes 2 of a message's 30 us.
 */
export const message = sqliteTable(
  'message',
  {
    position: integer().$type<MessageId>().primaryKey(),
    conversationId: text().$type<ConversationId>().notNull(),
    authorId: text().$type<AccountId>().notNull(),
    clientMessageId: text().$type<ClientMessageId>().notNull(),
    ordinal: integer().notNull(),
    sentAt: integer().notNull(),
    /** The message as it goes on the wire. */
    json: text().notNull(),
  },
  (table) => [
    // P2. The client's id goes first: programs make UUIDv7, so that new ones go to the same few pages of this index.
    unique('messageClientId').on(table.clientMessageId, table.authorId),
    // With the ordinal in it, unread counts and the next ordinal need no row.
    index('messageConversation').on(table.conversationId, table.position, table.ordinal),
  ],
)

/** Who is mentioned where; `*` is everybody in the conversation. */
export const mention = sqliteTable(
  'mention',
  {
    conversationId: text().$type<ConversationId>().notNull(),
    accountId: text().$type<AccountId | '*'>().notNull(),
    position: integer().$type<MessageId>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.conversationId, table.accountId, table.position] }),
    index('mentionMessage').on(table.position),
  ],
)

export const attachment = sqliteTable(
  'attachment',
  {
    id: text().$type<AttachmentId>().primaryKey(),
    ownerId: text()
      .$type<AccountId>()
      .notNull()
      .references(() => account.id),
    name: text().notNull(),
    mediaType: text().notNull(),
    bytes: integer().notNull(),
    contentHash: text().notNull(),
    uploadedAt: integer().notNull(),
    /** How many undeleted messages carry it; what none carries is found without looking at all the others. */
    carriers: integer().notNull(),
  },
  (table) => [
    index('attachmentContent').on(table.contentHash, table.bytes),
    index('attachmentOrphan')
      .on(table.uploadedAt)
      .where(sql`"carriers" = 0`),
  ],
)

/** Which undeleted message carries which attachment. */
export const messageAttachment = sqliteTable(
  'messageAttachment',
  {
    attachmentId: text()
      .$type<AttachmentId>()
      .notNull()
      .references(() => attachment.id),
    position: integer().$type<MessageId>().notNull(),
    conversationId: text().$type<ConversationId>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.attachmentId, table.position] }),
    index('messageAttachmentMessage').on(table.position),
  ],
)
