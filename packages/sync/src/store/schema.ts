import type { AccountId, AttachmentId, ClientMessageId, ConversationId, MessageId } from '@parley/domain/ids'
import type { Role } from '@parley/domain/conversations'
import type { SealedCause } from '@parley/domain/sealed/causes'
import { sql } from 'drizzle-orm'
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type {
  ActionKind,
  AttachmentKey,
  ConversationKey,
  DraftAttachmentId,
  OperationId,
  NotificationLevel,
} from '../actions.ts'
import type { OperationState } from '../views.ts'
import type { CopyName } from './files.ts'

/** Single values by name; which there are stands in `meta.ts`. */
export const meta = sqliteTable('meta', {
  name: text().primaryKey(),
  value: text().notNull(),
})

export const conversation = sqliteTable(
  'conversation',
  {
    id: text().$type<ConversationId>().primaryKey(),
    /** The server's conversation, as it came. */
    json: text().notNull(),
    role: text().$type<Role>().notNull(),
    /** What the account was given on coming in, for whoever opens sealed content. */
    grant: text(),
    memberCount: integer().notNull(),
    lastOrdinal: integer().notNull(),
    lastMessageId: integer().$type<MessageId | 0>().notNull(),
    readUpTo: integer().notNull(),
    /** The ordinal of the newest message read: ordinals have no gaps, so what is unread is a difference. */
    readOrdinal: integer().notNull(),
    mentions: integer().notNull(),
    /** The snapshot that it was last in; those of an older one are gone. */
    snapshot: integer().notNull(),
    /** Whether counts and newest page came since the snapshot, or since the account came in. */
    filled: integer().$type<0 | 1>().notNull(),
    membersHeld: integer().$type<0 | 1>().notNull(),
    /** The operation of this device that made it, by which it goes while screens know no other name. */
    madeBy: text().$type<OperationId>(),
  },
  (table) => [index('conversationNewest').on(table.lastMessageId)],
)

export const member = sqliteTable(
  'member',
  {
    conversationId: text().$type<ConversationId>().notNull(),
    accountId: text().$type<AccountId>().notNull(),
    json: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.conversationId, table.accountId] })],
)

export const person = sqliteTable('person', {
  id: text().$type<AccountId>().primaryKey(),
  json: text().notNull(),
  /** When it was last seen, as the server last said. */
  lastSeenAt: integer(),
})

export const message = sqliteTable(
  'message',
  {
    id: integer().$type<MessageId>().primaryKey(),
    conversationId: text().$type<ConversationId>().notNull(),
    authorId: text().$type<AccountId>().notNull(),
    /** Where two neighbours differ by more than one, something between them is not held. */
    ordinal: integer().notNull(),
    /** Whether the account is mentioned. */
    mentionsMe: integer().$type<0 | 1>().notNull(),
    /** The server's message, as it came, or opened. */
    json: text().notNull(),
    /** Of one that came sealed, its client message id: by it the same message in a second place is known for what it is. */
    sealedAs: text().$type<ClientMessageId>(),
    /** The newest that was opened of it: by it an older one is known. */
    revision: integer(),
    /** Why it is not open. */
    cause: text().$type<SealedCause>(),
  },
  (table) => [
    index('messageInConversation').on(table.conversationId, table.id, table.ordinal),
    index('messageByOrdinal').on(table.conversationId, table.ordinal),
    index('messageSealedAs')
      .on(table.sealedAs)
      .where(sql`"sealedAs" is not null`),
    index('messageClosed')
      .on(table.conversationId, table.id)
      .where(sql`"cause" is not null`),
  ],
)

export const request = sqliteTable('request', {
  /** `join <conversation> <account>` or `invitation <from> <to>`. */
  key: text().primaryKey(),
  json: text().notNull(),
})

export const draft = sqliteTable('draft', {
  conversationId: text().$type<ConversationKey>().primaryKey(),
  json: text().notNull(),
})

/** The outbox. */
export const operation = sqliteTable('operation', {
  /** Their order. */
  number: integer().primaryKey({ autoIncrement: true }),
  id: text().$type<OperationId>().notNull().unique(),
  kind: text().$type<ActionKind>().notNull(),
  action: text().notNull(),
  state: text().$type<OperationState>().notNull(),
  problem: text(),
  madeAt: integer().notNull(),
  /** Once it was tried: the cursor at that moment. */
  triedAtCursor: integer(),
  /** Whether a try of it may have happened without our learning of it. */
  inDoubt: integer().$type<0 | 1>().notNull(),
  /** Of a message that the server has: the cursor that reaches it has brought it. */
  sentAs: integer().$type<MessageId>(),
})

