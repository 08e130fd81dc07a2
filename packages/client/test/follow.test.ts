import { type Randomness, withRandomness } from '@parley/testkit/randomness'
import { describe, expect, test } from 'vitest'
import type { Followed } from '../src/follow.ts'
import { followBufferCharsHard, followBufferCharsLow, retryFirstMsMax } from '../src/limits.ts'
import { type Peer, scriptedServer } from './scripted-server.ts'
import { type Stage, clientOf, errorOf } from './stage.ts'

/** Entries at these positions; what else is in them is nothing to who only passes them on. */
const entriesAt = (...positions: number[]) => ({
  kind: 'entries',
  entries: positions.map((position) => ({ position, kind: 'message' })),
})

const positionsOf = (event: Followed | void) =>
  event?.kind === 'entries' ? event.entries.map((entry): number => entry.position) : []

async function read(events: AsyncGenerator<Followed, void>): Promise<Followed> {
  const { value } = await events.next()
  if (!value) throw new Error('The stream has ended')
  return value
}

/** Gives the client its next connection, whatever that takes. */
async function comeBack({ states, clock }: Stage): Promise<void> {
  const { nextTryAt } = await states.next('waiting')
  clock.advance(nextTryAt - clock.now())
}

async function followed(peer: Peer): Promise<{ id: number; input: unknown }> {
  const said = await peer.next()
  expect(said).toMatchObject({ method: 'subscription', params: { path: 'stream.follow' } })
  return { id: said.id, input: said.params?.input }
}

