import { OneTime } from '@parley/chat/identity/one-time'
import { FakeClock } from '@parley/testkit/fake-clock'
import { describe, expect, test } from 'vitest'

const open = (clock = new FakeClock()) => ({
  clock,
  store: new OneTime<number>({ clock, keptMs: 1_000, itemsMax: 3 }),
})

describe('values to be taken once', () => {
  test('a value is there once, and then no more', () => {
    const { store } = open()
    store.put('a', 1)
    expect(store.take('a')).toBe(1)
    expect(store.take('a')).toBeNull()
    expect(store.take('never put')).toBeNull()
  })

  test('a value is there until its time has passed', () => {
    const { clock, store } = open()
    store.put('a', 1)
    store.put('b', 2)
    clock.advance(999)
    expect(store.take('a')).toBe(1)
    clock.advance(1)
    expect(store.take('b')).toBeNull()
  })

  test('P5: at the limit the oldest makes room, and the others stay', () => {
    const { store } = open()
    for (const [at, key] of ['a', 'b', 'c', 'd'].entries()) store.put(key, at)
    expect(store.size).toBe(3)
    expect(['a', 'b', 'c', 'd'].map((key) => store.take(key))).toEqual([null, 1, 2, 3])
  })

  test('P5: what expired is let go of when something is put', () => {
    const { clock, store } = open()
    store.put('a', 1)
    store.put('b', 2)
    clock.advance(1_000)
    store.put('c', 3)
    expect(store.size).toBe(1)
  })
})
