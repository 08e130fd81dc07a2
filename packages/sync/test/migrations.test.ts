import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSqlite } from '@parley/sync/store/ciphers'
import { openStore } from '@parley/sync/store/connection'
import { migrate } from '@parley/sync/store/migrate'
import { migrations } from '@parley/sync/store/migrations'
import { mergeWords } from '@parley/sync/store/search'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { testKey } from './devices.ts'

/** A store as it was after so many steps. */
const storeAfter = (steps: number) => {
  const connection = openSqlite(':memory:')
  migrate(connection, migrations.slice(0, steps))
  return connection
}

test('0000_start makes the tables', () => {
  const store = storeAfter(1)
  const tables = store
    .prepare(`select name from sqlite_schema where type = 'table' order by name`)
    .pluck()
    .all()
  expect(tables).toEqual(
    expect.arrayContaining([
      'conversation',
      'draft',
      'member',
      'message',
      'meta',
      'operation',
      'person',
      'request',
    ]),
  )
})

test('0001_search adds the index of words and leaves what is there as it is', () => {
  const store = storeAfter(1)
  store.exec(`insert into meta (name, value) values ('me', '{}')`)
  migrate(store, migrations.slice(0, 2))
  store.exec(`insert into messageWords (rowid, words) values (7, 'Grüße an alle')`)
  expect(
    store.prepare(`select rowid from messageWords where messageWords match 'grusse OR gruße'`).pluck().all(),
  ).toEqual([7])
  expect(store.prepare('select value from meta').pluck().all()).toEqual(['{}'])
})

test('0002_attachments adds the files beside what is there', () => {
  const store = storeAfter(2)
  store.exec(`insert into meta (name, value) values ('me', '{}')`)
  migrate(store, migrations.slice(0, 3))
  store.exec(`insert into file (id, bytes, usedAt) values ('draft-1', 3, 1)`)
  store.exec(`insert into chunk (fileId, part, data) values ('draft-1', 0, x'010203')`)
  expect(() => store.exec(`insert into chunk (fileId, part, data) values ('draft-1', 0, x'00')`)).toThrow(
    /UNIQUE/,
  )
  expect(store.prepare('select value from meta').pluck().all()).toEqual(['{}'])
})

test('0003_settings adds levels and settings beside what is there', () => {
  const store = storeAfter(3)
  store.exec(`insert into draft (conversationId, json) values ('c', '{}')`)
  migrate(store, migrations.slice(0, 4))
  store.exec(`insert into setting (name, json) values ('theme', '"dark"')`)
  store.exec(`insert into notificationLevel (conversationId, level) values ('c', 'all')`)
  expect(store.prepare('select json from draft').pluck().all()).toEqual(['{}'])
})

test('0004_groups_by_name drops what groups were looked for by, and keeps the conversations', () => {
  const store = storeAfter(4)
  store.exec(
    `insert into conversation (id, json, role, memberCount, lastOrdinal, lastMessageId, readUpTo, readOrdinal, mentions,
      snapshot, filled, membersHeld, joinedPosition, joinedName) values ('c', '{}', 'member', 1, 0, 0, 0, 0, 0, 1, 1, 0, 7, 'x')`,
  )
  migrate(store, migrations.slice(0, 5))
  const columns = store.prepare(`select name from pragma_table_info('conversation')`).pluck().all()
  expect(columns).not.toContain('joinedName')
  expect(columns).not.toContain('joinedPosition')
  expect(store.prepare('select id from conversation').pluck().all()).toEqual(['c'])
})

test('0005_merging keeps the words, of which the segments are merged in small steps from then on', () => {
  const store = storeAfter(5)
  const add = (id: number) =>
    store.exec(`insert into messageWords (rowid, words) values (${id}, 'word${id} everywhere')`)
  add(1)
  migrate(store, migrations.slice(0, 6))
  for (let id = 2; id <= 100; id++) add(id)
  let steps = 0
  while (mergeWords(store, 1)) steps += 1
  expect(steps).toBeGreaterThan(0)
  const found = (words: string) =>
    store.prepare('select rowid from messageWords where messageWords match ?').pluck().all(words)
  expect(found('everywhere')).toHaveLength(100)
  expect(found('word1')).toEqual([1])
})