describe('following', () => {
  test('P4: it starts from the cursor, and each event says where its reader then stands', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const events = stage.client.follow({ cursor: 7, logId: 'log-1' })
    const first = read(events)
    const peer = await server.peer()
    const { id, input } = await followed(peer)
    expect(input).toEqual({ cursor: 7, logId: 'log-1' })
    peer.say({ id, result: { type: 'started' } })
    peer.event(id, 9, entriesAt(8, 9))
    peer.event(id, 9, { kind: 'live' })
    expect(await first).toEqual({ ...entriesAt(8, 9), cursor: 9 })
    expect(await read(events)).toEqual({ kind: 'live', cursor: 9 })
    await events.return()
    expect(await peer.next()).toEqual({ id, method: 'subscription.stop' })
  })

  test('P4: after the connection broke it goes on behind the last event that came', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const events = stage.client.follow({ cursor: 0, logId: 'log-1' })
    const reading = read(events)
    const first = await server.peer()
    const { id } = await followed(first)
    first.event(id, 3, entriesAt(1, 3))
    // Nobody has read this one when the connection breaks, and it is not asked for again.
    first.event(id, 5, entriesAt(5))
    await reading
    first.cut()
    await comeBack(stage)
    const second = await server.peer()
    const resumed = await followed(second)
    expect(resumed.input).toEqual({ cursor: 5, logId: 'log-1' })
    second.event(resumed.id, 6, entriesAt(6))
    expect(positionsOf(await read(events))).toEqual([5])
    expect(positionsOf(await read(events))).toEqual([6])
  })

  test('P4: what a server says twice is passed on once', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const events = stage.client.follow({ cursor: 2 })
    const reading = read(events)
    const peer = await server.peer()
    const { id } = await followed(peer)
    peer.event(id, 3, entriesAt(1, 2, 3))
    peer.event(id, 3, entriesAt(2, 3))
    peer.event(id, 4, entriesAt(3, 4))
    expect(positionsOf(await reading)).toEqual([3])
    const next = await read(events)
    expect([positionsOf(next), next.cursor]).toEqual([[4], 4])
  })

  test('P4: resync is handed out, and is the end', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const events = stage.client.follow({ cursor: 2 })
    const reading = read(events)
    const peer = await server.peer()
    const { id } = await followed(peer)
    peer.event(id, 2, { kind: 'resync', reason: 'log-too-short' })
    // Whatever the server says of its end: the reader knows what to do.
    peer.fail(id)
    expect(await reading).toEqual({ kind: 'resync', reason: 'log-too-short', cursor: 2 })
    expect(await events.next()).toEqual({ done: true, value: undefined })
    expect(stage.client.state.kind).toBe('online')
  })

  test('a reader that leaves its loop ends the subscription', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const left = (async () => {
      for await (const event of stage.client.follow({ cursor: 0 })) if (event.kind === 'live') break
    })()
    const peer = await server.peer()
    const { id } = await followed(peer)
    peer.event(id, 0, { kind: 'live' })
    await left
    expect(await peer.next()).toEqual({ id, method: 'subscription.stop' })
  })

  test.each(['before it is read', 'while it waits'])(
    'the signal ends it %s, without an error',
    async (when) => {
      await using server = await scriptedServer()
      await using stage = clientOf(server)
      const leaving = new AbortController()
      if (when === 'before it is read') leaving.abort()
      const events = stage.client.follow({ cursor: 0, signal: leaving.signal })
      const reading = events.next()
      leaving.abort()
      expect(await reading).toEqual({ done: true, value: undefined })
      const peer = await server.peer()
      await stage.states.next('online')
      expect(peer.unread).toBe(0)
    },
  )

  test('closing the client ends it, without an error', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const reading = stage.client.follow({ cursor: 0 }).next()
    await followed(await server.peer())
    await stage.client.close()
    expect(await reading).toEqual({ done: true, value: undefined })
    expect((await stage.client.follow({ cursor: 0 }).next()).done).toBe(true)
  })

  test('P6: an ended session ends it with that error, after what had come before', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const events = stage.client.follow({ cursor: 0 })
    const reading = read(events)
    const peer = await server.peer()
    const { id } = await followed(peer)
    peer.event(id, 1, entriesAt(1))
    peer.event(id, 2, entriesAt(2))
    peer.close(4401, 'session ended')
    expect(positionsOf(await reading)).toEqual([1])
    await stage.states.next('refused')
    expect(positionsOf(await read(events))).toEqual([2])
    expect((await errorOf(events.next())).kind).toBe('signed-out')
    expect((await errorOf(stage.client.follow({ cursor: 2 }).next())).kind).toBe('signed-out')
    expect(stage.clock.waiting).toBe(0)
  })

  test('a stream that failed on the server is taken up again after a wait, on the same connection', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const events = stage.client.follow({ cursor: 0 })
    const reading = read(events)
    const peer = await server.peer()
    const first = await followed(peer)
    peer.event(first.id, 4, entriesAt(4))
    peer.fail(first.id)
    await reading
    // What is asked after it is answered after it: the failure has come when the answer has.
    const asked = stage.client.api.account.me.query()
    peer.answer((await peer.next()).id, null)
    await asked
    stage.clock.advance(retryFirstMsMax / 2 - 1)
    expect(peer.unread).toBe(0)
    stage.clock.advance(1)
    expect((await followed(peer)).input).toEqual({ cursor: 4 })
    expect(server.count).toBe(1)
  })

  test('a refusal of the stream ends it with that error', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const reading = errorOf(stage.client.follow({ cursor: 0.5 }).next())
    const peer = await server.peer()
    const { id } = await followed(peer)
    peer.refuse(id, 'invalid-input', { field: 'cursor' })
    expect(await reading).toMatchObject({ kind: 'invalid-input', field: 'cursor' })
  })

  test('an event that cannot be read ends it, rather than being left out', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const reading = errorOf(stage.client.follow({ cursor: 0 }).next())
    const peer = await server.peer()
    const { id } = await followed(peer)
    peer.say({ id, result: { type: 'data', data: { kind: 'live' } } })
    expect((await reading).kind).toBe('not-understood')
  })
})

