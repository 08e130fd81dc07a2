import { expect, test } from 'vitest'
import { sentAfter } from '../../src/renderer/search/filters.ts'
import { excerpt, highlighted, wordsIn } from '../../src/renderer/search/highlight.ts'
import { reachWords } from '../../src/renderer/search/reach-words.ts'
import { emptyResults, withPage } from '../../src/renderer/search/results.ts'

const marked = (text: string, typed: string) =>
  highlighted(text, typed)
    .map((part) => (part.found ? `[${part.text}]` : part.text))
    .join('')

test('whole words are marked, and of the last one its beginning', () => {
  expect(marked('Red tomatoes and a tomato', 'red tom')).toBe('[Red] [tomatoes] and a [tomato]')
  expect(marked('Redder tomatoes', 'red tom')).toBe('Redder [tomatoes]')
  expect(marked('Caffè, cafe', 'CAFÉ')).toBe('Caffè, [cafe]')
})

test('one letter is no beginning, and signs are no words', () => {
  expect(marked('a an apple', 'a')).toBe('[a] an apple')
  expect(wordsIn('"!? …')).toEqual([])
  expect(marked('anything', '!?')).toBe('anything')
})

test('nothing of a text is lost by marking it', () => {
  const text = 'Über  “Tomaten”\n— 12 kg, 👍🏽 Tomaten!'
  expect(
    highlighted(text, 'tomaten')
      .map((part) => part.text)
      .join(''),
  ).toBe(text)
})

test('of a long text the part with the word is shown', () => {
  const text = `${'before '.repeat(60)}tomato${' after'.repeat(60)}`
  const part = excerpt(text, 'tomato', 80)
  expect(part).toContain('tomato')
  expect(part).toMatch(/^… .* …$/)
  expect(part.length).toBeLessThanOrEqual(84)
  expect(excerpt('short tomato', 'tomato', 80)).toBe('short tomato')
})

test('days count whole, today among them', () => {
  const now = new Date(2026, 2, 3, 15, 30)
  expect(sentAfter('any', now)).toBeNull()
  expect(sentAfter('today', now)).toBe(new Date(2026, 2, 3).getTime())
  expect(sentAfter('week', now)).toBe(new Date(2026, 1, 25).getTime())
})

test('S33: a search says how far it has reached, and why no further', () => {
  const reached = { ...emptyResults, count: 2, asking: false, isOffline: false }
  expect(reachWords({ ...reached, asking: true })).toBe('Searched this device. Asking the server …')
  expect(reachWords({ ...reached, scope: 'everything' })).toBe('2 found. Searched everything.')
  expect(reachWords({ ...reached, unasked: 'everywhere', count: 0 })).toBe(
    'Searched this device only, as the server is not asked.',
  )
  expect(reachWords({ ...reached, unasked: 'sealed', isOffline: true })).toContain('the server cannot read')
  expect(reachWords({ ...reached, isOffline: true })).toContain('there is no connection')
  expect(reachWords({ ...reached, problem: 'It is busy.' })).toBe(
    '2 found. Searched this device only. It is busy.',
  )
})

test('a search that asks no server is done with what is held', () => {
  const page = { messages: [], next: null, scope: 'held', problem: undefined } as const
  const busy = { ...emptyResults, busy: true }
  expect(withPage(busy, { ...page, unasked: undefined }, null).busy).toBe(true)
  expect(withPage(busy, { ...page, unasked: 'everywhere' }, null)).toMatchObject({
    busy: false,
    unasked: 'everywhere',
  })
})
