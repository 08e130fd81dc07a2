import { messageTextCharsMax, mentionsPerMessageMax } from '@parley/domain/limits'
import { ClientMessageId } from '@parley/domain/ids'
import { PlainContent } from '@parley/domain/messages'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Candidate,
  finishedEmojiAt,
  matching,
  wantedAt,
} from '../../src/renderer/conversation/composer/completing.ts'
import {
  type Change,
  type Field,
  linked,
  marked,
} from '../../src/renderer/conversation/composer/formatting.ts'
import { newMessageId } from '../../src/renderer/conversation/composer/new-message-id.ts'
import { charsLeft, cleaned, unsayable } from '../../src/renderer/conversation/composer/sayable.ts'

const wanted = (text: string) => wantedAt(text, text.length)

test('what begins with @, # or : before the caret is completed', () => {
  expect(wanted('hi @Gr')).toEqual({ sign: '@', start: 3, end: 6, begun: 'gr' })
  expect(wanted('@')).toEqual({ sign: '@', start: 0, end: 1, begun: '' })
  expect(wanted('see (#desi')).toMatchObject({ sign: '#', begun: 'desi' })
  expect(wanted('one\n:ta')).toMatchObject({ sign: ':', begun: 'ta' })
  expect(wanted('**@ada.l')).toMatchObject({ begun: 'ada.l' })
  expect(wantedAt('hi @gr more', 6)).toMatchObject({ start: 3, end: 6 })
})

test('times, addresses, smileys and finished words are left alone', () => {
  for (const text of [
    'at 10:30',
    'mail@ada',
    'https://a',
    ':',
    ':)',
    ':D',
    '@ada ',
    'x#y',
    '`@ada',
    '@a@b',
    'a: b',
  ]) {
    expect(wanted(text), text).toBeNull()
  }
})

test('an emoji is finished by its second colon', () => {
  expect(finishedEmojiAt('well :Tada:', 11)).toEqual({ start: 5, name: 'tada' })
  expect(finishedEmojiAt('10:30:', 6)).toBeNull()
  expect(finishedEmojiAt('::', 2)).toBeNull()
})

const candidate = (key: string, words: readonly string[], near = false): Candidate => ({
  key,
  insert: key,
  label: key,
  hint: '',
  words,
  near,
})
const people = [
  candidate('zoe', ['zoe', 'zoe graham']),
  candidate('grace', ['grace', 'grace hopper']),
  candidate('greta', ['greta', 'greta b'], true),
  candidate('igor', ['igor', 'igor grant'], true),
  candidate('bogra', ['bogra', 'bo']),
]
const found = (begun: string) => matching(people, begun).map(({ key }) => key)

test('members go first among those that fit as well, and whose name begins so before those who have it within', () => {
  expect(found('gr')).toEqual(['greta', 'grace', 'igor', 'zoe', 'bogra'])
  expect(found('')).toEqual(['greta', 'igor', 'zoe', 'grace', 'bogra'])
  expect(found('grace')).toEqual(['grace'])
  expect(found('nobody')).toEqual([])
})

test('no more are shown than can be looked over', () => {
  const many = Array.from({ length: 100 }, (_, index) =>
    candidate(`p${String(index)}`, [`p${String(index)}`]),
  )
  expect(matching(many, 'p')).toHaveLength(8)
})

const changed = ({ text }: Field, { from, to, insert }: Change) =>
  text.slice(0, from) + insert + text.slice(to)
const field = (written: string): Field => {
  const [before = '', selected = '', after = ''] = written.split('|')
  return { text: before + selected + after, start: before.length, end: before.length + selected.length }
}
const afterMark = (written: string, mark: string) => {
  const given = field(written)
  const change = marked(given, mark)
  const text = changed(given, change)
  return `${text.slice(0, change.selectFrom)}|${text.slice(change.selectFrom, change.selectTo)}|${text.slice(change.selectTo)}`
}

test.each([
  ['a |b| c', '**', 'a **|b|** c'],
  ['a **|b|** c', '**', 'a |b| c'],
  ['a |**b**| c', '**', 'a |b| c'],
  ['a | b |c', '**', 'a  **|b|** c'],
  ['||', '*', '*||*'],
  ['**|b|**', '*', '***|b|***'],
  ['*|b|*', '*', '|b|'],
  ['|b|', '~~', '~~|b|~~'],
])('marks are put round what is selected, or taken off: %j with %j', (written, mark, expected) => {
  expect(afterMark(written, mark)).toBe(expected)
})

test('marking twice changes nothing', () => {
  const words = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.') })
  fc.assert(
    fc.property(words, words, words, fc.constantFrom('**', '~~', '`'), (before, selected, after, mark) => {
      fc.pre(selected.trim() === selected)
      const given = {
        text: before + selected + after,
        start: before.length,
        end: before.length + selected.length,
      }
      const once = marked(given, mark)
      const twice = marked({ text: changed(given, once), start: once.selectFrom, end: once.selectTo }, mark)
      expect(changed({ ...given, text: changed(given, once) }, twice)).toBe(given.text)
    }),
  )
})

test('an address that is pasted on words makes a link of them', () => {
  const given = field('read |the [list]| now')
  const change = linked(given, ' https://a.example/x(1) ')
  expect(change && changed(given, change)).toBe('read [the \\[list\\]](https://a.example/x%281%29) now')
  expect(linked(field('read || now'), 'https://a.example')).toBeNull()
  expect(linked(field('|https://a.example|'), 'https://b.example')).toBeNull()
  expect(linked(field('|words|'), 'javascript:alert(1)')).toBeNull()
  expect(linked(field('|two\nlines|'), 'https://a.example')).toBeNull()
  expect(linked(field('|words|'), 'no address')).toBeNull()
})

test('P9: what is too long or mentions too many is refused with the reason before it is sent', () => {
  expect(unsayable('x'.repeat(messageTextCharsMax), mentionsPerMessageMax)).toBeNull()
  expect(unsayable('x'.repeat(messageTextCharsMax + 5), 0)).toContain('5 too many')
  expect(unsayable('hello', mentionsPerMessageMax + 1)).toContain('@everyone')
})

test('the characters left are shown near the limit only', () => {
  expect(charsLeft('x'.repeat(1_000))).toBeNull()
  expect(charsLeft('x'.repeat(messageTextCharsMax - 10))).toBe(10)
  expect(charsLeft('x'.repeat(messageTextCharsMax + 3))).toBe(-3)
})

test('what is sent is always text that the server takes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(PlainContent.safeParse({ kind: 'plain', text: cleaned(text) }).success).toBe(true)
    }),
  )
  expect(cleaned('a\u0000b\ud800 ')).toBe('ab\ufffd')
})

test('P2: the ids of messages are UUIDv7, never repeat, and sort in the order in which they were made', () => {
  const now = 1_780_000_000_000
  const ids = Array.from({ length: 1_000 }, () => newMessageId(now))
  expect(new Set(ids).size).toBe(1_000)
  expect(ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? ''))).toBe(true)
  for (const id of ids)
    expect(ClientMessageId.parse(id)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
})
