import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { carryCommits, pagesBesideThread, pagesInLog } from '../src/limits.ts'
import { carryingWorker } from '../src/store/carrying.ts'
import { heldSetting, putSetting } from '../src/store/settings.ts'
import { Store } from '../src/store/store.ts'
import { Topics } from '../src/topics.ts'
import { testKey } from './devices.ts'

const failing = new URL('failing-carrier.ts', import.meta.url)
const silent = new URL('silent-carrier.ts', import.meta.url)
const pageBytes = 4_096
const settings = 8
const text = 'x'.repeat(15 * pageBytes)
/** So many that the thread is hardly ever done while nothing is written. */
const atOnce = 2 * carryCommits
/** Far more than it takes, even on a machine that does much else. */
const commitsMax = 2_000
/** The settings, and what of the table changes with them. */
const pagesOfCommitMax = settings * 16 + 16

function openStore(script: URL) {
  const folder = temporaryFolder('parley-carrying')
  const path = join(folder.path, 'store.db')
  const log = `${path}-wal`
  const defects: unknown[] = []
  const open = () =>
    new Store(path, testKey, new Topics(), { script, onDefect: (error) => void defects.push(error) })
  const store = open()
  /** One commit of many pages. */
  const write = (value: string) =>
    store.write(() => {
      for (let at = 0; at < settings; at++) putSetting(store.connection, `setting${at}`, `${text}${value}`)
    })
  /** Pages above which a commit carries over by itself. */
  const limit = () => store.connection.pragma('wal_autocheckpoint', { simple: true })
  return {
    store,
    open,
    defects,
    write,
    limit,
    /** Writes until a thread was begun. */
    writeMuch() {
      for (let commit = 0; limit() !== pagesBesideThread; commit++) {
        if (commit > commitsMax) throw new Error('No thread was begun')
        write(String(commit))
      }
    },
    isClosedWhole: () => !existsSync(log),
    logPages: () => statSync(log).size / pageBytes,
    /** Counts how often the log was begun anew; it stands in the log's head (SQLite's file format, 4.1). */
    timesBegun: () => readFileSync(log).readUInt32BE(12),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}

test('S6: what is written all the time is carried over beside whoever writes it, and the log begins anew', async () => {
  using stage = openStore(carryingWorker)
  stage.writeMuch()
  // Nothing but the thread carries over from here on.
  stage.store.connection.pragma('wal_autocheckpoint = 0')
  const before = stage.timesBegun()
  for (let commits = 0; stage.timesBegun() < before + 2; commits += atOnce) {
    expect(commits).toBeLessThan(commitsMax)
    for (let commit = 0; commit < atOnce; commit++) stage.write(String(commit))
    await setImmediate()
    await stage.store.resting
  }
  await stage.store.close()
  expect(stage.isClosedWhole()).toBe(true)
})

test('S6: where the thread cannot follow, a commit carries over, so that the log stays bounded', async () => {
  using stage = openStore(silent)
  stage.writeMuch()
  for (let pages = 0; pages < 2 * pagesBesideThread; pages += 8 * 15) stage.write(String(pages))
  expect(stage.logPages()).toBeGreaterThan(pagesInLog)
  expect(stage.logPages()).toBeLessThan(pagesBesideThread + 2 * pagesOfCommitMax)
  await stage.store.close()
  expect(stage.isClosedWhole()).toBe(true)
})

test('P7, S6: a store is closed while its log is carried over, and everything is in its file', async () => {
  using stage = openStore(carryingWorker)
  stage.writeMuch()
  stage.write('last')
  await stage.store.close()
  expect(stage.isClosedWhole()).toBe(true)
  using again = stage.open()
  expect(heldSetting(again.connection, 'setting0')).toBe(`${text}last`)
})

test('P7, S6: where the thread fails, as on a full disk, it is told, and commits carry over as without it', async () => {
  using stage = openStore(failing)
  stage.writeMuch()
  while (stage.limit() !== pagesInLog) await setImmediate()
  expect(stage.defects).toEqual([new Error('The disk is full')])
  for (let pages = 0; pages < 3 * pagesInLog; pages += 8 * 15) stage.write(String(pages))
  expect(stage.logPages()).toBeLessThan(2 * pagesInLog + 2 * pagesOfCommitMax)
  stage.write('last')
  expect(stage.limit()).toBe(pagesInLog)
  await stage.store.close()
  expect(stage.isClosedWhole()).toBe(true)
  using again = stage.open()
  expect(heldSetting(again.connection, 'setting0')).toBe(`${text}last`)
})

test('S6: little that is written needs no thread', async () => {
  using stage = openStore(carryingWorker)
  for (let commit = 1; commit < carryCommits; commit++) stage.write(String(commit))
  expect(stage.limit()).toBe(pagesInLog)
  await stage.store.close()
})
