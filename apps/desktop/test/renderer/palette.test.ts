import { expect, test } from 'vitest'
import { fitOf, folded, ranked } from '../../src/renderer/palette/rank.ts'

const item = (title: string, weight = 0, also = '') => ({ title, also, weight })
const titles = (typed: string, ...items: ReturnType<typeof item>[]) =>
  ranked(items, typed, 10).map(({ title }) => title)

test('the beginning of a name comes before that of a later word, and that before letters within one', () => {
  expect(titles('gar', item('Cigars'), item('The garden'), item('Garden'))).toEqual([
    'Garden',
    'The garden',
    'Cigars',
  ])
})

test('a whole word comes before one that goes on', () => {
  expect(titles('room 2', item('Room 21', 1), item('Room 2', 1))).toEqual(['Room 2', 'Room 21'])
  expect(titles('2', item('Room 21'), item('Room 2'))).toEqual(['Room 2', 'Room 21'])
})

test('what waits comes before what fits as well, and not before what fits better', () => {
  expect(titles('an', item('Anna'), item('Andrew', 1))).toEqual(['Andrew', 'Anna'])
  expect(titles('anna', item('Anna'), item('Johanna', 1))).toEqual(['Anna', 'Johanna'])
})

test('every word that was typed has to be there, in whatever order', () => {
  expect(titles('turing al', item('Alan Turing'), item('Alan Kay'))).toEqual(['Alan Turing'])
})

test('case and accents do not count', () => {
  expect(folded('Zoë ÅNGSTRÖM')).toBe('zoe angstrom')
  expect(titles('zoe', item('Zoë'))).toEqual(['Zoë'])
  expect(titles('ZOË', item('zoe'))).toEqual(['zoe'])
})

test('initials find a name, and scattered letters from the middle of words do not', () => {
  expect(titles('gh', item('Grace Hopper'))).toEqual(['Grace Hopper'])
  expect(titles('grh', item('Grace Hopper'))).toEqual(['Grace Hopper'])
  expect(titles('gar', item('Mark everything as read'))).toEqual([])
  expect(titles('xq', item('Grace Hopper'))).toEqual([])
})

test('what else a thing is found by counts less than its name', () => {
  expect(titles('kay', item('Alan', 0, 'kay'), item('Kay'))).toEqual(['Kay', 'Alan'])
  expect(fitOf({ title: 'Alan', also: 'kay' }, ['kay'])).toBeGreaterThan(0)
})

test('no more than so many are shown', () => {
  expect(ranked([item('a1'), item('a2'), item('a3')], 'a', 2)).toHaveLength(2)
})