test('a store of a newer Parley, or of another program, is left alone', () => {
  const newer = storeAfter(migrations.length)
  newer.pragma(`user_version = ${migrations.length + 1}`)
  expect(() => migrate(newer)).toThrow(/newer Parley/)
  const foreign = openSqlite(':memory:')
  foreign.exec('create table anything (x)')
  expect(() => migrate(foreign)).toThrow(/not a store of Parley/)
})

test('S9: the file and its write-ahead log say nothing without the key', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'store.db')
  const store = openStore(path, testKey)
  store.exec(`insert into meta (name, value) values ('secret', 'nobody reads this')`)
  const bytes = Buffer.concat([readFileSync(path), readFileSync(`${path}-wal`)])
  store.close()
  expect(bytes.length).toBeGreaterThan(0)
  expect(bytes.includes('nobody reads this')).toBe(false)
  expect(bytes.includes('SQLite format')).toBe(false)
  expect(() => openStore(path, new Uint8Array(32))).toThrow(/file is not a database/)
  const again = openStore(path, testKey)
  expect(again.prepare('select value from meta').pluck().all()).toEqual(['nobody reads this'])
  expect(again.pragma('synchronous', { simple: true })).toBe(2)
  again.close()
})

test('0006_sealing adds device lists, chains and keys beside what is there', () => {
  const store = storeAfter(6)
  store.exec(`insert into message values (7, 'c', 'a', 1, 0, '{"id":7}')`)
  migrate(store, migrations.slice(0, 7))
  store.exec(`insert into chainEntry values ('c', 0, 7, x'01')`)
  expect(() => store.exec(`insert into chainEntry values ('c', 0, 8, x'02')`)).toThrow(/UNIQUE/)
  store.exec(`insert into epochKey values ('c', 'one', 0, x'01'), ('c', 'two', 0, x'02')`)
  store.exec(`insert into sealedMessage values (7, 'c', 'a', 'name', 0, 'no-grant-yet')`)
  expect(store.prepare('select json from message').pluck().all()).toEqual(['{"id":7}'])
})

test('0007_keys_of_files keeps what opens files, and lets go of copies of which nobody knows what opened them', () => {
  const store = storeAfter(7)
  store.exec(`insert into attachmentKey values ('f1', 7, x'01', 3), ('draft-1', 0, x'02', 4)`)
  store.exec(`insert into file values ('f1', 3, 'f1', 1), ('f2', 3, 'f2', 2), ('draft-1', 4, null, 3)`)
  migrate(store, migrations.slice(0, 8))
  store.exec(`insert into attachmentKey values ('f1', 8, x'03', 3)`)
  const kept = store.prepare(`select attachmentId || ' ' || messageId from attachmentKey order by messageId`)
  expect(kept.pluck().all()).toEqual(['draft-1 0', 'f1 7', 'f1 8'])
  expect(store.prepare('select attachmentId from file order by usedAt').pluck().all()).toEqual([
    null,
    'f2',
    null,
  ])
})

test('0008_sealed_in_place keeps what is known of messages that came sealed', () => {
  const store = storeAfter(8)
  store.exec(
    `insert into message values (7, 'c', 'a', 1, 0, '{}'), (8, 'c', 'a', 2, 0, '{}'), (9, 'c', 'a', 3, 0, '{}')`,
  )
  store.exec(
    `insert into sealedMessage values (7, 'c', 'a', 'one', 2, null), (8, 'c', 'a', 'two', 0, 'no-grant-yet')`,
  )
  migrate(store, migrations.slice(0, 9))
  expect(store.prepare('select id, sealedAs, revision, cause from message order by id').all()).toEqual([
    { id: 7, sealedAs: 'one', revision: 2, cause: null },
    { id: 8, sealedAs: 'two', revision: 0, cause: 'no-grant-yet' },
    { id: 9, sealedAs: null, revision: null, cause: null },
  ])
})
