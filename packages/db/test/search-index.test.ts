import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '@parley/db/open'
import type { Database } from '@parley/db/stores'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import BetterSqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { openConnection } from '../src/sqlite/connection.ts'
import { indexPathOf } from '../src/sqlite/search/index-file.ts'
import { SearchThread } from '../src/sqlite/search/thread.ts'
import { accountId, aMessage, conversationId, messageId, peopled, say } from './fixtures.ts'
import { openEmpty } from './open-test-database.ts'

const find = async (db: Database, words: string) =>
  (await db.read.messages.search(accountId(1), { words, limit: 100 })).json.length

const sayMany = (db: Database, from: number, count: number) =>
  db.write(async (tx) => {
    for (let number = from; number < from + count; number += 1) await tx.messages.insert(aMessage(number))
  })

test('the index goes on where it was after a restart, and is built anew when it is gone or of another log', async () => {
  using folder = temporaryFolder('parley-db')
  const path = join(folder.path, 'parley.sqlite')
  const cursor = () => {
    const index = new BetterSqlite(indexPathOf(path))
    const value = index.prepare(`select value from meta where key = 'cursor'`).pluck().get()
    index.close()
    return Number(value)
  }
  const restarted = async () => {
    const db = await openDatabase(`sqlite:${path}`)
    const found = await find(db, 'message')
    await db.close()
    return [found, cursor()]
  }
  const db = await openDatabase(`sqlite:${path}`)
  await peopled(db, 1, 1)
  await sayMany(db, 1, 20)
  expect(await find(db, 'message')).toBe(20)
  await db.close()
  expect(await restarted()).toEqual([20, 20])

  for (const ending of ['', '-wal', '-shm']) rmSync(indexPathOf(path) + ending, { force: true })
  expect(await restarted()).toEqual([20, 20])

  const index = new BetterSqlite(indexPathOf(path))
  index.exec(`update meta set value = 'other' where key = 'logId'; delete from words`)
  index.close()
  expect(await restarted()).toEqual([20, 20])
})

test('an index that is ahead of its log, as after a backup was put back, is built anew', async () => {
  await using opened = await openEmpty()
  await peopled(opened.db, 1, 1)
  await sayMany(opened.db, 1, 5)
  expect(await find(opened.db, 'message')).toBe(5)
  await opened.db.close()
  const index = new BetterSqlite(indexPathOf(opened.path))
  index.exec(`update meta set value = '500' where key = 'cursor'`)
  index.close()
  const db = await openDatabase(`sqlite:${opened.path}`)
  await sayMany(db, 6, 1)
  expect(await find(db, 'message')).toBe(6)
  await db.close()
})

test('a step that was cut off is done again, and nothing is found twice', async () => {
  await using opened = await openEmpty({ search: false })
  await peopled(opened.db, 1, 1)
  await sayMany(opened.db, 1, 1_200)
  const step = () => {
    const thread = new SearchThread(opened.path)
    const done = thread.index()
    const found = thread.searcher.search(accountId(1), { words: 'message', limit: 100 }).json.length
    const { behind } = thread
    thread.close()
    return { done, found, behind }
  }
  expect(step()).toEqual({ done: false, found: 100, behind: 688 })
  const index = new BetterSqlite(indexPathOf(opened.path))
  index.exec(`
    create trigger crash before insert on span when new.block = 0 begin select raise(abort, 'crash'); end`)
  expect(step).toThrow(/crash/)
  index.exec('drop trigger crash')
  index.close()
  expect(step()).toMatchObject({ done: false, behind: 176 })
  expect(step()).toMatchObject({ done: true, behind: 0 })
})

test('a lagging index shows nothing that is not so any more', async () => {
  await using opened = await openEmpty({ search: false })
  const { db, path } = opened
  await peopled(db, 1, 1)
  await say(db, 1, { content: { kind: 'plain', text: 'old words' } })
  await say(db, 2, { content: { kind: 'plain', text: 'old secret' } })
  const thread = new SearchThread(path)
  thread.index()
  const found = (words: string) =>
    thread.searcher.search(accountId(1), { words, limit: 9 }).json.map((json) => json.includes('old'))
  expect(found('old')).toEqual([true, true])
  await db.write(async (tx) => {
    const message = (position: number) => ({
      ...aMessage(position),
      id: messageId(position),
      ordinal: position,
    })
    await tx.messages.replace({ ...message(1), content: { kind: 'plain', text: 'new words' } })
    await tx.messages.replace({ ...message(2), content: { kind: 'deleted', by: accountId(1), at: 5 } })
  })
  expect(found('old')).toEqual([])
  expect(found('words')).toEqual([false])
  expect(found('secret')).toEqual([])
  thread.close()
})

test('the search thread takes no lock that a write would wait for', async () => {
  await using opened = await openEmpty({ search: false })
  await peopled(opened.db, 1, 1)
  await sayMany(opened.db, 1, 100)
  const writer = openConnection(opened.path, { cacheKiB: 1_024 })
  writer.exec('begin immediate')
  const thread = new SearchThread(opened.path)
  expect(thread.index()).toBe(true)
  expect(thread.search(accountId(1), { words: 'message', limit: 9 }).json).toHaveLength(9)
  writer.exec('rollback')
  writer.close()
  thread.close()
})

test('the search thread writes the write-ahead log back when it has grown', async () => {
  await using opened = await openEmpty({ search: false })
  await peopled(opened.db, 1, 1)
  const content = { kind: 'plain', text: 'x'.repeat(20_000) } as const
  for (let number = 0; number < 250; number += 1) await say(opened.db, number, { content })
  const thread = new SearchThread(opened.path)
  const reader = new BetterSqlite(opened.path)
  const state = () => reader.prepare('pragma wal_checkpoint(noop)').raw().get()
  expect(state()).toMatchObject([0, expect.any(Number), 0])
  thread.checkpoint()
  const [, log, checkpointed] = [state()].flat()
  expect(checkpointed).toBe(log)
  reader.close()
  thread.close()
})

test('a search whose matches are nearly all for others ends early, and leads on to the rest', async () => {
  await using opened = await openEmpty({ search: false })
  const { db, path } = opened
  await peopled(db, 2, 70)
  await db.write((tx) => tx.members.remove(conversationId(1), accountId(2)))
  await say(db, 1, { conversationId: conversationId(2) })
  await sayMany(db, 2, 10_500)
  const thread = new SearchThread(path)
  while (!thread.index());
  const first = thread.searcher.search(accountId(2), { words: 'message', limit: 9 })
  expect(first.json).toEqual([])
  const second = thread.searcher.search(accountId(2), {
    words: 'message',
    limit: 9,
    ...(first.next && { before: first.next }),
  })
  expect(first.next).not.toBeNull()
  expect(second).toMatchObject({ json: { length: 1 }, next: null })
  thread.close()
})

test('without its thread a database searches nothing, and says so', async () => {
  await using opened = await openEmpty({ search: false })
  await expect(find(opened.db, 'word')).rejects.toThrow(/without search/)
})

test('how far the index is behind is told, and goes to nothing', async () => {
  await using opened = await openEmpty()
  const { db } = opened
  await peopled(db, 1, 1)
  await sayMany(db, 1, 50)
  expect(await find(db, 'message')).toBe(50)
  expect(db.stats.searchBehind).toBe(0)
  expect(await db.read.messages.page(conversationId(1), { kind: 'newest' }, 1)).toMatchObject({
    hasOlder: true,
  })
})
