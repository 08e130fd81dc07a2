import { ParleyError } from '@parley/client/parley-error'
import { Position, SessionId } from '@parley/domain/ids'
import type { Followed } from '@parley/sync/ports'
import { gathered } from '@parley/sync/sealing/gathering'
import { expect, test } from 'vitest'

const sessionId = SessionId.parse('s'.repeat(16))
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve))
const entriesAt = (position: number): Followed => ({
  kind: 'entries',
  entries: [{ position: Position.parse(position), kind: 'session-ended', sessionId }],
  cursor: Position.parse(position),
})
const liveAt = (position: number): Followed => ({ kind: 'live', cursor: Position.parse(position) })

const positionsOf = (event: Followed | undefined) =>
  event?.kind === 'entries' ? event.entries.map(({ position }) => position) : event?.kind

async function* waiting(...events: readonly Followed[]) {
  yield* events
}

async function all(events: AsyncIterable<Followed>) {
  const found: Followed[] = []
  for await (const event of gathered(events, breathe)) found.push(event)
  return found
}

test('S74, P5: of what was missed at most eight events that are here come together, in order', async () => {
  const missed = Array.from({ length: 11 }, (_, at) => entriesAt(at + 1))
  const found = await all(waiting(...missed, liveAt(11)))
  expect(found.map(positionsOf)).toEqual([[1, 2, 3, 4, 5, 6, 7, 8], [9, 10, 11], 'live'])
  expect(found.map(({ cursor }) => cursor)).toEqual([8, 11, 11])
})

test('S74: what happens once everything has come is brought as it comes', async () => {
  const found = await all(waiting(liveAt(1), entriesAt(2), entriesAt(3)))
  expect(found.map(positionsOf)).toEqual(['live', [2], [3]])
})

test('S74: nothing waits for what is not here yet', async () => {
  const later = Promise.withResolvers<void>()
  async function* slow() {
    yield entriesAt(1)
    await later.promise
    yield entriesAt(2)
  }
  const events = gathered(slow(), breathe)
  expect(positionsOf((await events.next()).value ?? undefined)).toEqual([1])
  later.resolve()
  expect(positionsOf((await events.next()).value ?? undefined)).toEqual([2])
  expect((await events.next()).done).toBe(true)
})

test('P4: what came before the stream broke is brought before it is told that it broke', async () => {
  async function* breaking() {
    yield entriesAt(1)
    yield entriesAt(2)
    throw new ParleyError('unreachable', 'Gone.')
  }
  const events = gathered(breaking(), breathe)
  expect(positionsOf((await events.next()).value ?? undefined)).toEqual([1, 2])
  await expect(events.next()).rejects.toThrow('Gone.')
})
