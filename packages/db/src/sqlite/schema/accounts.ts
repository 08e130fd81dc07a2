import type { AccountId, DeviceId, InviteLinkId, SessionId } from '@parley/domain/ids'
import { sql } from 'drizzle-orm'
import { blob, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

// A column has one name, in SQL and in code, so that rows come out of SQLite as Drizzle types them, with nothing between.

export const account = sqliteTable(
  'account',
  {
    /** Stands for the account where it must be short: in the search index. */
    number: integer().primaryKey(),
    id: text().$type<AccountId>().notNull().unique(),
    username: text().notNull(),
    usernameKey: text().notNull().unique(),
    displayName: text().notNull(),
    name: text().notNull(),
    lastName: text().notNull(),
    bot: integer().notNull(),
    disabled: integer().notNull(),
    operator: integer().notNull(),
    ownerId: text().$type<AccountId>(),
    passwordHash: text(),
    createdAt: integer().notNull(),
    lastSeenAt: integer(),
  },
  (table) => [
    index('accountOwner')
      .on(table.ownerId)
      .where(sql`"ownerId" is not null`),
  ],
)

/** What people are found by: each name as a whole (`whole` 1) and each word of them (`whole` 0), folded. */
export const accountName = sqliteTable(
  'accountName',
  {
    accountId: text()
      .$type<AccountId>()
      .notNull()
      .references(() => account.id),
    whole: integer().notNull(),
    key: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.whole, table.key] }),
    index('accountNameKey').on(table.whole, table.key, table.accountId),
  ],
)

/** Whom an OpenID Connect issuer, or another outside authority, means by one of its subjects. */
export const identity = sqliteTable(
  'identity',
  {
    issuer: text().notNull(),
    subject: text().notNull(),
    accountId: text()
      .$type<AccountId>()
      .notNull()
      .references(() => account.id),
  },
  (table) => [
    primaryKey({ columns: [table.issuer, table.subject] }),
    index('identityAccount').on(table.accountId),
  ],
)

export const session = sqliteTable(
  'session',
  {
    id: text().$type<SessionId>().primaryKey(),
    accountId: text()
      .$type<AccountId>()
      .notNull()
      .references(() => account.id),
    tokenHash: blob({ mode: 'buffer' }).$type<Uint8Array>().notNull().unique(),
    deviceName: text().notNull(),
    deviceId: text().$type<DeviceId>(),
    createdAt: integer().notNull(),
    lastUsedAt: integer().notNull(),
  },
  (table) => [index('sessionAccount').on(table.accountId), index('sessionUse').on(table.lastUsedAt)],
)

export const inviteLink = sqliteTable('inviteLink', {
  id: text().$type<InviteLinkId>().primaryKey(),
  secretHash: blob({ mode: 'buffer' }).$type<Uint8Array>().notNull().unique(),
  note: text().notNull(),
  usesLeft: integer().notNull(),
  makesOperator: integer().notNull(),
  createdAt: integer().notNull(),
  expiresAt: integer().notNull(),
})
