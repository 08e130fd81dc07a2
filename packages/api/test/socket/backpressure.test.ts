import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { pingMs, pongWaitMs } from '@parley/domain/limits'
import { expect, test } from 'vitest'
import { isServed, query, rawClient, stop, subscription } from './clients.ts'
import { startServer } from './fixture.ts'
import type { TestServer } from './fixture.ts'

const mebibyte = 1024 * 1024

/** A client that speaks and does not read, until it is resumed. */
async function deafClient(server: TestServer, ...messages: unknown[]): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    'GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer deaf\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  await once(socket, 'data')
  socket.pause()
  for (const message of messages) socket.write(clientFrame(JSON.stringify(message)))
  return socket
}

/** A text frame masked with zeros, which leave it as it is. */
function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const head = Buffer.from([0x81, 0xfe, payload.length >>> 8, payload.length & 0xff, 0, 0, 0, 0])
  return Buffer.concat([head, payload])
}

test('P5: a client that asks and never reads is no longer read, and is cut off when it shows no life', async () => {
  await using server = await startServer()
  using other = await rawClient(server)
  const asked = Array.from({ length: 400 }, (_, id) => query(id, 'large', mebibyte / 4))
  const deaf = await deafClient(server, ...asked)
  while (server.sockets.stats().bufferedBytes < mebibyte / 4) await isServed(other)
  for (let n = 0; n < 50; n++) await isServed(other)
  const { bufferedBytes, callsInFlight } = server.sockets.stats()
  expect(bufferedBytes).toBeGreaterThan(mebibyte / 4)
  // As many answers as a turn begins.
  expect(bufferedBytes).toBeLessThan(6 * mebibyte)
  expect(callsInFlight).toBe(0)
  const [, peer] = server.peers
  const closed = peer === undefined ? null : once(peer, 'close')
  server.clock.advance(pingMs)
  await isServed(other)
  server.clock.advance(pongWaitMs)
  await closed
  expect(server.sockets.stats()).toMatchObject({ bufferedBytes: 0, refusals: { silent: 1 } })
  expect(await isServed(other)).toBe(true)
  deaf.destroy()
})

test('P5: answers that come one by one fill the same bound', async () => {
  await using server = await startServer()
  using other = await rawClient(server)
  const deaf = await deafClient(
    server,
    ...Array.from({ length: 2_000 }, (_, id) => query(id, 'large', 20_000)),
  )
  while (server.sockets.stats().bufferedBytes < mebibyte / 4) await isServed(other)
  for (let n = 0; n < 200; n++) await isServed(other)
  expect(server.sockets.stats().bufferedBytes).toBeLessThan(2 * mebibyte)
  deaf.destroy()
})

test('answers that a socket did not take at once arrive unharmed, whatever others are sent meanwhile', async () => {
  // One call a turn: each answer is written by itself, from the memory that all sockets share.
  await using server = await startServer({ limits: { callsPerBatchMax: 1 } })
  using other = await rawClient(server, 'bob')
  using late = await rawClient(server)
  late.socket.pause()
  const texts = Array.from({ length: 2_000 }, (_, n) => `${n} `.repeat(2_000))
  for (const [n, text] of texts.entries()) late.send(query(n, 'echo', text))
  while (server.sockets.stats().bufferedBytes < mebibyte / 4) await isServed(other)
  for (let n = 0; n < 50; n++) await isServed(other)
  late.socket.resume()
  const answers = await late.nexts(texts.length)
  expect(answers).toEqual(texts.map((echo, id) => ({ id, result: { type: 'data', data: { echo } } })))
})

test('P5: a client that holds more unread answers than the limit is cut off at once', async () => {
  await using server = await startServer({ limits: { unsentBytesMax: 2 * mebibyte } })
  using other = await rawClient(server)
  const deaf = await deafClient(
    server,
    [...Array(20).keys()].map((id) => query(id, 'large', mebibyte)),
  )
  const [, peer] = server.peers
  if (peer !== undefined && !peer.closed) await once(peer, 'close')
  expect(server.sockets.stats()).toMatchObject({ bufferedBytes: 0, refusals: { unread: 1 } })
  expect(await isServed(other)).toBe(true)
  deaf.destroy()
})

