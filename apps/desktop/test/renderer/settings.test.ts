import type { Action } from '@parley/sync/actions'
import { usualWords } from '../../src/renderer/pane/level-words.ts'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { madeUpPassword } from '../../src/renderer/operator/made-up-password.ts'
import { quietChoices, untilWords } from '../../src/renderer/settings/quiet.ts'
import { unsentWords } from '../../src/renderer/settings/unsent-words.ts'
import { strengthOf } from '../../src/renderer/ui/strength.ts'

describe('how hard a secret is to guess is hinted at', () => {
  test.for([
    ['abc', 'short'],
    ['1234567', 'short'],
    ['12345678', 'weak'],
    ['aaaaaaaaaaaaaaaaaaaaaaaa', 'weak'],
    ['abababababababababababab', 'weak'],
    ['password', 'weak'],
    ['river lamp stone', 'fair'],
    ['river lamp stone cloud', 'good'],
    ['correct horse battery staple', 'good'],
  ] as const)('%s is %s', ([secret, strength]) => {
    expect(strengthOf(secret)).toBe(strength)
  })
})

describe('what would be lost by signing out is counted', () => {
  const send: Action = z.custom<Action>().parse({ kind: 'send' })
  const rename: Action = z.custom<Action>().parse({ kind: 'rename' })
  const waiting = (action: Action) => ({ action, state: 'waiting' as const })

  test('nothing is lost where the server has all, or has answered', () => {
    expect(unsentWords([])).toBeNull()
    expect(unsentWords([{ action: send, state: 'sent' }])).toBeNull()
  })

  test('messages and other changes are told apart', () => {
    expect(unsentWords([waiting(send)])).toBe('1 message that was not sent')
    expect(unsentWords([waiting(rename)])).toBe('1 change that was not sent')
    expect(unsentWords([waiting(send), waiting(send), waiting(rename)])).toBe(
      '2 messages and 1 other change that were not sent',
    )
  })

  test('what was refused is lost too', () => {
    expect(unsentWords([{ action: send, state: 'refused' }])).toBe('1 message that was not sent')
  })
})

describe('until when it is quiet is said as one would say it', () => {
  const now = new Date(2026, 4, 6, 22, 30)
  const at = (label: string) => {
    const choice = quietChoices.find((each) => each.label === label)
    if (!choice) throw new Error(`There is no "${label}"`)
    return untilWords(choice.until(now), now.getTime())
  }

  test('later today by the hour, and after midnight as tomorrow', () => {
    expect(at('For an hour')).toMatch(/^until 23|^until 11/)
    expect(at('For four hours')).toMatch(/^until tomorrow at /)
    expect(at('Until tomorrow morning')).toMatch(/^until tomorrow at 0?8/)
  })

  test('without an end as long as it is not turned off', () => {
    expect(at('Until I turn it on again')).toBe('until you turn it on again')
  })
})

test('a password that is made up has four groups of five, and is never the same', () => {
  const made = Array.from({ length: 50 }, madeUpPassword)
  for (const password of made) expect(password).toMatch(/^([a-hj-km-np-z2-9]{5}-){3}[a-hj-km-np-z2-9]{5}$/)
  expect(new Set(made).size).toBe(made.length)
  expect(strengthOf(made[0] ?? '')).toBe('good')
})

test('S51: what is usual is named as it is now, by the kind of conversation', () => {
  const usual = { direct: 'all', group: 'nothing' } as const
  expect(usualWords('direct', usual)).toBe('Every message, as usual in direct conversations')
  expect(usualWords('group', usual)).toBe('Nothing, as usual in groups')
})
