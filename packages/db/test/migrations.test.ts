import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import BetterSqlite from 'better-sqlite3'
import { generateSQLiteDrizzleJson } from 'drizzle-kit/api'
import { expect, test } from 'vitest'
import { openConnection } from '../src/sqlite/connection.ts'
import { migrate } from '../src/sqlite/migrate.ts'
import { migrations } from '../src/sqlite/migrations.ts'
import * as accounts from '../src/sqlite/schema/accounts.ts'
import * as conversations from '../src/sqlite/schema/conversations.ts'
import * as log from '../src/sqlite/schema/log.ts'
import * as messages from '../src/sqlite/schema/messages.ts'
import * as sealed from '../src/sqlite/schema/sealed.ts'

const folder = new URL('../migrations/', import.meta.url)

/** The schema as drizzle-kit wrote it down with the newest migration. */
const newestSnapshot = (): unknown => {
  const snapshots = readdirSync(new URL('meta/', folder)).filter((name) => name.endsWith('_snapshot.json'))
  return JSON.parse(readFileSync(new URL(`meta/${snapshots.toSorted().at(-1)}`, folder), 'utf8'))
}

const inFolder = <T>(use: (path: string) => T): T => {
  using temporary = temporaryFolder('parley-db')
  return use(join(temporary.path, 'parley.sqlite'))
}

const migrated = (path: string, steps = migrations) => {
  const connection = openConnection(path, { cacheKiB: 1_024 })
  migrate(connection, steps)
  return connection
}

const tablesOf = (connection: BetterSqlite.Database) =>
  connection.prepare(`select name from sqlite_schema where type = 'table' order by name`).pluck().all()

test('the migrations lead to what the schema says', async () => {
  const schema = await generateSQLiteDrizzleJson({
    ...accounts,
    ...conversations,
    ...log,
    ...messages,
    ...sealed,
  })
  expect(newestSnapshot()).toHaveProperty('tables', schema.tables)
})

test('0000_start makes the tables of an empty file', () => {
  inFolder((path) => {
    const [start] = migrations
    using connection = closing(migrated(path, start ? [start] : []))
    expect(tablesOf(connection.database)).toEqual(
      [
        'account',
        'accountName',
        'attachment',
        'conversation',
        'entry',
        'identity',
        'inviteLink',
        'invitation',
        'joinRequest',
        'member',
        'mention',
        'message',
        'messageAttachment',
        'meta',
        'session',
      ].toSorted(),
    )
    expect(connection.database.pragma('user_version', { simple: true })).toBe(1)
  })
})

test('0002_client_conversation_id leaves the groups that are there without a name of their makers', () => {
  inFolder((path) => {
    const before = migrated(path, migrations.slice(0, 2))
    before.exec(`
      insert into conversation (id, kind, name, nameKey, description, joinPolicy, listed, sealed, createdAt, memberCount)
      values ('c', 'group', 'G', 'g', '', 'open', 0, 0, 1, 0), ('d', 'group', 'G', 'g', '', 'open', 0, 0, 1, 0)`)
    migrate(before, migrations.slice(0, 3))
    expect(before.prepare('select clientConversationId, makerId from conversation').raw().all()).toEqual([
      [null, null],
      [null, null],
    ])
    before.close()
  })
})

test('0001_seen adds to requests and invitations whether their answer was seen, and takes it that none was', () => {
  inFolder((path) => {
    const before = migrated(path, migrations.slice(0, 1))
    before.pragma('foreign_keys = off')
    before.exec(`
      insert into joinRequest (conversationId, accountId, state, askedAt) values ('c', 'a', 'waiting', 1);
      insert into invitation (fromId, toId, state, sentAt) values ('a', 'b', 'waiting', 1)`)
    before.exec('pragma foreign_keys = off')
    before.close()
    const bare = new BetterSqlite(path)
    bare.pragma('foreign_keys = off')
    bare.exec(migrations[1]?.sql ?? '')
    expect(
      bare.prepare('select seen from joinRequest union all select seen from invitation').pluck().all(),
    ).toEqual([0, 0])
    bare.close()
  })
})

test('0003_sealed leaves the sessions that are there without a device', () => {
  inFolder((path) => {
    const before = migrated(path, migrations.slice(0, 3))
    before.exec(`
      insert into account (id, username, usernameKey, displayName, name, lastName, bot, disabled, operator, createdAt)
      values ('a', 'ada', 'ada', 'Ada', '', '', 0, 0, 0, 1);
      insert into session (id, accountId, tokenHash, deviceName, createdAt, lastUsedAt) values ('s', 'a', x'00', 'D', 1, 1)`)
    migrate(before, migrations.slice(0, 4))
    expect(before.prepare('select id, deviceId from session').raw().all()).toEqual([['s', null]])
    expect(tablesOf(before)).toEqual(
      expect.arrayContaining([
        'deviceList',
        'deviceListEntry',
        'chainEntry',
        'keyGrant',
        'keyRequest',
        'linkRequest',
        'backupPart',
      ]),
    )
    before.close()
  })
})

test('a step is taken once, and all of it or nothing', () => {
  inFolder((path) => {
    migrated(path).close()
    const good = [
      ...migrations,
      { name: 'good', sql: 'create table added (id integer); insert into added values (1);' },
    ]
    migrated(path, good).close()
    const bad = [
      ...good,
      { name: 'bad', sql: 'create table half (id integer); insert into nowhere values (1);' },
    ]
    expect(() => migrated(path, bad)).toThrow(/nowhere/)
    using connection = closing(migrated(path, good))
    expect(tablesOf(connection.database)).not.toContain('half')
    expect(connection.database.prepare('select count(*) from added').pluck().get()).toBe(1)
    expect(connection.database.pragma('foreign_keys', { simple: true })).toBe(1)
  })
})

test('a step that breaks a reference is not taken', () => {
  inFolder((path) => {
    const broken = [
      ...migrations,
      {
        name: 'broken',
        sql: `insert into identity (issuer, subject, accountId) values ('i', 's', 'nobody')`,
      },
    ]
    expect(() => migrated(path, broken)).toThrow(/breaks foreign keys/)
  })
})

test('a database of a newer Parley, or of another program, is refused and left as it is', () => {
  inFolder((path) => {
    migrated(path, [...migrations, { name: 'later', sql: 'create table later (id integer)' }]).close()
    expect(() => migrated(path)).toThrow(/newer Parley/)
  })
  inFolder((path) => {
    const other = new BetterSqlite(path)
    other.exec('create table theirs (id integer)')
    other.close()
    expect(() => migrated(path)).toThrow(/not a database of Parley/)
    using connection = closing(new BetterSqlite(path, { readonly: true }))
    expect(tablesOf(connection.database)).toEqual(['theirs'])
  })
})

const closing = (database: BetterSqlite.Database) => ({ database, [Symbol.dispose]: () => database.close() })