test('a client that reads late gets all answers', async () => {
  await using server = await startServer()
  using other = await rawClient(server)
  const deaf = await deafClient(
    server,
    ...Array.from({ length: 60 }, (_, id) => query(id, 'large', mebibyte / 4)),
  )
  while (server.sockets.stats().bufferedBytes < mebibyte / 4) await isServed(other)
  let bytes = 0
  const all = new Promise<void>((resolve) => {
    deaf.on('data', (chunk) => {
      bytes += chunk.length
      if (bytes >= (60 * mebibyte) / 4) resolve()
    })
  })
  deaf.resume()
  await all
  while (server.sockets.stats().bufferedBytes > 0) await isServed(other)
  expect(server.sockets.stats().connections).toBe(2)
  deaf.destroy()
})

test('a generator is pulled no faster than its client reads', async () => {
  await using server = await startServer()
  using other = await rawClient(server)
  const deaf = await deafClient(server, subscription(1, 'count', { to: 1_000, bytes: 50_000 }))
  while (server.sockets.stats().bufferedBytes < mebibyte / 4) await isServed(other)
  for (let n = 0; n < 50; n++) await isServed(other)
  const made = server.stage.counted
  expect(server.sockets.stats().bufferedBytes).toBeLessThan(mebibyte)
  expect(made).toBeLessThan(500)
  deaf.resume()
  while (server.stage.counted < 1_000) await isServed(other)
  deaf.destroy()
})

test('a generator that waits for its client to read is stopped with the connection', async () => {
  await using server = await startServer()
  using other = await rawClient(server)
  const deaf = await deafClient(server, subscription(1, 'count', { to: 1_000, bytes: 50_000 }))
  while (server.sockets.stats().bufferedBytes < mebibyte / 4) await isServed(other)
  deaf.destroy()
  while (server.stage.cleanedUp.length === 0) await isServed(other)
  expect(server.stage.counted).toBeLessThan(500)
  expect(server.failures).toEqual([])
})

test('a sink says how much its whole connection holds, and calls back when that has drained', async () => {
  await using server = await startServer()
  using other = await rawClient(server)
  const deaf = await deafClient(server, subscription(1, 'stream'))
  while (server.stage.stream.sinks.size === 0) await isServed(other)
  const [sink] = server.stage.stream.sinks
  if (sink === undefined) throw new Error('No sink')
  expect(sink.bufferedBytes()).toBeLessThan(200)
  while (sink.bufferedBytes() < mebibyte) {
    server.stage.stream.emit({ padding: 'x'.repeat(100_000) })
    await isServed(other)
  }
  const told: number[] = []
  const drained = new Promise<void>((resolve) => {
    sink.whenDrainedTo(2 * mebibyte, () => told.push(2))
    sink.whenDrainedTo(65_536, () => {
      told.push(1)
      expect(sink.bufferedBytes()).toBeLessThanOrEqual(65_536)
      resolve()
    })
  })
  expect(told).toEqual([])
  await isServed(other)
  expect(told).toEqual([2])
  deaf.resume()
  await drained
  expect(told).toEqual([2, 1])
  deaf.destroy()
})

test('a slow client that takes what it is sent is not taken for dead', async () => {
  await using server = await startServer()
  using other = await rawClient(server)
  const deaf = await deafClient(server, subscription(1, 'stream'))
  while (server.stage.stream.sinks.size === 0) await isServed(other)
  const [sink] = server.stage.stream.sinks
  if (sink === undefined) throw new Error('No sink')
  for (let n = 0; n < 4; n++) {
    while (sink.bufferedBytes() < mebibyte / 2) {
      server.stage.stream.emit({ padding: 'x'.repeat(100_000) })
      await isServed(other)
    }
    server.clock.advance(pingMs)
    const drained = new Promise<void>((resolve) => sink.whenDrainedTo(0, resolve))
    deaf.resume()
    await drained
    deaf.pause()
  }
  expect(await isServed(other)).toBe(true)
  expect(server.sockets.stats()).toMatchObject({ connections: 2, refusals: { silent: 0 } })
  deaf.destroy()
})

test('stopping frees a subscription although its client reads nothing', async () => {
  await using server = await startServer()
  using other = await rawClient(server)
  const deaf = await deafClient(server, subscription(1, 'stream'), stop(1))
  while (server.sockets.stats().framesReceived < 2) await isServed(other)
  expect(server.stage.stream.sinks.size).toBe(0)
  deaf.destroy()
})
