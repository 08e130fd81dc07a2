import { pingMs } from '@parley/domain/limits'
import { expect, test } from 'vitest'
import { isServed, query, rawClient, refusedUpgrade, stockClient, subscription } from './clients.ts'
import { sessionOf, startServer } from './fixture.ts'

test('P6: ending a session closes all its connections with 4401, and none of another', async () => {
  await using server = await startServer()
  using one = await rawClient(server, 'alice')
  using two = await rawClient(server, 'alice')
  using other = await rawClient(server, 'bob')
  for (const client of [one, two, other]) {
    client.send(subscription(1, 'stream'), query(2, 'hold', 'gate'))
    expect(await client.next()).toMatchObject({ result: { type: 'started' } })
  }
  expect(server.sockets.endSession(sessionOf('alice'))).toBe(2)
  server.stage.stream.emit({ n: 1 })
  server.stage.gates.at('gate').resolve()
  for (const client of [one, two]) {
    expect(await client.closed).toEqual({ code: 4401, reason: 'session ended' })
    expect(client.unread).toEqual([])
  }
  expect(await other.nexts(2)).toHaveLength(2)
  expect(server.sockets.endSession(sessionOf('alice'))).toBe(0)
  expect(server.sockets.endSession(sessionOf('nobody'))).toBe(0)
  expect(server.sockets.stats()).toMatchObject({ subscriptions: 1, refusals: { 'session-ended': 2 } })
})

test('P6: a call that ends the own session is answered before the connection is closed with 4401, and nothing else is sent', async () => {
  await using server = await startServer({ lastCalls: new Set(['hold']) })
  using leaving = await rawClient(server, 'alice')
  using other = await rawClient(server, 'alice')
  using witness = await rawClient(server, 'bob')
  leaving.send(subscription(1, 'stream'), query(2, 'holdBeside', 'beside'), query(3, 'hold', 'last'))
  other.send(query(4, 'holdBeside', 'beside'))
  expect(await leaving.next()).toMatchObject({ result: { type: 'started' } })
  while (server.stage.held < 3) await isServed(witness)
  expect(server.sockets.endSession(sessionOf('alice'))).toBe(2)
  expect(await other.closed).toEqual({ code: 4401, reason: 'session ended' })
  server.stage.stream.emit({ n: 1 })
  leaving.send(query(5, 'whoAmI'))
  server.stage.gates.at('beside').resolve()
  for (let times = 0; times < 3; times += 1) await isServed(witness)
  server.stage.gates.at('last').resolve()
  expect(await leaving.next()).toEqual({ id: 3, result: { type: 'data', data: 'last' } })
  expect(await leaving.closed).toEqual({ code: 4401, reason: 'session ended' })
  expect([...leaving.unread, ...other.unread]).toEqual([])
  expect(server.sockets.stats()).toMatchObject({ subscriptions: 0, callsInFlight: 0 })
})

test('a connection that is not being read closes as well as any', async () => {
  await using server = await startServer({
    limits: { callsInFlightPerConnectionMax: 1, closeWaitMs: 600_000 },
  })
  using other = await rawClient(server, 'bob')
  using client = await rawClient(server)
  client.send(query(1, 'hold', 'gate'), query(2, 'echo', 1))
  while (server.stage.held === 0) await isServed(other)
  server.sockets.endSession(sessionOf('alice'))
  expect(await client.closed).toMatchObject({ code: 4401 })
  while (server.sockets.stats().connections > 1) await isServed(other)
  expect(client.unread).toEqual([])
  server.stage.gates.at('gate').resolve()
})

test('a server that stops answers what is under way, tells clients to come back later, and lets nobody in', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  using idle = await rawClient(server, 'bob')
  client.send(subscription(1, 'stream'), query(2, 'hold', 'gate'))
  await client.next()
  while (server.stage.held === 0) await isServed(idle)
  const closing = server.sockets.close({ reconnectHintMs: 1_000 })
  expect(await client.next()).toEqual({ id: null, method: 'reconnect' })
  client.send(query(3, 'whoAmI'))
  expect(await refusedUpgrade(server)).toBe(503)
  server.stage.gates.at('gate').resolve()
  expect(await client.next()).toEqual({ id: 2, result: { type: 'data', data: 'gate' } })
  const closed = { code: 1012, reason: 'restart; retry-after-ms=500' }
  expect(await client.closed).toEqual(closed)
  expect(client.unread).toEqual([])
  expect(await idle.closed).toEqual(closed)
  await closing
  expect(server.sockets.stats()).toMatchObject({ connections: 0, subscriptions: 0 })
})

test('a server that stops waits neither for a call that hangs nor for a client that does not close', async () => {
  await using server = await startServer({ limits: { closeWaitMs: 600_000 } })
  using client = await rawClient(server)
  client.send(query(1, 'hold', 'never'))
  await client.saidBefore()
  const closing = server.sockets.close({ reconnectHintMs: 0 })
  await client.next()
  client.socket.pause()
  server.clock.advance(5_000)
  await Promise.resolve()
  server.clock.advance(600_000)
  await closing
  expect(server.sockets.stats().connections).toBe(0)
  server.stage.gates.at('never').resolve()
})

test('the stock client comes back to a server that takes the place of one that stopped', async () => {
  await using former = await startServer()
  let port = former.port
  await using client = stockClient(former, 'alice', { url: () => `ws://127.0.0.1:${port}/` })
  const numbers: number[] = []
  const events = Promise.withResolvers<void>()
  client.trpc.stream.subscribe(
    {},
    {
      onData: ({ data }) => {
        numbers.push(data.n)
        if (numbers.length === 2) events.resolve()
      },
    },
  )
  while (former.stage.stream.sinks.size === 0) await client.trpc.whoAmI.query()
  former.stage.stream.emit({ n: 1 })
  await client.trpc.whoAmI.query()
  await using later = await startServer()
  port = later.port
  await former.sockets.close({ reconnectHintMs: 0 })
  while (later.stage.stream.sinks.size === 0) await client.trpc.whoAmI.query()
  later.stage.stream.emit({ n: 2 })
  await events.promise
  expect(numbers).toEqual([1, 2])
})

test('stopping twice is stopping once, and no timer is left', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  expect(server.clock.waiting).toBe(1)
  const first = server.sockets.close({ reconnectHintMs: 0 })
  expect(server.sockets.close({ reconnectHintMs: 0 })).toBe(first)
  await first
  await client.closed
  expect(server.clock.waiting).toBe(0)
})

test('connections that are gone are forgotten', async () => {
  await using server = await startServer()
  using other = await rawClient(server, 'bob')
  for (let n = 0; n < 5; n++) {
    using client = await rawClient(server)
    client.send(subscription(1, 'stream'))
    await client.next()
  }
  while (server.sockets.stats().connections > 1) await isServed(other)
  server.clock.advance(pingMs)
  expect(server.sockets.endSession(sessionOf('alice'))).toBe(0)
  expect(server.stage.stream.sinks.size).toBe(0)
  expect(server.sockets.stats()).toMatchObject({ connections: 1, subscriptions: 0, callsInFlight: 0 })
})
