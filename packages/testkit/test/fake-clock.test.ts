import { expect, test } from 'vitest'
import { FakeClock } from '../src/fake-clock.ts'

test('time stands still until it is moved', () => {
  const clock = new FakeClock(1_000)
  clock.after(10, () => {})
  expect(clock.now()).toBe(1_000)
  clock.advance(5)
  expect(clock.now()).toBe(1_005)
})

test('what falls due is called in the order of time, each at its time', () => {
  const clock = new FakeClock(0)
  const called: string[] = []
  clock.after(30, () => called.push(`after 30 at ${clock.now()}`))
  clock.every(20, () => called.push(`every 20 at ${clock.now()}`))
  clock.after(10, () => clock.after(5, () => called.push(`after 10 and 5 at ${clock.now()}`)))
  clock.advance(45)
  expect(called).toEqual(['after 10 and 5 at 15', 'every 20 at 20', 'after 30 at 30', 'every 20 at 40'])
  expect(clock.now()).toBe(45)
})

test('what was disposed of is not called, and no longer waits', () => {
  const clock = new FakeClock(0)
  const called: string[] = []
  const timer = clock.every(10, () => {
    called.push('once')
    timer[Symbol.dispose]()
  })
  clock.after(5, () => called.push('never'))[Symbol.dispose]()
  clock.advance(100)
  expect(called).toEqual(['once'])
  expect(clock.waiting).toBe(0)
})