describe('a reader that is slow', () => {
  const text = 'x'.repeat(100_000)
  const large = (position: number) => ({ kind: 'entries', entries: [{ position, kind: 'message', text }] })

  /** Once there is more than is kept: at the wish to stop, and with all that was sent by then received. */
  async function overfull(sent: number) {
    const server = await scriptedServer()
    const stage = clientOf(server)
    const events = stage.client.follow({ cursor: 0 })
    const seen: number[] = []
    const take = async (count: number) => {
      while (seen.length < count) seen.push(...positionsOf(await read(events)))
    }
    const first = take(1)
    const peer = await server.peer()
    const { id } = await followed(peer)
    for (let position = 1; position <= sent; position++) peer.event(id, position, large(position))
    await first
    expect(await peer.next()).toEqual({ id, method: 'subscription.stop' })
    const asked = stage.client.api.account.me.query()
    peer.answer((await peer.next()).id, null)
    await asked
    const close = async () => {
      await stage[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    }
    return { peer, id, seen, take, [Symbol.asyncDispose]: close }
  }
  const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

  test('P5: what was on its way when it had enough is kept, and nothing is sent to it twice', async () => {
    await using reader = await overfull(40)
    const { peer, id, seen, take } = reader
    peer.event(id, 41, large(41))
    peer.say({ id, result: { type: 'stopped' } })
    await take(41 - followBufferCharsLow / text.length)
    expect(peer.unread).toBe(0)
    await take(41)
    const resumed = await followed(peer)
    expect(resumed.input).toEqual({ cursor: 41 })
    peer.event(resumed.id, 42, large(42))
    await take(42)
    expect(seen).toEqual(upTo(42))
  })

  test('P5: it goes on only once the server has stopped, also where all is read by then', async () => {
    await using reader = await overfull(20)
    const { peer, id, seen, take } = reader
    await take(20)
    peer.event(id, 21, large(21))
    await take(21)
    expect(peer.unread).toBe(0)
    peer.say({ id, result: { type: 'stopped' } })
    expect((await followed(peer)).input).toEqual({ cursor: 21 })
    expect(seen).toEqual(upTo(21))
  })

  test('P5: of a server that does not stop no more is kept than the bound, and all comes once, in order', async () => {
    const kept = Math.ceil(followBufferCharsHard / text.length)
    await using reader = await overfull(kept + 20)
    const { peer, seen, take } = reader
    await take(kept - 1)
    const resumed = await followed(peer)
    const { cursor } = resumed.input as { cursor: number }
    expect(cursor).toBeGreaterThanOrEqual(kept - 1)
    expect(cursor).toBeLessThanOrEqual(kept + 1)
    for (let position = cursor + 1; position <= cursor + 5; position++)
      peer.event(resumed.id, position, large(position))
    await take(cursor + 5)
    expect(seen).toEqual(upTo(cursor + 5))
  })

  test('P5: it is not subscribed by a reconnect before it has read', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const events = stage.client.follow({ cursor: 0 })
    const reading = read(events)
    const first = await server.peer()
    const { id } = await followed(first)
    for (let position = 1; position <= 20; position++) first.event(id, position, large(position))
    await reading
    expect(await first.next()).toEqual({ id, method: 'subscription.stop' })
    first.cut()
    await comeBack(stage)
    const second = await server.peer()
    await stage.states.next('online')
    const asked = stage.client.api.account.me.query()
    const said = await second.next()
    expect([said.method, second.unread]).toEqual(['query', 0])
    second.answer(said.id, null)
    await asked
  })
})

/** Serves a log of `length` entries to whoever follows, and breaks the connection, stops or repeats itself at random. */
async function serveBadly(peer: Peer, length: number, random: Randomness): Promise<void> {
  let { id, input } = await followed(peer)
  for (;;) {
    const cursor = typeof input === 'object' && input !== null && 'cursor' in input ? Number(input.cursor) : 0
    // A server may begin too early, and say things again.
    let at = Math.max(0, cursor - (random.chance(0.3) ? random.int(0, 5) : 0))
    for (let events = random.int(0, 6); events > 0 && at < length; events--) {
      const from = random.chance(0.2) ? Math.max(0, at - random.int(0, 3)) : at
      const to = Math.min(length, at + random.int(1, 7))
      peer.event(id, to, entriesAt(...Array.from({ length: to - from }, (_, index) => from + 1 + index)))
      if (random.chance(0.2)) peer.event(id, to, { kind: 'live' })
      at = to
    }
    if (at >= length || random.chance(0.5)) break
    peer.fail(id)
    ;({ id, input } = await followed(peer))
  }
  if (random.chance(0.5)) peer.cut()
  else peer.close(1012, 'restart; retry-after-ms=10')
}

test('P4: whatever the connection goes through, each entry comes once and in order', () =>
  withRandomness(async (random) => {
    await using server = await scriptedServer()
    await using stage = clientOf(server, { random: () => random.next() })
    const length = 300
    const serving = (async () => {
      for (;;) await serveBadly(await server.peer(), length, random)
    })()
    serving.catch((error: unknown) => console.error(error))
    const seen: number[] = []
    const reading = (async () => {
      for await (const event of stage.client.follow({ cursor: 0 })) {
        seen.push(...positionsOf(event))
        if (seen.at(-1) === length) return 'read'
      }
      return 'ended'
    })()
    // Time goes on as soon as something waits for it.
    const living = setInterval(() => stage.clock.advance(50), 1)
    expect(await reading).toBe('read')
    clearInterval(living)
    expect(seen).toEqual(Array.from({ length }, (_, index) => index + 1))
  }))
