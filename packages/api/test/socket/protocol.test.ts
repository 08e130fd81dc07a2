import { TRPCClientError } from '@trpc/client'
import { expect, test } from 'vitest'
import { isServed, mutation, query, rawClient, stockClient, stop, subscription, textOf } from './clients.ts'
import { sessionOf, startServer } from './fixture.ts'

test('the stock client gets answers to queries and mutations, many at once', async () => {
  await using server = await startServer()
  await using client = stockClient(server)
  const answers = await Promise.all([
    client.trpc.whoAmI.query(),
    client.trpc.echo.query({ text: 'é € 😀' }),
    client.trpc.nothing.mutate(),
    client.trpc.large.query(200_000),
  ])
  expect(answers).toEqual(['alice', { echo: { text: 'é € 😀' } }, undefined, 'x'.repeat(200_000)])
})

test('a client without connection parameters is known by its Authorization header', async () => {
  await using server = await startServer()
  using client = await rawClient(server, 'bob')
  client.send(query(1, 'whoAmI'))
  expect(await client.next()).toEqual({ id: 1, result: { type: 'data', data: 'bob' } })
})

test('calls that come before the context is made wait for it, in their order', async () => {
  const context = Promise.withResolvers<void>()
  await using server = await startServer({
    createContext: async ({ connection }) => {
      await context.promise
      return { name: 'late', connection, stage: server.stage }
    },
  })
  using client = await rawClient(server)
  client.send(query(1, 'whoAmI'), [query(2, 'echo', 2), query(3, 'echo', 3)])
  client.socket.send('PING')
  context.resolve()
  expect(await client.nexts(4)).toEqual([
    'PONG',
    { id: 1, result: { type: 'data', data: 'late' } },
    { id: 2, result: { type: 'data', data: { echo: 2 } } },
    { id: 3, result: { type: 'data', data: { echo: 3 } } },
  ])
})

test('P9: a refusal reaches the stock client with its kind and field', async () => {
  await using server = await startServer()
  await using client = stockClient(server)
  const error = await client.trpc.refuse.mutate().catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(TRPCClientError)
  expect(error).toMatchObject({
    message: 'You may not',
    data: { code: 'FORBIDDEN', path: 'refuse', refusal: { kind: 'not-allowed', field: 'x' } },
  })
  expect(server.failures).toMatchObject([{ path: 'refuse', type: 'mutation', address: '127.0.0.1' }])
})

test('an answer that has no JSON, and an error that cannot be formatted, say nothing of themselves', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  client.send(query(1, 'bigInteger'), mutation(2, 'fail', 'break the formatter'))
  const answers = await client.nexts(2)
  expect(answers).toMatchObject([
    { id: 1, error: { message: 'Internal server error' } },
    { id: 2, error: { data: { code: 'INTERNAL_SERVER_ERROR' } } },
  ])
  expect(JSON.stringify(answers)).not.toContain('secret')
  expect(await isServed(client)).toBe(true)
})

test('the text of a Serialised result is what is sent', async () => {
  await using server = await startServer()
  await using client = stockClient(server)
  using raw = await rawClient(server)
  expect(await client.trpc.text.query('{ "ready" : true }')).toEqual({ ready: true })
  const texts: string[] = []
  raw.socket.on('message', (data) => texts.push(textOf(data)))
  raw.send(query(1, 'text', '{ "ready" : "é" }'))
  await raw.next()
  expect(texts).toEqual(['{"id":1,"result":{"type":"data","data":{ "ready" : "é" }}}'])
})

test('ids are given back as they came, and so is the mark of JSON-RPC', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  for (const id of [0, -1, 1.5, 1e300, '', 'a"\n😀', '1']) {
    client.send(query(id, 'echo', 1), { ...query(id, 'echo', 2), jsonrpc: '2.0' })
    expect(await client.nexts(2)).toEqual([
      { id, result: { type: 'data', data: { echo: 1 } } },
      { id, jsonrpc: '2.0', result: { type: 'data', data: { echo: 2 } } },
    ])
  }
})

