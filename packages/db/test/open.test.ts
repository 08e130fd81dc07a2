import { join } from 'node:path'
import { openDatabase } from '@parley/db/open'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { describe, expect, test } from 'vitest'
import { openConnection, openIndexConnection } from '../src/sqlite/connection.ts'
import type { Connection } from '../src/sqlite/raw-query.ts'
import { peopled, say } from './fixtures.ts'
import { openEmpty } from './open-test-database.ts'

const pragma = (connection: Connection, name: string): unknown => connection.pragma(name, { simple: true })

describe('opening a database', () => {
  test('other databases than SQLite files are refused by name, without what else the URL holds', async () => {
    await expect(openDatabase('postgres://user:secret@host/db')).rejects.toThrow(/'postgres:' names none/)
    await expect(openDatabase('postgres://user:secret@host/db')).rejects.not.toThrow(/secret/)
    await expect(openDatabase('sqlite::memory:')).rejects.toThrow(/sqlite:<path/)
    await expect(openDatabase('sqlite:')).rejects.toThrow(/sqlite:<path/)
    await expect(openDatabase('data/parley.sqlite')).rejects.toThrow(/sqlite:<path/)
  })

  test('P1: each connection has WAL with synchronous=FULL, and foreign keys', async () => {
    await using opened = await openEmpty()
    for (const readonly of [false, true]) {
      const connection = openConnection(opened.path, { readonly, cacheKiB: 1_024 })
      expect(pragma(connection, 'journal_mode')).toBe('wal')
      expect(pragma(connection, 'synchronous')).toBe(2)
      expect(pragma(connection, 'foreign_keys')).toBe(1)
      expect(pragma(connection, 'query_only')).toBe(readonly ? 1 : 0)
      connection.close()
    }
  })

  test('P1: a setting that SQLite does not take is an error', () => {
    expect(() => openConnection(':memory:', { cacheKiB: 1_024 })).toThrow(/did not take journal_mode = wal/)
  })

  test('the index of words needs no sync at each commit, but has all other settings', async () => {
    using folder = temporaryFolder('parley-db')
    const index = openIndexConnection(join(folder.path, 'index'))
    expect([pragma(index, 'journal_mode'), pragma(index, 'synchronous')]).toEqual(['wal', 1])
    index.close()
  })

  test('a connection that reads cannot write', async () => {
    await using opened = await openEmpty()
    const reader = openConnection(opened.path, { readonly: true, cacheKiB: 1_024 })
    expect(() => reader.exec('delete from account')).toThrow(/readonly/)
    reader.close()
  })

  test('what was stored is there when it is opened again, and positions go on', async () => {
    using folder = temporaryFolder('parley-db')
    const url = `sqlite:${join(folder.path, 'parley.sqlite')}`
    const first = await openDatabase(url)
    await peopled(first, 1, 1)
    await say(first, 1)
    const id = await first.read.log.id()
    await first.close()
    const second = await openDatabase(url)
    expect(second.head()).toBe(1)
    expect(await second.read.log.id()).toBe(id)
    expect(await say(second, 1)).toMatchObject({ messageId: 1, repeated: true })
    expect(await say(second, 2)).toMatchObject({ messageId: 2, ordinal: 2 })
    await second.close()
  })
})
