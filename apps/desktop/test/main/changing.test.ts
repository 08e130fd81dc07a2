import { expect, test } from 'vitest'
import { Changing } from '../../src/main/changing.ts'

test('who watches gets the value now, and then each change', async () => {
  const value = new Changing('a')
  const watched = value.watch(undefined)
  expect(await watched.next()).toEqual({ done: false, value: 'a' })
  const next = watched.next()
  value.set('b')
  expect(await next).toEqual({ done: false, value: 'b' })
})

test('P5: who reads slowly skips to the newest', async () => {
  const value = new Changing(0)
  const watched = value.watch(undefined)
  await watched.next()
  for (let change = 1; change <= 1_000; change += 1) value.set(change)
  expect(await watched.next()).toEqual({ done: false, value: 1_000 })
})

test('who stops is let go of', async () => {
  const value = new Changing(0)
  const stopping = new AbortController()
  const watched = value.watch(stopping.signal)
  await watched.next()
  const next = watched.next()
  stopping.abort()
  expect(await next).toEqual({ done: true, value: undefined })
})
