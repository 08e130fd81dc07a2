import { Turns } from '@parley/server/files/turns'
import { expect, test } from 'vitest'

test('turns for a key come one at a time and in the order of asking', async () => {
  const turns = new Turns()
  const order: number[] = []
  await Promise.all(
    [1, 2, 3].map(async (number) => {
      using _ = await turns.take('key')
      order.push(number)
      await new Promise(setImmediate)
      order.push(number)
    }),
  )
  expect(order).toEqual([1, 1, 2, 2, 3, 3])
})

test('turns for other keys do not wait', async () => {
  const turns = new Turns()
  using _ = await turns.take('one')
  using other = await turns.take('other')
  expect(other).toBeDefined()
})

test('who holds a turn is told when another wants it, also when that one came before it began', async () => {
  const turns = new Turns()
  const told: string[] = []
  const first = await turns.take('key', () => told.push('first'))
  expect(told).toEqual([])
  const second = turns.take('key', () => told.push('second'))
  expect(told).toEqual(['first'])
  const third = turns.take('key', () => told.push('third'))
  first[Symbol.dispose]()
  const turn = await second
  expect(told).toEqual(['first', 'first', 'second'])
  turn[Symbol.dispose]()
  const last = await third
  expect(told).toEqual(['first', 'first', 'second'])
  last[Symbol.dispose]()
})

test('a turn is tried without waiting, and disposing of it twice frees nobody else’s', async () => {
  const turns = new Turns()
  const first = turns.tryTake('key')
  expect(first).not.toBeNull()
  expect(turns.tryTake('key')).toBeNull()
  first?.[Symbol.dispose]()
  const second = turns.tryTake('key')
  expect(second).not.toBeNull()
  first?.[Symbol.dispose]()
  expect(turns.tryTake('key')).toBeNull()
})
