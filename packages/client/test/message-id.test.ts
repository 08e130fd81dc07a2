import { ClientMessageId } from '@parley/domain/ids'
import { expect, test } from 'vitest'
import { newClientMessageId } from '../src/message-id.ts'

const later = Date.now() + 1_000_000

test('a new client message id is a UUIDv7 of the time, and the server takes it', () => {
  const id = newClientMessageId(later)
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(later)
  expect(ClientMessageId.parse(id)).toBe(id)
})

test('ids sort in the order in which they were made, within a millisecond and when the clock is set back', () => {
  const times = Array.from(
    { length: 5_000 },
    (_, index) => later + 10 + (index % 3) - Math.floor(index / 1_000),
  )
  const ids = times.map((time) => newClientMessageId(time))
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
})

test('ids of two programs in the same millisecond differ by far more than a guess', () => {
  const one = newClientMessageId(later + 1_000)
  const other = newClientMessageId(later + 1_001)
  expect(one.slice(14, 23)).not.toBe(other.slice(14, 23))
  expect(one.slice(-8)).not.toBe(other.slice(-8))
})
