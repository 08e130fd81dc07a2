import {
  copyFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { checkDatabase } from '@parley/db/check'
import { openDatabase } from '@parley/db/open'
import type { DatabaseOptions } from '@parley/db/open'
import { countSyncs } from '@parley/testkit/count-syncs'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { instancePathOf } from '../src/sqlite/instance.ts'
import { peopled, say } from './fixtures.ts'

/** A database that was closed with some messages in it, and is opened again and again. */
async function kept() {
  const folder = temporaryFolder('parley-instance')
  const path = join(folder.path, 'data.sqlite')
  const url = `sqlite:${path}`
  let number = 0
  /** Opens it, perhaps does something, and closes it. */
  const visit = async (does: () => Promise<void> | void = () => {}, options: DatabaseOptions = {}) => {
    const db = await openDatabase(url, options)
    const id = await db.read.log.id()
    await does()
    await db.close()
    return { id, restored: db.restored }
  }
  const saying = async (options: DatabaseOptions = {}) => {
    const db = await openDatabase(url, options)
    if (number === 0) await peopled(db, 1, 1)
    number += 1
    await say(db, number)
    await db.close()
    return { id: await idOf(path), restored: db.restored }
  }
  const first = await saying()
  return { path, url, visit, saying, first, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

const idOf = async (path: string) => {
  const file = new BetterSqlite(path, { readonly: true })
  const id: unknown = file.prepare(`select value from meta where key = 'logId'`).pluck().get()
  file.close()
  return id
}

const vacuumInto = (path: string, copy: string) => {
  const file = new BetterSqlite(path)
  file.prepare('vacuum into ?').run(copy)
  file.close()
}

const without = (path: string) => {
  for (const name of readdirSync(dirname(path)))
    if (name.startsWith('data.sqlite')) rmSync(join(dirname(path), name))
}

const notes = async (url: string) =>
  (await Array.fromAsync(checkDatabase(url))).map(({ kind, what }) => `${kind}: ${what}`)

/** A copy comes to stand where the database was. */
function putBack(path: string, copy: string): void {
  without(path)
  renameSync(copy, path)
}

test('a database that nobody put back keeps the id of its log, however often it is opened', async () => {
  using here = await kept()
  expect(here.first.restored).toBeNull()
  for (let times = 0; times < 3; times += 1)
    expect(await here.saying()).toEqual({ id: here.first.id, restored: null })
  expect(await notes(here.url)).toEqual([])
})

test('a whole folder that was moved is no restore', async () => {
  using here = await kept()
  using other = temporaryFolder('parley-instance')
  const path = join(other.path, 'data.sqlite')
  for (const from of [here.path, instancePathOf(here.path)])
    copyFileSync(from, from === here.path ? path : instancePathOf(path))
  const db = await openDatabase(`sqlite:${path}`)
  expect([db.restored, await db.read.log.id()]).toEqual([null, here.first.id])
  await db.close()
})

test('a copy of an earlier run that is put back has a new log, as check says before and after', async () => {
  using here = await kept()
  const copy = here.path.replace('data.sqlite', 'copy')
  copyFileSync(here.path, copy)
  await here.saying()
  putBack(here.path, copy)
  expect(await notes(here.url)).toEqual([expect.stringMatching(/^restored: .*\(other-mark\)/)])
  const again = await here.visit()
  expect(again.restored).toBe('other-mark')
  expect(again.id).not.toBe(here.first.id)
  expect(await notes(here.url)).toEqual([expect.stringMatching(/^restored: the log got a new id at /)])
  expect(await here.visit()).toEqual({ id: again.id, restored: null })
})

test('a copy of the same run is seen by what it lacks', async () => {
  using here = await kept()
  const copy = here.path.replace('data.sqlite', 'copy')
  const db = await openDatabase(here.url)
  const file = new BetterSqlite(here.path)
  await file.backup(copy)
  file.close()
  await say(db, 100)
  await db.close()
  putBack(here.path, copy)
  expect((await here.visit()).restored).toBe('behind')
})

test('a copy that SQLite made by VACUUM INTO is seen even if the mark says nothing of it', async () => {
  using here = await kept()
  const copy = here.path.replace('data.sqlite', 'copy')
  vacuumInto(here.path, copy)
  putBack(here.path, copy)
  expect((await here.visit()).restored).toBe('vacuumed')
})

test('a copy on another machine has no mark beside it, and has a new log', async () => {
  using here = await kept()
  rmSync(instancePathOf(here.path))
  const again = await here.visit()
  expect(again.restored).toBe('no-mark')
  expect(again.id).not.toBe(here.first.id)
})

test('a database from before there were marks gets one, and keeps its log', async () => {
  using here = await kept()
  rmSync(instancePathOf(here.path))
  const file = new BetterSqlite(here.path)
  file.exec(`delete from meta where key in ('run', 'schemaVersion')`)
  file.close()
  expect(await here.visit()).toEqual({ id: here.first.id, restored: null })
  // And one that is put back is seen, as the mark is not its own.
  const old = new BetterSqlite(here.path)
  old.exec(`delete from meta where key in ('run', 'schemaVersion')`)
  old.close()
  expect((await here.visit()).restored).toBe('other-mark')
})

/** While it stands, a start writes the mark, and then ends before it has written into the database. */
function cutOffAfterMark(path: string): Disposable {
  const change = (sql: string) => {
    const file = new BetterSqlite(path)
    file.exec(sql)
    // Whoever changes the schema would be taken for a copy.
    const version = String(file.pragma('schema_version', { simple: true }))
    file.prepare(`update meta set value = ? where key = 'schemaVersion'`).run(version)
    file.close()
  }
  change(
    `create trigger cutOff before update on meta when new.key = 'run' begin select raise(abort, 'cut off'); end`,
  )
  return { [Symbol.dispose]: () => change('drop trigger cutOff') }
}

test('a start that a crash ended between the mark and the database is no restore', async () => {
  using here = await kept()
  {
    using _ = cutOffAfterMark(here.path)
    await expect(here.visit()).rejects.toThrow('cut off')
    await expect(here.visit()).rejects.toThrow('cut off')
  }
  expect(await here.visit()).toEqual({ id: here.first.id, restored: null })
})

test('an operator who says that it was put back gets a new log', async () => {
  using here = await kept()
  const again = await here.visit(() => {}, { isRestored: true })
  expect(again.restored).toBe('told')
  expect(again.id).not.toBe(here.first.id)
  expect(await here.visit()).toEqual({ id: again.id, restored: null })
})

/** While it stands, the mark finds no room: the system itself says ENOSPC. */
function noRoomForMark(path: string): Disposable {
  const draft = `${instancePathOf(path)}.new`
  symlinkSync('/dev/full', draft)
  return { [Symbol.dispose]: () => rmSync(draft) }
}

test('a start that finds no room for the mark is no restore, and a copy from before it is still seen', async () => {
  using here = await kept()
  const copy = here.path.replace('data.sqlite', 'copy')
  copyFileSync(here.path, copy)
  {
    using _ = noRoomForMark(here.path)
    expect(await here.saying()).toEqual({ id: here.first.id, restored: null })
    expect(await here.saying()).toEqual({ id: here.first.id, restored: null })
  }
  expect(await here.saying()).toEqual({ id: here.first.id, restored: null })
  expect(await here.visit()).toEqual({ id: here.first.id, restored: null })
  expect(await notes(here.url)).toEqual([])
  putBack(here.path, copy)
  expect((await here.visit()).restored).toBe('other-mark')
})

test('what was put back is not opened as what it was while there is no room to say so', async () => {
  using here = await kept()
  const copy = here.path.replace('data.sqlite', 'copy')
  copyFileSync(here.path, copy)
  await here.saying()
  putBack(here.path, copy)
  {
    using _ = noRoomForMark(here.path)
    await expect(here.visit()).rejects.toMatchObject({ code: 'ENOSPC' })
  }
  const again = await here.visit()
  expect(again.restored).toBe('other-mark')
  expect(again.id).not.toBe(here.first.id)
  expect(await here.visit()).toEqual({ id: again.id, restored: null })
})

test('a first start with marks that a crash ended between the mark and the database is no restore', async () => {
  using here = await kept()
  const mark = instancePathOf(here.path)
  const { head } = JSON.parse(readFileSync(mark, 'utf8'))
  writeFileSync(mark, JSON.stringify({ runs: ['', 'the next one'], head }))
  const file = new BetterSqlite(here.path)
  file.exec(`delete from meta where key in ('run', 'schemaVersion')`)
  file.close()
  expect(await here.visit()).toEqual({ id: here.first.id, restored: null })
})

test('a restore that a crash ended between the mark and the database is seen again', async () => {
  using here = await kept()
  const copy = here.path.replace('data.sqlite', 'copy')
  copyFileSync(here.path, copy)
  await here.saying()
  putBack(here.path, copy)
  {
    using _ = cutOffAfterMark(here.path)
    await expect(here.visit()).rejects.toThrow('cut off')
  }
  const again = await here.visit()
  expect(again.restored).toBe('other-mark')
  expect(again.id).not.toBe(here.first.id)
  expect(await here.visit()).toEqual({ id: again.id, restored: null })
})

test('the name of the mark is synced to disk with it: after a power cut it would be that of a run before', async () => {
  using here = await kept()
  const mark = `${instancePathOf(here.path)}.new`
  const folder = dirname(here.path)
  const { syncs } = await countSyncs(new URL('./children/say-and-close.ts', import.meta.url), [here.path])
  // The very next one: for its own log SQLite syncs the folder too, later.
  const afterMark = syncs.flatMap((path, index) => (path === mark ? [syncs[index + 1]] : []))
  // Twice at the start, and at the end, as the log has come further.
  expect(afterMark).toEqual([folder, folder, folder])
})