/** A file, of which the bytes are in chunks: one that waits to be sent, or a copy of the server's. */
export const file = sqliteTable('file', {
  id: text().$type<DraftAttachmentId | CopyName>().primaryKey(),
  bytes: integer().notNull(),
  /**
   * What of the server it is a copy of: the attachment, and what it was opened with where it came sealed. Such copies may be
   * dropped when there are too many.
   */
  attachmentId: text().$type<CopyName>().unique(),
  /** Counts the uses of all copies, so that the one unused for longest goes first. */
  usedAt: integer().notNull(),
})

export const chunk = sqliteTable(
  'chunk',
  {
    number: integer().primaryKey({ autoIncrement: true }),
    fileId: text().$type<DraftAttachmentId | CopyName>().notNull(),
    part: integer().notNull(),
    data: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [uniqueIndex('chunkOfFile').on(table.fileId, table.part)],
)

/** The attachments of drafts, and of messages in the outbox. Each has a `file` of its id. */
export const outgoing = sqliteTable(
  'outgoing',
  {
    /** Their order. */
    number: integer().primaryKey({ autoIncrement: true }),
    id: text().$type<DraftAttachmentId>().notNull().unique(),
    conversationId: text().$type<ConversationKey>().notNull(),
    /** The message that it goes with; null while it is part of a draft. */
    operationId: text().$type<OperationId>(),
    name: text().notNull(),
    mediaType: text().notNull(),
    bytes: integer().notNull(),
    /** The upload that was begun, by which it is gone on with. */
    uploadId: text(),
    /** What the server is known to have of it. */
    sentBytes: integer().notNull(),
    /** The server's name for it, once all of it is there. */
    attachmentId: text().$type<AttachmentId>(),
    /** How often it was uploaded whole: the server drops what is not sent for a day. */
    uploads: integer().notNull(),
  },
  (table) => [index('outgoingOfOperation').on(table.operationId)],
)

/** How much of a conversation the person wants to be told of, where it is not the usual. */
export const notificationLevel = sqliteTable('notificationLevel', {
  conversationId: text().$type<ConversationId>().primaryKey(),
  level: text().$type<NotificationLevel>().notNull(),
})

/** The app's own settings of this account on this device. */
export const setting = sqliteTable('setting', {
  name: text().primaryKey(),
  json: text().notNull(),
})

/** The entries of device lists, each checked before it came here. */
export const listEntry = sqliteTable(
  'listEntry',
  {
    identity: text().notNull(),
    number: integer().notNull(),
    accountId: text().$type<AccountId>().notNull(),
    bytes: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.identity, table.number] })],
)

/** Who an account is by the newest list that was seen of it, and whose safety number was compared. */
export const identity = sqliteTable('identity', {
  accountId: text().$type<AccountId>().primaryKey(),
  current: text().notNull(),
  verified: text(),
})

/** The entries of chains, each checked before it came here, with its position in the log. */
export const chainEntry = sqliteTable(
  'chainEntry',
  {
    conversationId: text().$type<ConversationId>().notNull(),
    number: integer().notNull(),
    position: integer().notNull(),
    bytes: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.conversationId, table.number] })],
)

/** A fork that was mended leaves two keys of one number. */
export const epochKey = sqliteTable(
  'epochKey',
  {
    conversationId: text().$type<ConversationId>().notNull(),
    commitment: text().notNull(),
    number: integer().notNull(),
    key: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.conversationId, table.commitment] })],
)

/** What is known of a sealed conversation beside its chain and its keys. */
export const sealedConversation = sqliteTable('sealedConversation', {
  id: text().$type<ConversationId>().primaryKey(),
  json: text().notNull(),
})

export const sealedNotice = sqliteTable(
  'sealedNotice',
  {
    number: integer().primaryKey({ autoIncrement: true }),
    conversationId: text().$type<ConversationId>().notNull(),
    json: text().notNull(),
  },
  (table) => [index('sealedNoticeIn').on(table.conversationId)],
)

/**
 * What opens an attachment that came sealed, or waits to be sent so, and how large it is then. It is of the message that says
 * so, and of no other that names the same attachment; 0 of what waits.
 */
export const attachmentKey = sqliteTable(
  'attachmentKey',
  {
    attachmentId: text().$type<AttachmentKey>().notNull(),
    messageId: integer().notNull(),
    key: blob({ mode: 'buffer' }).notNull(),
    bytes: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.messageId, table.attachmentId] })],
)
