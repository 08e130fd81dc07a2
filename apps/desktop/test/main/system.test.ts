import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { describe, expect, test } from 'vitest'
import { RestartWaits, livedWellMs, restartMsMax } from '../../src/main/engine/restart-waits.ts'
import { logBytesMax, openLog } from '../../src/main/log.ts'
import { autostartEntry, setDesktopEntry } from '../../src/main/system/desktop-entry.ts'
import { bestMatch } from '../../src/main/system/best-match.ts'

describe('an engine that keeps ending', () => {
  test('is started again after longer and longer waits, up to a bound', () => {
    const waits = new RestartWaits()
    const first = Array.from({ length: 12 }, () => waits.next(10))
    expect(first.slice(0, 5)).toEqual([100, 200, 400, 800, 1_600])
    expect(first.at(-1)).toBe(restartMsMax)
  })

  test('is started again at once when it had been well', () => {
    const waits = new RestartWaits()
    for (let count = 0; count < 12; count += 1) waits.next(10)
    expect(waits.next(livedWellMs)).toBe(100)
    expect(waits.next(10)).toBe(200)
  })
})

describe('the log', () => {
  test('keeps no message of an error, which may hold what somebody wrote', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'logs/parley.log')
    const log = openLog(path, () => {})
    log.error('failed', Object.assign(new TypeError('dear diary'), { code: 'E_ONE' }), { what: 'x' })
    const text = readFileSync(path, 'utf8')
    expect(text).not.toContain('diary')
    expect(JSON.parse(text)).toMatchObject({
      level: 'error',
      event: 'failed',
      what: 'x',
      error: 'TypeError',
      code: 'E_ONE',
      stack: expect.stringContaining('system.test.ts'),
    })
  })

  test('P5: is moved aside when it is full, and takes no more room than two', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'parley.log')
    const log = openLog(path, () => {})
    const text = 'x'.repeat(100_000)
    for (let count = 0; count < 30; count += 1) log.info('filled', { text })
    const bytes = [path, `${path}.old`].map((each) => readFileSync(each).length)
    expect(Math.max(...bytes)).toBeLessThan(logBytesMax + 101_000)
  })
})

describe('autostart on Linux', () => {
  test('is an entry of the desktop, and its absence', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'autostart/parley.desktop')
    setDesktopEntry(path, '/opt/Parley/parley')
    expect(readFileSync(path, 'utf8')).toContain('\nExec="/opt/Parley/parley" --hidden\n')
    setDesktopEntry(path, null)
    expect(existsSync(path)).toBe(false)
    setDesktopEntry(path, null)
  })

  test('a path with signs that mean something is quoted', () => {
    expect(autostartEntry('/home/ann/My "$apps"/100%/parley')).toContain(
      'Exec="/home/ann/My \\\\"\\\\$apps\\\\"/100%%/parley" --hidden',
    )
  })
})

test('a language is spelt by its own dictionary, or by the nearest', () => {
  const dictionaries = ['de', 'en-GB', 'en-US', 'pt-BR']
  expect(bestMatch('en-GB', dictionaries)).toBe('en-GB')
  expect(bestMatch('de-CH', dictionaries)).toBe('de')
  expect(bestMatch('pt-PT', dictionaries)).toBe('pt-BR')
  expect(bestMatch('fi', dictionaries)).toBeNull()
})
