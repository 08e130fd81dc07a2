import { once } from 'node:events'
import { connect } from 'node:net'
import { frameBytesMax, pingMs, pongWaitMs } from '@parley/domain/limits'
import { expect, test } from 'vitest'
import { isServed, query, rawClient, refusedUpgrade, stockClient, stop, subscription } from './clients.ts'
import { startServer } from './fixture.ts'

test('a page of a foreign origin is refused with 403, one of an allowed origin and a tool are let in', async () => {
  await using server = await startServer()
  expect(await refusedUpgrade(server, { origin: 'https://evil.example' })).toBe(403)
  expect(await refusedUpgrade(server, { origin: 'null' })).toBe(403)
  const old = { protocolVersion: 8, origin: 'https://evil.example' }
  expect(await refusedUpgrade(server, old)).toBe(403)
  using page = await rawClient(server, 'alice', { origin: 'https://parley.example' })
  using tool = await rawClient(server, 'bob')
  expect(await isServed(page)).toBe(true)
  expect(await isServed(tool)).toBe(true)
  expect(server.sockets.stats().refusals.origin).toBe(3)
})

test('who is not authenticated after 5 seconds is cut off with 4408, who is stays', async () => {
  await using server = await startServer()
  using signedIn = await rawClient(server, 'alice')
  using stranger = await rawClient(server, null)
  using silent = await rawClient(server, null, { path: '/?connectionParams=1' })
  expect(await isServed(stranger)).toBe(true)
  server.clock.advance(4_900)
  expect(await isServed(stranger)).toBe(true)
  server.clock.advance(350)
  const closed = { code: 4408, reason: 'not authenticated in time' }
  expect(await stranger.closed).toEqual(closed)
  expect(await silent.closed).toEqual(closed)
  expect(await isServed(signedIn)).toBe(true)
  expect(server.sockets.stats().refusals.unauthenticated).toBe(2)
})

test('a context that is not made in 5 seconds counts as not authenticated', async () => {
  const never = Promise.withResolvers<never>()
  await using server = await startServer({ createContext: () => never.promise })
  using client = await rawClient(server)
  server.clock.advance(5_250)
  expect(await client.closed).toMatchObject({ code: 4408 })
  never.reject(new Error('too late'))
})

test('a frame over 256 KiB is cut off with 1009, one of just that size is read', async () => {
  await using server = await startServer()
  using other = await rawClient(server)
  using client = await rawClient(server)
  const around = JSON.stringify(query(1, 'echo', '')).length
  client.send(query(1, 'echo', 'x'.repeat(frameBytesMax - around)))
  expect(await client.next()).toMatchObject({ id: 1, result: {} })
  client.send(query(2, 'echo', 'x'.repeat(frameBytesMax - around + 1)))
  expect(await client.closed).toMatchObject({ code: 1009 })
  expect(await isServed(other)).toBe(true)
  expect(server.sockets.stats().refusals['frame-too-large']).toBe(1)
})

test('fragments count together', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  for (let n = 0; n < 5; n++) client.socket.send(' '.repeat(frameBytesMax / 4), { fin: false })
  expect(await client.closed).toMatchObject({ code: 1009 })
})

test('a frame in thousands of pieces is cut off, whatever its size', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  for (let n = 0; n < 3_000; n++) client.socket.send(' ', { fin: false })
  expect(await client.closed).toMatchObject({ code: 1008 })
  expect(server.sockets.stats().refusals.protocol).toBe(1)
})

test('a 65th subscription is refused, and there is room again when one has ended', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  using other = await rawClient(server)
  for (let id = 1; id <= 64; id++) client.send(subscription(id, 'stream'))
  await client.nexts(64)
  client.send(subscription(65, 'stream'))
  expect(await client.next()).toMatchObject({ id: 65, error: { data: { refusal: { kind: 'too-many' } } } })
  client.send(stop(3), subscription(65, 'stream'))
  expect(await client.nexts(2)).toEqual([
    { id: 3, result: { type: 'stopped' } },
    { id: 65, result: { type: 'started' } },
  ])
  expect(server.sockets.stats()).toMatchObject({ subscriptions: 64, refusals: { 'subscriptions-full': 1 } })
  expect(await isServed(other)).toBe(true)
})