test('text of any length and script arrives as it was', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  const texts = ['x', 'é', '€', '😀'].flatMap((sign) =>
    [0, 1, 29, 30, 40, 60, 61, 80, 88, 89, 120, 21_800, 21_900, 65_500, 65_600].map((length) =>
      sign.repeat(length),
    ),
  )
  for (const [n, text] of texts.entries()) {
    client.send(query(n, 'echo', text.slice(0, 80_000)))
    expect(await client.next()).toEqual({
      id: n,
      result: { type: 'data', data: { echo: text.slice(0, 80_000) } },
    })
  }
})

test('PING is answered with PONG after everything said before it', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  client.send(subscription(1, 'stream'))
  expect(await client.next()).toEqual({ id: 1, result: { type: 'started' } })
  server.stage.stream.emit({ n: 1 })
  expect(await client.saidBefore()).toHaveLength(1)
  client.socket.send('PONG')
  expect(await client.saidBefore()).toEqual([])
})

test('a query cannot answer with a stream, nor a subscription with anything else', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  client.send(query(1, 'brokenQuery'), subscription(2, 'echo'), query(3, 'stream'), query(4, 'no.such'))
  expect(await client.nexts(4)).toMatchObject([
    { id: 2, error: { data: { code: 'NOT_FOUND' } } },
    { id: 3, error: { data: { code: 'NOT_FOUND' } } },
    { id: 4, error: { data: { code: 'NOT_FOUND' } } },
    { id: 1, error: { data: { code: 'UNSUPPORTED_MEDIA_TYPE' } } },
  ])
})

test('names that every object has are no procedures', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  const paths = ['__proto__', 'constructor', 'toString', 'whoAmI.constructor', '']
  client.send(...paths.map((path, id) => query(id, path)))
  const answers = await client.nexts(paths.length)
  expect(answers).toMatchObject(paths.map((_, id) => ({ id, error: { data: { code: 'NOT_FOUND' } } })))
})

test('a context that is refused ends the connection, and says why', async () => {
  await using server = await startServer()
  using client = await rawClient(server, 'wrong')
  expect(await client.next()).toMatchObject({
    id: null,
    error: { data: { refusal: { kind: 'signed-out' } } },
  })
  expect(await client.closed).toEqual({ code: 4401, reason: 'refused' })
  expect(server.sockets.stats()).toMatchObject({ refusals: { context: 1 } })
})

test('connection parameters of the wrong shape end the connection', async () => {
  await using server = await startServer()
  for (const params of ['nonsense', '{}', '[]', 'null', '{"data":7}', '{"data":{"token":1}}']) {
    using client = await rawClient(server, null, { path: '/?connectionParams=1' })
    client.socket.send(params)
    expect(await client.next()).toMatchObject({ id: null, error: {} })
    expect(await client.closed).toMatchObject({ code: 4400 })
  }
})

test('a sign-in on an open connection makes it an authenticated one, which its session ends', async () => {
  await using server = await startServer()
  using client = await rawClient(server, null)
  client.send(mutation(1, 'signIn', 'carol'))
  await client.next()
  server.clock.advance(6_000)
  expect(await isServed(client)).toBe(true)
  expect(server.sockets.endSession(sessionOf('carol'))).toBe(1)
  expect(await client.closed).toMatchObject({ code: 4401 })
})

test('who signs in anew on an open connection leaves the former session behind', async () => {
  await using server = await startServer({ limits: { connectionsPerAccountMax: 1 } })
  using client = await rawClient(server, 'alice')
  client.send(mutation(1, 'signIn', 'carol'))
  await client.next()
  expect(server.sockets.endSession(sessionOf('alice'))).toBe(0)
  using again = await rawClient(server, 'alice')
  expect(await isServed(again)).toBe(true)
  again.send(mutation(2, 'signIn', 'carol'))
  expect(await again.next()).toMatchObject({ id: 2, error: { data: { refusal: { kind: 'too-many' } } } })
  expect(server.sockets.endSession(sessionOf('alice'))).toBe(1)
  expect(await isServed(client)).toBe(true)
})

test('stopping what does not run is no error', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  client.send(stop(7), stop('x'))
  expect(await client.saidBefore()).toEqual([])
})
