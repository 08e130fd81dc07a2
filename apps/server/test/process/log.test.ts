import { Refusal } from '@parley/domain/refusal'
import { describe, expect, test } from 'vitest'
import { chatLog, openLog } from '../../src/logs/log.ts'
import type { Settings } from '../../src/settings/schema.ts'

function open(settings: Partial<Pick<Settings, 'logLevel' | 'logFormat'>> = {}, isTerminal = false) {
  const lines: string[] = []
  const target = { isTerminal, write: (line: string) => void lines.push(line), flush: () => {} }
  const log = openLog({ logLevel: 'debug', logFormat: 'auto', ...settings }, target)
  return { log, lines, last: (): unknown => JSON.parse(lines.at(-1) ?? '') }
}

describe('the log', () => {
  test('is a JSON object a line, with time, level, event and the named fields', () => {
    const { log, last } = open()
    log('warn', 'listening', { port: 4100, folder: '/data' })
    expect(last()).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      event: 'listening',
      port: 4100,
      folder: '/data',
    })
  })

  test('withholds what has another name, and what has an inside', () => {
    const { log, lines, last } = open()
    chatLog(log)('signed-in', {
      accountId: 'a1',
      token: 'secret-1',
      password: 'secret-2',
      status: { text: 'secret-3' },
    })
    expect(last()).toMatchObject({ accountId: 'a1', status: 'object', withheld: ['token', 'password'] })
    expect(lines.join()).not.toContain('secret')
  })

  test('gives an error with where it happened, its code, and its causes', () => {
    const { log, last } = open()
    const cause = Object.assign(new Error('no room'), { code: 'ENOSPC', query: 'secret' })
    log('error', 'failed', { error: new Refusal('storage-full', 'The disk is full', {}) })
    log('error', 'failed', { error: new TypeError('cannot', { cause }) })
    expect(last()).toMatchObject({
      error: {
        type: 'TypeError',
        message: 'cannot',
        stack: expect.stringMatching(/^at /),
        cause: { code: 'ENOSPC', message: 'no room' },
      },
    })
    expect(JSON.stringify(last())).not.toContain('secret')
  })

  test('leaves out what a parser says, as that quotes what it could not read', () => {
    const { log, lines } = open()
    try {
      JSON.parse('secret words')
    } catch (error) {
      log('error', 'failed', { error })
    }
    expect(lines.join()).toContain('SyntaxError')
    expect(lines.join()).not.toContain('secret')
  })

  test('keeps to its level', () => {
    const { log, lines } = open({ logLevel: 'warn' })
    log('info', 'listening')
    log('warn', 'issuer-silent')
    expect(lines).toHaveLength(1)
  })

  test.each([
    ['auto', true],
    ['text', false],
  ] as const)('is text for people where it is %s and a terminal: %s', (logFormat, isTerminal) => {
    const { log, lines } = open({ logFormat }, isTerminal)
    log('error', 'failed', { path: 'a.b', error: new Error('oh', { cause: new Error('because') }) })
    expect(lines.join()).toMatch(/^\d\d:\d\d:\d\d error failed path=a\.b\n {2}Error: oh\n {4}at .*because/s)
  })

  test('calls what chat says an error when something of ours failed, else a warning', () => {
    const { log, last } = open()
    chatLog(log)('upkeep-failed', { error: new Error('x') })
    expect(last()).toMatchObject({ level: 'error' })
    chatLog(log)('issuer-refused', { doing: 'exchange', error: 'invalid_grant' })
    expect(last()).toMatchObject({ level: 'warn', error: 'invalid_grant' })
  })
})