test('a batch of 20 calls is answered, in one of 21 each call is refused', async () => {
  await using server = await startServer()
  await using stock = stockClient(server)
  const calls = (count: number) => Array.from({ length: count }, (_, n) => stock.trpc.echo.query(n))
  await stock.trpc.whoAmI.query()
  expect(await Promise.all(calls(20))).toHaveLength(20)
  const refused = await Promise.allSettled(calls(21))
  for (const answer of refused) {
    expect(answer).toMatchObject({ status: 'rejected', reason: { data: { refusal: { kind: 'too-many' } } } })
  }
  using client = await rawClient(server)
  client.send(Array.from({ length: 21 }, () => stop(1)))
  expect(await client.nexts(21)).toMatchObject(Array.from({ length: 21 }, () => ({ id: 1, error: {} })))
  client.send(Array.from({ length: 21 }, () => 7))
  expect(await client.next()).toMatchObject({ id: null, error: { data: { refusal: { kind: 'too-many' } } } })
  expect(await isServed(client)).toBe(true)
})

test('a batch of thousands is refused to each call and told of once, and nobody waits for it', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  using other = await rawClient(server)
  client.send(Array.from({ length: 10_000 }, (_, id) => ({ id })))
  expect(await isServed(other)).toBe(true)
  const refused = await client.nexts(10_000)
  expect(refused.at(-1)).toMatchObject({ id: 9_999, error: { data: { refusal: { kind: 'too-many' } } } })
  expect(server.failures).toHaveLength(1)
})

test('a flood of messages, malformed or not, leaves turns to others', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  using other = await rawClient(server)
  const flood = ['7', '{', JSON.stringify(stop(1)), JSON.stringify(query(1, 'echo'))]
  for (let n = 0; n < 2_000; n++) client.socket.send(flood[n % flood.length] ?? '')
  client.socket.send('PING')
  let servedMeanwhile = 0
  const done = (async () => {
    for (let message = await client.next(); message !== 'PONG'; message = await client.next());
    return true
  })()
  let isDone = false
  void done.then(() => (isDone = true))
  while (!isDone) if (await isServed(other)) servedMeanwhile++
  expect(servedMeanwhile).toBeGreaterThan(10)
})

test('a connection has at most 128 calls under way; the others wait, and all are answered', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  using other = await rawClient(server)
  for (let batch = 0; batch < 20; batch++) {
    client.send(Array.from({ length: 20 }, (_, n) => query(batch * 20 + n, 'hold', 'gate')))
  }
  client.send(query('last', 'echo', 1))
  await isServed(other)
  while (server.stage.held < 128) await isServed(other)
  expect(await isServed(other)).toBe(true)
  expect(server.stage.held).toBe(128)
  expect(server.sockets.stats().callsInFlight).toBe(128)
  server.stage.gates.at('gate').resolve()
  const answers = await client.nexts(401)
  expect(new Set(answers.map((answer) => (answer as { id: unknown }).id)).size).toBe(401)
  expect(server.sockets.stats().callsInFlight).toBe(0)
})

test('a connection that is held is not read', async () => {
  await using server = await startServer({ limits: { callsInFlightPerConnectionMax: 1 } })
  using client = await rawClient(server)
  client.send(query(1, 'hold', 'gate'), query(2, 'echo', 'x'.repeat(200_000)))
  // Far more than the buffers of both ends take.
  const frames = 200
  for (let id = 3; id < frames; id++) client.send(query(id, 'echo', 'x'.repeat(200_000)))
  using other = await rawClient(server)
  for (let n = 0; n < 20; n++) await isServed(other)
  expect(client.socket.bufferedAmount).toBeGreaterThan(10_000_000)
  server.stage.gates.at('gate').resolve()
  expect(await client.nexts(frames - 1)).toHaveLength(frames - 1)
})

test('what waits for calls under way is begun in the order in which it came', async () => {
  await using server = await startServer({ limits: { callsInFlightPerConnectionMax: 1 } })
  using client = await rawClient(server)
  client.send([query(1, 'hold', 'gate'), query(2, 'hold', 'gate'), query(3, 'echo')], query(4, 'echo'))
  client.send([query(5, 'echo'), query(6, 'echo')])
  while (server.stage.held === 0) await new Promise(setImmediate)
  server.stage.gates.at('gate').resolve()
  const answers = await client.nexts(6)
  expect(answers.map((answer) => (answer as { id: unknown }).id)).toEqual([1, 2, 3, 4, 5, 6])
})

