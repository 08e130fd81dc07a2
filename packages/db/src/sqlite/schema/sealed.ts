import type { AccountId, ConversationId, DeviceId, Position } from '@parley/domain/ids'
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { account } from './accounts.ts'
import { conversation } from './conversations.ts'

// What the server keeps of sealed conversations: public keys, signatures, and what it cannot open. Structures are kept
// as their bytes, which is what hashes and signatures are over.

const bytes = () => blob({ mode: 'buffer' }).$type<Uint8Array>().notNull()
const ofAccount = () =>
  text()
    .$type<AccountId>()
    .notNull()
    .references(() => account.id)
const inConversation = () =>
  text()
    .$type<ConversationId>()
    .notNull()
    .references(() => conversation.id)

/** Which of an account's device lists is in force: those before stay, as chains name them. */
export const deviceList = sqliteTable('deviceList', {
  accountId: text()
    .$type<AccountId>()
    .primaryKey()
    .references(() => account.id),
  identity: text().notNull(),
})

export const deviceListEntry = sqliteTable(
  'deviceListEntry',
  {
    /** The hash of the list's first entry. */
    identity: text().notNull(),
    entryIndex: integer().notNull(),
    accountId: ofAccount(),
    hash: text().notNull(),
    bytes: bytes(),
  },
  (table) => [primaryKey({ columns: [table.identity, table.entryIndex] })],
)

export const chainEntry = sqliteTable(
  'chainEntry',
  {
    conversationId: inConversation(),
    entryIndex: integer().notNull(),
    hash: text().notNull(),
    bytes: bytes(),
    /** Of the log's entry that told the members. */
    position: integer().$type<Position>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.conversationId, table.entryIndex] })],
)

/**
 * A member has revoked a device, and the chain does not name that entry of its list yet: until it does, nothing more is
 * sealed, as the device has the key.
 */
export const revocationOwed = sqliteTable(
  'revocationOwed',
  {
    conversationId: inConversation(),
    accountId: ofAccount(),
    identity: text().notNull(),
    entryIndex: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.conversationId, table.accountId] })],
)

/** The keys of some epochs, sealed to one device. */
export const keyGrant = sqliteTable(
  'keyGrant',
  {
    number: integer().primaryKey(),
    conversationId: inConversation(),
    accountId: ofAccount(),
    deviceId: text().$type<DeviceId>().notNull(),
    /** Whose word it is: what one device gives must not keep out what another gives. */
    granterDeviceId: text().$type<DeviceId>().notNull(),
    firstEpoch: integer().notNull(),
    lastEpoch: integer().notNull(),
    bytes: bytes(),
  },
  (table) => [
    uniqueIndex('keyGrantOnce').on(
      table.deviceId,
      table.conversationId,
      table.granterDeviceId,
      table.firstEpoch,
      table.lastEpoch,
    ),
    index('keyGrantDevice').on(table.deviceId, table.number),
  ],
)

export const keyRequest = sqliteTable(
  'keyRequest',
  {
    conversationId: inConversation(),
    deviceId: text().$type<DeviceId>().notNull(),
    accountId: ofAccount(),
    firstEpoch: integer().notNull(),
    lastEpoch: integer().notNull(),
    askedAt: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.conversationId, table.deviceId] }),
    index('keyRequestDevice').on(table.deviceId),
  ],
)

/** A new device asks to be taken into its account's list; `answer` is of an old one. */
export const linkRequest = sqliteTable(
  'linkRequest',
  {
    accountId: ofAccount(),
    deviceId: text().$type<DeviceId>().notNull(),
    bytes: bytes(),
    askedAt: integer().notNull(),
    answer: blob({ mode: 'buffer' }).$type<Uint8Array>(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.deviceId] })],
)

export const backupPart = sqliteTable(
  'backupPart',
  {
    accountId: ofAccount(),
    keyId: text().notNull(),
    part: text().$type<ConversationId | 'account'>().notNull(),
    version: integer().notNull(),
    bytes: bytes(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.keyId, table.part] })],
)
