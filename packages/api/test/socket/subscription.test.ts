import { expect, test } from 'vitest'
import { isServed, rawClient, stockClient, stop, subscription } from './clients.ts'
import { startServer } from './fixture.ts'

/** Follows a subscription of the stock client by promises. */
function follow<T>() {
  const events: T[] = []
  const waiting: { count: number; call: () => void }[] = []
  const ended = Promise.withResolvers<unknown>()
  return {
    events,
    ended: ended.promise,
    handlers: {
      onData: (event: T) => {
        events.push(event)
        for (const { count, call } of waiting) if (events.length >= count) call()
      },
      onError: (error: unknown) => ended.resolve(error),
      onComplete: () => ended.resolve('complete'),
    },
    has: (count: number) =>
      new Promise<void>((resolve) => {
        if (events.length >= count) resolve()
        else waiting.push({ count, call: resolve })
      }),
  }
}

test('a generator is followed to its end by the stock client', async () => {
  await using server = await startServer()
  await using client = stockClient(server)
  const followed = follow<{ id: string; data: { n: number } }>()
  client.trpc.count.subscribe({ to: 3 }, followed.handlers)
  expect(await followed.ended).toBe('complete')
  expect(followed.events).toMatchObject([{ id: '1' }, { id: '2' }, { id: '3', data: { n: 3 } }])
  expect(server.stage.cleanedUp).toEqual(['count'])
  expect(server.sockets.stats().subscriptions).toBe(0)
})

test('a generator that is stopped cleans up, and its client is told `stopped` once', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  client.send(subscription(1, 'wait', 'w'))
  expect(await client.nexts(2)).toEqual([
    { id: 1, result: { type: 'started' } },
    { id: 1, result: { type: 'data', data: 'waiting' } },
  ])
  client.send(stop(1), stop(1))
  expect(await client.next()).toEqual({ id: 1, result: { type: 'stopped' } })
  expect(server.stage.cleanedUp).toEqual(['w'])
  expect(await client.saidBefore()).toEqual([])
  expect(server.failures).toEqual([])
})

test('a generator whose client goes away cleans up', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  client.send(subscription(1, 'wait', 'w'))
  await client.nexts(2)
  const cleaned = new Promise<void>((resolve) => {
    server.stage.cleanedUp.push = (name: string) => {
      expect(name).toBe('w')
      resolve()
      return 1
    }
  })
  client.socket.terminate()
  await cleaned
  expect(server.failures).toEqual([])
})

test('a generator that throws ends with its refusal, after what it said', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  client.send(subscription('b', 'break'))
  expect(await client.nexts(3)).toMatchObject([
    { id: 'b', result: { type: 'started' } },
    { id: 'b', result: { type: 'data', data: 'so far' } },
    { id: 'b', error: { message: 'Gone', data: { refusal: { kind: 'not-found' } } } },
  ])
  expect(await client.saidBefore()).toEqual([])
})

test('a stream that attaches gets its events to the stock client as tracked ones', async () => {
  await using server = await startServer()
  await using client = stockClient(server)
  const followed = follow<{ id: string; data: { n: number } }>()
  const started = Promise.withResolvers<void>()
  const running = client.trpc.stream.subscribe(
    {},
    { ...followed.handlers, onStarted: () => started.resolve() },
  )
  await started.promise
  server.stage.stream.emit({ n: 10 })
  server.stage.stream.emit({ n: 20 })
  await followed.has(2)
  expect(followed.events).toEqual([
    { id: '1', data: { n: 10 } },
    { id: '2', data: { n: 20 } },
  ])
  running.unsubscribe()
  await client.trpc.whoAmI.query()
  expect(server.stage.stream.sinks.size).toBe(0)
})

test('P4: the stock client resumes by itself, and names the last event it got', async () => {
  await using server = await startServer()
  using other = await rawClient(server, 'bob')
  await using client = stockClient(server)
  const followed = follow<{ id: string; data: { n: number } }>()
  client.trpc.count.subscribe({ to: 1_000_000, bytes: 100_000 }, followed.handlers)
  await followed.has(3)
  server.peers[1]?.destroy()
  while (server.peers.length < 3) await isServed(other)
  await client.trpc.whoAmI.query()
  await followed.has(followed.events.length + 3)
  const numbers = followed.events.map((event) => event.data.n)
  expect(numbers).toEqual(numbers.map((_, index) => index + 1))
})

test('readers with the same request id share the bytes of a frame, others have their own', async () => {
  await using server = await startServer()
  using first = await rawClient(server)
  using second = await rawClient(server)
  using third = await rawClient(server)
  first.send(subscription(1, 'stream'))
  second.send(subscription(1, 'stream'))
  third.send({ ...subscription(1, 'stream'), jsonrpc: '2.0' }, subscription('1', 'stream'))
  await Promise.all([first.next(), second.next(), third.nexts(2)])
  const frame = server.stage.stream.emit({ text: 'ü'.repeat(70_000) })
  const event = { type: 'data', id: '1', data: { id: '1', data: { text: 'ü'.repeat(70_000) } } }
  expect(await first.next()).toEqual({ id: 1, result: event })
  expect(await second.next()).toEqual({ id: 1, result: event })
  expect(await third.nexts(2)).toEqual([
    { id: 1, jsonrpc: '2.0', result: event },
    { id: '1', result: event },
  ])
  // One for each way to name the request, and what they have in common.
  expect(frame.frames.size).toBe(4)
})