test('a connection that we do not read is not taken for dead', async () => {
  await using server = await startServer({ limits: { callsInFlightPerConnectionMax: 1 } })
  using client = await rawClient(server)
  using other = await rawClient(server)
  client.send(query(1, 'hold', 'gate'), query(2, 'echo', 1))
  while (server.sockets.stats().framesReceived < 2) await isServed(other)
  for (let n = 0; n < 4; n++) {
    server.clock.advance(pingMs)
    await isServed(other)
  }
  server.stage.gates.at('gate').resolve()
  expect(await client.nexts(2)).toHaveLength(2)
})

test('connections of an address, of an account and in all are counted, refused over the limit, and let in again', async () => {
  const limits = { connectionsPerAddressMax: 4, connectionsPerAccountMax: 2, connectionsMax: 5 }
  await using server = await startServer({
    limits,
    addressOf: (request) => String(request.headers['x-address'] ?? 'here'),
  })
  using first = await rawClient(server, 'alice')
  using second = await rawClient(server, 'alice')
  using third = await rawClient(server, 'alice')
  expect(await third.next()).toMatchObject({ id: null, error: { data: { refusal: { kind: 'too-many' } } } })
  expect(await third.closed).toMatchObject({ code: 4429 })
  while (server.sockets.stats().connections > 2) await isServed(first)

  using fourth = await rawClient(server, 'bob')
  using fifth = await rawClient(server, 'bob')
  expect(await refusedUpgrade(server)).toBe(429)
  const elsewhere = { headers: { 'x-address': 'elsewhere' } }
  using sixth = await rawClient(server, 'carol', elsewhere)
  expect(await refusedUpgrade(server, elsewhere)).toBe(503)
  for (const client of [first, second, fourth, fifth, sixth]) expect(await isServed(client)).toBe(true)

  fifth.socket.terminate()
  while (server.sockets.stats().connections > 4) await isServed(first)
  using again = await rawClient(server, 'bob')
  expect(await isServed(again)).toBe(true)
  expect(server.sockets.stats().refusals).toMatchObject({
    'account-full': 1,
    'address-full': 1,
    'server-full': 1,
    context: 1,
  })
})

test('who does not answer a ping is cut off after 5 seconds, who does stays', async () => {
  await using server = await startServer()
  using alive = await rawClient(server, 'alice')
  using dead = await rawClient(server, 'bob', { autoPong: false })
  const pings: string[] = []
  alive.socket.on('ping', () => pings.push('alive'))
  const pinged = once(dead.socket, 'ping')
  server.clock.advance(pingMs)
  await pinged
  expect(await isServed(alive)).toBe(true)
  server.clock.advance(pongWaitMs)
  expect(await dead.closed).toMatchObject({ code: 1006 })
  expect(await isServed(alive)).toBe(true)
  expect(server.sockets.stats().refusals.silent).toBe(1)
  expect(pings).toHaveLength(2)
})

test('any frame shows life as well as a pong', async () => {
  await using server = await startServer()
  using client = await rawClient(server, 'alice', { autoPong: false })
  for (let n = 0; n < 5; n++) {
    server.clock.advance(pingMs)
    expect(await isServed(client)).toBe(true)
  }
  expect(server.sockets.stats().refusals.silent).toBe(0)
})

test('a client that floods with pings and reads nothing is cut off', async () => {
  await using server = await startServer()
  using other = await rawClient(server)
  const socket = connect(server.port, '127.0.0.1')
  socket.write(
    'GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer mallory\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  await once(socket, 'data')
  socket.pause()
  socket.on('error', () => {})
  const ping = Buffer.concat([Buffer.from([0x89, 0x80 | 125, 0, 0, 0, 0]), Buffer.alloc(125)])
  const flood = Buffer.concat(Array.from({ length: 10_000 }, () => ping))
  const more = () => {
    while (!socket.destroyed && socket.write(flood));
  }
  socket.on('drain', more)
  more()
  const [, peer] = server.peers
  if (peer !== undefined && !peer.closed) await once(peer, 'close')
  expect(await isServed(other)).toBe(true)
})
