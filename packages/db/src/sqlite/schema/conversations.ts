import type { Invitation, JoinPolicy, JoinRequest, Role } from '@parley/domain/conversations'
import type { AccountId, ClientConversationId, ConversationId, Position } from '@parley/domain/ids'
import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { account } from './accounts.ts'

export const conversation = sqliteTable(
  'conversation',
  {
    /** Stands for the conversation where it must be short: in the search index. */
    number: integer().primaryKey(),
    id: text().$type<ConversationId>().notNull().unique(),
    kind: text().$type<'direct' | 'group'>().notNull(),
    name: text().notNull(),
    /** The name, folded: what it is listed by and found by. */
    nameKey: text().notNull(),
    description: text().notNull(),
    joinPolicy: text().$type<JoinPolicy>().notNull(),
    passwordHash: text(),
    listed: integer().notNull(),
    sealed: integer().notNull(),
    founderId: text()
      .$type<AccountId>()
      .references(() => account.id),
    directOne: text()
      .$type<AccountId>()
      .references(() => account.id),
    directOther: text()
      .$type<AccountId>()
      .references(() => account.id),
    /** The two people of a direct conversation in one order, so that the pair can have no second one. */
    directKey: text().unique(),
    /** What its maker's program called it, and who that was. */
    clientConversationId: text().$type<ClientConversationId>(),
    makerId: text()
      .$type<AccountId>()
      .references(() => account.id),
    createdAt: integer().notNull(),
    closedAt: integer(),
    /** Kept here, as counting 10,000 rows at every join would be slow. */
    memberCount: integer().notNull(),
  },
  (table) => [
    uniqueIndex('conversationMade').on(table.clientConversationId, table.makerId),
    index('conversationListed')
      .on(table.nameKey, table.id)
      .where(sql`"listed" = 1 and "closedAt" is null`),
  ],
)

export const member = sqliteTable(
  'member',
  {
    conversationId: text()
      .$type<ConversationId>()
      .notNull()
      .references(() => conversation.id),
    accountId: text()
      .$type<AccountId>()
      .notNull()
      .references(() => account.id),
    role: text().$type<Role>().notNull(),
    joinedAt: integer().notNull(),
    joinedPosition: integer().$type<Position>().notNull(),
    readUpTo: integer().notNull(),
    readOrdinal: integer().notNull(),
    keyMaterial: text(),
    grant: text(),
  },
  (table) => [
    primaryKey({ columns: [table.conversationId, table.accountId] }),
    index('memberAccount').on(table.accountId, table.role, table.conversationId, table.joinedPosition),
    index('memberDecider')
      .on(table.conversationId, table.accountId)
      .where(sql`"role" <> 'member'`),
  ],
)

export const joinRequest = sqliteTable(
  'joinRequest',
  {
    conversationId: text()
      .$type<ConversationId>()
      .notNull()
      .references(() => conversation.id),
    accountId: text()
      .$type<AccountId>()
      .notNull()
      .references(() => account.id),
    state: text().$type<JoinRequest['state']>().notNull(),
    askedAt: integer().notNull(),
    decidedAt: integer(),
    decidedBy: text()
      .$type<AccountId>()
      .references(() => account.id),
    keyMaterial: text(),
    grant: text(),
    seen: integer().notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.conversationId, table.accountId] }),
    index('joinRequestWaiting')
      .on(table.conversationId, table.askedAt)
      .where(sql`"state" = 'waiting'`),
    index('joinRequestAccount').on(table.accountId, table.askedAt),
  ],
)

export const invitation = sqliteTable(
  'invitation',
  {
    fromId: text()
      .$type<AccountId>()
      .notNull()
      .references(() => account.id),
    toId: text()
      .$type<AccountId>()
      .notNull()
      .references(() => account.id),
    state: text().$type<Invitation['state']>().notNull(),
    sentAt: integer().notNull(),
    decidedAt: integer(),
    conversationId: text()
      .$type<ConversationId>()
      .references(() => conversation.id),
    keyMaterial: text(),
    seen: integer().notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.fromId, table.toId] }),
    index('invitationTo').on(table.toId, table.fromId),
  ],
)
