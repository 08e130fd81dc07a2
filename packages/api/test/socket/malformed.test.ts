import { connect } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isServed, query, rawClient, refusedUpgrade } from './clients.ts'
import { startServer } from './fixture.ts'

const id = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constant(null), fc.anything())
const paths = ['whoAmI', 'echo', 'nothing', 'stream', 'wait', 'break', 'refuse', 'fail', 'nope', '__proto__']
const nearlyMessage = fc.record(
  {
    id,
    jsonrpc: fc.constantFrom('2.0', '1.0', 2),
    method: fc.constantFrom(
      'query',
      'mutation',
      'subscription',
      'subscription.stop',
      'connectionParams',
      'x',
    ),
    params: fc.oneof(
      fc.record(
        {
          path: fc.oneof(fc.constantFrom(...paths), fc.string()),
          input: fc.jsonValue(),
          lastEventId: fc.string(),
        },
        { requiredKeys: [] },
      ),
      fc.jsonValue(),
    ),
  },
  { requiredKeys: [] },
)
const frame = fc.oneof(
  fc.string().map((text) => text),
  fc.json(),
  nearlyMessage.map((message) => JSON.stringify(message)),
  fc.array(nearlyMessage, { maxLength: 25 }).map((batch) => JSON.stringify(batch)),
  fc.uint8Array({ maxLength: 300 }),
)

test('P9: whatever frames come, the connection stays open and is answered, and so are others', async () => {
  await using server = await startServer()
  using other = await rawClient(server, 'bob')
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 10 }), async (frames) => {
      using client = await rawClient(server)
      for (const data of frames) client.socket.send(data)
      client.send(query('the last', 'echo', 'yes'))
      for (;;) {
        const answer = (await client.next()) as { id?: unknown; result?: unknown; error?: unknown } | string
        if (answer === 'PONG') continue
        if (typeof answer === 'string') throw new Error(`An answer that is no message: ${answer}`)
        expect('result' in answer || 'error' in answer).toBe(true)
        if (answer.id === 'the last') break
      }
      expect(await isServed(other)).toBe(true)
    }),
    { numRuns: 300 },
  )
  const defects = server.failures.filter(({ error }) => error.code === 'INTERNAL_SERVER_ERROR')
  expect(defects.every(({ path }) => path === 'fail')).toBe(true)
})

test('P9: whatever bytes come in place of frames, others are served', async () => {
  await using server = await startServer()
  using other = await rawClient(server, 'bob')
  const upgrade =
    'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
  const chunk = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    // Heads of frames: any opcode and flags, any length.
    fc
      .tuple(
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 0, max: 255 }),
        fc.uint8Array({ maxLength: 30 }),
      )
      .map(([first, second, rest]) => Uint8Array.from([first, second, ...rest])),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(chunk, { maxLength: 8 }), async (chunks) => {
      const socket = connect(server.port, '127.0.0.1')
      socket.on('error', () => {})
      socket.write(upgrade)
      for (const bytes of chunks) socket.write(bytes)
      expect(await isServed(other)).toBe(true)
      socket.destroy()
    }),
    { numRuns: 300 },
  )
  while (server.sockets.stats().connections > 1) await isServed(other)
  expect(await isServed(other)).toBe(true)
})

test('P9: a message without an id, or with one that cannot be an id, is refused by name', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  const params = { path: 'whoAmI' }
  const bad = [
    { method: 'query', params },
    { id: null, method: 'query', params },
    { id: {}, method: 'query', params },
    { id: 'x'.repeat(65), method: 'query', params },
  ]
  for (const message of bad) {
    client.send(message)
    expect(await client.next()).toMatchObject({
      id: null,
      error: { data: { refusal: { kind: 'invalid-input' } } },
    })
  }
  client.send({ id: 5, method: 'guess', params }, { id: 6, method: 'query' }, [
    { id: 7, method: 'query', params: {} },
    query(8, 'whoAmI'),
  ])
  const answers = await client.nexts(4)
  expect(answers).toMatchObject([
    { id: 5, error: {} },
    { id: 6, error: {} },
    { id: 7, error: {} },
    { id: 8, result: {} },
  ])
  client.socket.send('{"id":1')
  client.socket.send(Buffer.from('{"id":1}'))
  client.socket.send('7')
  expect(await client.nexts(3)).toMatchObject([{ id: null }, { id: null }, { id: null }])
  expect(await isServed(client)).toBe(true)
})

test('text that is not UTF-8 ends the connection with 1007', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  client.socket.send(Buffer.from([0x22, 0xff, 0x22]), { binary: false })
  expect(await client.closed).toMatchObject({ code: 1007 })
  expect(server.sockets.stats().refusals.protocol).toBe(1)
})

test('an upgrade that is no WebSocket handshake is refused', async () => {
  await using server = await startServer()
  using other = await rawClient(server)
  const socket = connect(server.port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n')
  const chunks: Buffer[] = []
  for await (const part of socket) chunks.push(part)
  expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1.1 400 /)
  expect(await isServed(other)).toBe(true)
})

test('defects of who composes the server take nothing down', async () => {
  const warnings: string[] = []
  const warn = (warning: Error) => warnings.push(warning.message)
  process.on('warning', warn)
  await using server = await startServer({
    allowedOrigins: () => {
      throw new Error('no origins')
    },
    onError: () => {
      throw new Error('no log')
    },
  })
  using client = await rawClient(server)
  await expect(refusedUpgrade(server, { origin: 'https://parley.example' })).rejects.toThrow('socket hang up')
  client.send(query(1, 'fail', 'x'))
  expect(await client.next()).toMatchObject({ id: 1, error: {} })
  expect(await isServed(client)).toBe(true)
  process.off('warning', warn)
  expect(warnings).toEqual(['no log', 'no log'])
})
