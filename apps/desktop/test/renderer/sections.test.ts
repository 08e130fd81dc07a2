import { expect, test } from 'vitest'
import {
  keyOf,
  linesOf,
  neighbourOf,
  orderOf,
  sectionsOf,
  type Sortable,
  wantsReading,
} from '../../src/renderer/sidebar/sections.ts'
import { type TreeKey, treeMove } from '../../src/renderer/sidebar/tree-move.ts'
import { isNamed } from '../../src/renderer/search/is-named.ts'
import { placeOf } from '../../src/renderer/shell/whereabouts.ts'

function idOf(name: string): Sortable['id'] {
  const place = placeOf(`c${name}`, null)
  if (!place || !isNamed(place.id)) throw new Error(`${name} names no conversation`)
  return place.id
}

const direct = (name: string, more: Partial<Sortable> = {}): Sortable => ({
  id: idOf(name),
  unread: 0,
  mentions: 0,
  conversation: { kind: 'direct' },
  ...more,
})
const group = (name: string, more: Partial<Sortable> = {}): Sortable => ({
  ...direct(name, more),
  conversation: { kind: 'group' },
})
const shape = (conversations: readonly Sortable[], stays: Parameters<typeof sectionsOf>[1] = null) =>
  sectionsOf(conversations, stays).map(({ name, conversations: found }) => [name, found.map(({ id }) => id)])

test('what is unread comes first, then people, then groups, each in the order it came in', () => {
  const list = [group('b'), direct('x'), group('a', { unread: 2 }), direct('y', { unread: 1 }), group('c')]
  expect(shape(list)).toEqual([
    ['unread', ['ca', 'cy']],
    ['people', ['cx']],
    ['groups', ['cb', 'cc']],
  ])
})

test('a muted conversation is among the unread only where somebody is mentioned in it', () => {
  expect(wantsReading(group('a', { unread: 5, muted: true }))).toBe(false)
  expect(wantsReading(group('a', { unread: 5, mentions: 1, muted: true }))).toBe(true)
  expect(wantsReading(group('a', { unread: 5 }))).toBe(true)
})

test('the open conversation stays where it was opened, whether it is read or written in meanwhile', () => {
  expect(shape([direct('x')], { id: idOf('x'), unread: true })).toEqual([['unread', ['cx']]])
  expect(shape([direct('x', { unread: 3 })], { id: idOf('x'), unread: false })).toEqual([['people', ['cx']]])
})

test('a folded section shows its head alone, and counts on', () => {
  const sections = sectionsOf([direct('x'), group('a'), group('b')], null)
  const lines = linesOf(sections, new Set(['groups']))
  expect(lines.map(keyOf)).toEqual(['people', 'cx', 'groups'])
  expect(lines.at(-1)).toMatchObject({ open: false, count: 2, place: 2, of: 2 })
  expect(orderOf(sections).map(({ id }) => id)).toEqual(['cx', 'ca', 'cb'])
})

test('the neighbour is the next that fits, round at the ends, and never the same one again', () => {
  const order = [group('a'), group('b', { unread: 1 }), group('c'), group('d', { unread: 1 })]
  const next = (from: string | null, step: 1 | -1, fits: (view: Sortable) => boolean = () => true) =>
    neighbourOf(order, from === null ? null : idOf(from), step, fits)?.id ?? null
  expect(next('a', 1)).toBe('cb')
  expect(next('a', -1)).toBe('cd')
  expect(next('d', 1)).toBe('ca')
  expect(next(null, 1)).toBe('ca')
  expect(next(null, -1)).toBe('cd')
  expect(next('b', 1, wantsReading)).toBe('cd')
  expect(next('b', -1, wantsReading)).toBe('cd')
  expect(neighbourOf([group('a', { unread: 1 })], idOf('a'), 1, wantsReading)).toBeNull()
  expect(neighbourOf([], null, 1, () => true)).toBeNull()
})

test('the arrow keys move in the list as in a tree', () => {
  const lines = linesOf(sectionsOf([direct('x'), direct('y'), group('a')], null), new Set(['groups']))
  // people, cx, cy, groups
  const move = (at: number, key: TreeKey) => treeMove(lines, at, key)
  expect(move(0, 'ArrowDown')).toEqual({ kind: 'to', index: 1 })
  expect(move(0, 'ArrowUp')).toEqual({ kind: 'none' })
  expect(move(3, 'ArrowDown')).toEqual({ kind: 'none' })
  expect(move(2, 'Home')).toEqual({ kind: 'to', index: 0 })
  expect(move(0, 'End')).toEqual({ kind: 'to', index: 3 })
  expect(move(2, 'ArrowLeft')).toEqual({ kind: 'to', index: 0 })
  expect(move(0, 'ArrowLeft')).toEqual({ kind: 'fold' })
  expect(move(3, 'ArrowLeft')).toEqual({ kind: 'none' })
  expect(move(3, 'ArrowRight')).toEqual({ kind: 'fold' })
  expect(move(0, 'ArrowRight')).toEqual({ kind: 'to', index: 1 })
  expect(move(1, 'Enter')).toEqual({ kind: 'choose' })
  expect(move(0, ' ')).toEqual({ kind: 'fold' })
})