test('events and answers of one turn reach a socket in the order in which they were made', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  client.send(subscription(1, 'stream'))
  await client.next()
  for (let n = 1; n <= 300; n++)
    server.stage.stream.emit({ n, padding: 'x'.repeat(n % 7 === 0 ? 40_000 : n) })
  const cursors = (await client.nexts(300)).map(
    (message) => (message as { result: { id: string } }).result.id,
  )
  expect(cursors).toEqual(Array.from({ length: 300 }, (_, index) => String(index + 1)))
})

test('a stream that is stopped while its procedure still runs is never attached', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  client.send(subscription(1, 'heldStream', 'gate'), stop(1))
  expect(await client.saidBefore()).toEqual([])
  server.stage.gates.at('gate').resolve()
  expect(await client.next()).toEqual({ id: 1, result: { type: 'stopped' } })
  expect(server.stage.stream.attached).toBe(0)
})

test('a procedure that gives up as its subscription is stopped has not failed', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  client.send(subscription(1, 'giveUp'))
  while (server.stage.held === 0) await client.saidBefore()
  client.send(stop(1))
  expect(await client.next()).toEqual({ id: 1, result: { type: 'stopped' } })
  expect(server.failures).toEqual([])
})

test('a stream that ends while it is being attached is detached', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  const { stream } = server.stage
  let detached = 0
  stream.attach = (sink) => {
    sink.end('failed')
    return { detach: () => void detached++ }
  }
  client.send(subscription(1, 'stream'))
  expect(await client.nexts(2)).toMatchObject([
    { id: 1, result: { type: 'started' } },
    { id: 1, error: {} },
  ])
  expect(detached).toBe(1)
})

test('an id in use is refused, and can be used again when its subscription has ended', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  client.send(subscription(1, 'stream'), subscription(1, 'stream'))
  expect(await client.nexts(2)).toMatchObject([
    { error: { message: 'Duplicate id 1' } },
    { result: { type: 'started' } },
  ])
  client.send(stop(1), subscription(1, 'stream'))
  expect(await client.nexts(2)).toMatchObject([
    { result: { type: 'stopped' } },
    { result: { type: 'started' } },
  ])
})

test('a stream that fails tells its client, and its connection goes on', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  client.send(subscription(1, 'stream'))
  await client.next()
  for (const sink of server.stage.stream.sinks) sink.end('failed')
  expect(await client.next()).toMatchObject({ id: 1, error: { data: { code: 'INTERNAL_SERVER_ERROR' } } })
  expect(server.stage.stream.sinks.size).toBe(0)
  expect(await isServed(client)).toBe(true)
})

test('a stream that fails to attach or to detach is reported, and its connection goes on', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  server.stage.stream.attach = () => {
    throw new Error('cannot attach')
  }
  client.send(subscription(1, 'stream'))
  expect(await client.nexts(2)).toMatchObject([
    { id: 1, result: {} },
    { id: 1, error: {} },
  ])
  server.stage.stream.attach = () => ({
    detach: () => {
      throw new Error('cannot detach')
    },
  })
  client.send(subscription(2, 'stream'))
  expect(await client.next()).toMatchObject({ id: 2, result: { type: 'started' } })
  client.send(stop(2))
  expect(await client.next()).toMatchObject({ id: 2, result: { type: 'stopped' } })
  expect(server.failures.map(({ error }) => error.cause)).toMatchObject([
    { message: 'cannot attach' },
    { message: 'cannot detach' },
  ])
  expect(await isServed(client)).toBe(true)
})

test('P6: a stream whose session ended closes its connection, and nothing is written after', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  client.send(subscription(1, 'stream'))
  await client.next()
  const [sink] = server.stage.stream.sinks
  server.stage.stream.emit({ n: 1 })
  sink?.end('session-ended')
  sink?.write(server.stage.stream.emit({ n: 2 }))
  expect(await client.next()).toMatchObject({ result: { id: '1' } })
  expect(await client.closed).toEqual({ code: 4401, reason: 'session ended' })
  expect(server.stage.stream.sinks.size).toBe(0)
})

test('a stream that ends as the server stops says nothing, so that its client subscribes again', async () => {
  await using server = await startServer()
  using client = await rawClient(server)
  client.send(subscription(1, 'stream'))
  await client.next()
  for (const sink of server.stage.stream.sinks) sink.end('shutting-down')
  expect(await client.saidBefore()).toEqual([])
  expect(server.sockets.stats().subscriptions).toBe(0)
})
