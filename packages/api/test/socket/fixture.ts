import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { StreamFrame } from '@parley/chat/delivery/sink'
import type { StreamSink, StreamSource } from '@parley/chat/delivery/sink'
import { AccountId, SessionId } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import { Serialised } from '@parley/domain/serialised'
import type { SerialisedAs } from '@parley/domain/serialised'
import { FakeClock } from '@parley/testkit/fake-clock'
import { initTRPC, tracked } from '@trpc/server'
import { z } from 'zod'
import { refusalOf, toTRPCError } from '../../src/errors.ts'
import type { SocketConnection, SocketContextOptions, SocketFailure } from '../../src/socket/trpc-protocol.ts'
import { serveSocket } from '../../src/socket/server.ts'
import type { SocketServer, SocketServerOptions } from '../../src/socket/server.ts'

interface TestContext {
  name: string | null
  connection: SocketConnection
}

export const accountOf = (name: string) => AccountId.parse(`a${name.padEnd(15, '0')}`)
export const sessionOf = (name: string) => SessionId.parse(`s${name.padEnd(15, '0')}`)

/** A stream whose events the test makes. */
export class TestStream implements StreamSource {
  readonly sinks = new Set<StreamSink>()
  attached = 0
  #cursor = 0

  attach(sink: StreamSink): { detach(): void } {
    this.attached++
    this.sinks.add(sink)
    return { detach: () => void this.sinks.delete(sink) }
  }

  emit(event: unknown): StreamFrame {
    const frame = new StreamFrame(++this.#cursor, JSON.stringify(event))
    for (const sink of this.sinks) sink.write(frame)
    return frame
  }
}

/** Promises that tests resolve, by name. */
export class Gates {
  readonly #gates = new Map<string, PromiseWithResolvers<void>>()

  at(name: string): PromiseWithResolvers<void> {
    const gate = this.#gates.get(name) ?? Promise.withResolvers<void>()
    this.#gates.set(name, gate)
    return gate
  }
}

export interface Stage {
  readonly stream: TestStream
  readonly gates: Gates
  /** How many calls of `hold` have begun, and how many values `count` has made. */
  held: number
  counted: number
  cleanedUp: string[]
}

const t = initTRPC.context<TestContext & { stage: Stage }>().create({
  isDev: false,
  errorFormatter({ shape, error }) {
    if (error.message === 'break the formatter') throw new Error('a secret of the formatter')
    return { ...shape, data: { ...shape.data, refusal: refusalOf(error) } }
  },
})

const anybody = t.procedure.use(async ({ next }) => {
  const result = await next()
  if (!result.ok) throw toTRPCError(result.error)
  return result
})

export const testRouter = t.router({
  whoAmI: anybody.query(({ ctx }) => ctx.name),
  signIn: anybody.input(z.string()).mutation(({ ctx, input }) => {
    ctx.connection.identify({ accountId: accountOf(input), sessionId: sessionOf(input) })
  }),
  echo: anybody.input(z.unknown()).query(({ input }) => ({ echo: input })),
  nothing: anybody.mutation(() => {}),
  refuse: anybody.mutation(() => {
    throw new Refusal('not-allowed', 'You may not', { field: 'x' })
  }),
  fail: anybody.input(z.string()).mutation(({ input }) => {
    throw new Error(input)
  }),
  bigInteger: anybody.query(() => ({ value: 10n })),
  large: anybody.input(z.int()).query(({ input }) => 'x'.repeat(input)),
  text: anybody
    .input(z.string())
    .query(({ input }): SerialisedAs<{ ready: boolean }> => new Serialised(input)),
  /** Waits for a gate. */
  hold: anybody.input(z.string()).query(async ({ ctx, input }) => {
    ctx.stage.held++
    await ctx.stage.gates.at(input).promise
    return input
  }),
  /** The same, under a name of its own. */
  holdBeside: anybody.input(z.string()).query(async ({ ctx, input }) => {
    ctx.stage.held++
    await ctx.stage.gates.at(input).promise
    return input
  }),
  brokenQuery: anybody.query(async function* () {
    yield 1
  }),
  stream: anybody
    .input(z.object({ lastEventId: z.string().optional() }).optional())
    .subscription(({ ctx }) => attachable<{ n: number }>(ctx.stage.stream)),
  heldStream: anybody.input(z.string()).subscription(async ({ ctx, input }) => {
    ctx.stage.held++
    await ctx.stage.gates.at(input).promise
    return attachable<{ n: number }>(ctx.stage.stream)
  }),
  /** Numbers from one after `lastEventId` up to `to`, tracked. */
  count: anybody
    .input(z.object({ to: z.int(), bytes: z.int().default(0), lastEventId: z.string().optional() }))
    .subscription(async function* ({ ctx, input }) {
      try {
        for (let n = Number(input.lastEventId ?? 0) + 1; n <= input.to; n++) {
          ctx.stage.counted++
          yield tracked(String(n), { n, padding: 'x'.repeat(input.bytes) })
        }
      } finally {
        ctx.stage.cleanedUp.push('count')
      }
    }),
  /** Yields once, then waits until it is stopped. */
  wait: anybody.input(z.string()).subscription(async function* ({ ctx, input, signal }) {
    try {
      yield 'waiting'
      await once(signal ?? new AbortController().signal, 'abort')
    } finally {
      ctx.stage.cleanedUp.push(input)
    }
  }),
  /** Does not come so far as to stream: it gives up when it is stopped. */
  giveUp: anybody.subscription(async function ({ ctx, signal }) {
    ctx.stage.held++
    if (signal !== undefined) await once(signal, 'abort')
    signal?.throwIfAborted()
    return attachable<{ n: number }>(ctx.stage.stream)
  }),
  /** Yields once, then throws. */
  break: anybody.subscription(async function* () {
    yield 'so far'
    throw new Refusal('not-found', 'Gone')
  }),
})

/** A router declares streams as the async iterables that tRPC's types ask for; ours attach. */
function attachable<T>(source: StreamSource): AsyncIterable<ReturnType<typeof tracked<T>>> & StreamSource {
  return {
    attach: (sink) => source.attach(sink),
    [Symbol.asyncIterator]: () => {
      throw new Error('The socket is to attach, not to iterate')
    },
  }
}

export type TestRouter = typeof testRouter

export interface TestServer extends AsyncDisposable {
  readonly port: number
  readonly sockets: SocketServer
  readonly clock: FakeClock
  readonly stage: Stage
  readonly failures: SocketFailure[]
  /** The server's end of each connection, in the order in which they came. */
  readonly peers: Duplex[]
}

type Overrides = Partial<SocketServerOptions<TestRouter>>

/** A server of the test router on port 0. Tokens are names: whoever says `alice` is Alice. */
export async function startServer(overrides: Overrides = {}): Promise<TestServer> {
  const clock = new FakeClock()
  const stage: Stage = { stream: new TestStream(), gates: new Gates(), held: 0, counted: 0, cleanedUp: [] }
  const failures: SocketFailure[] = []
  const peers: Duplex[] = []
  const sockets = serveSocket({
    router: testRouter,
    createContext: (options) => ({ ...contextOf(options), stage }),
    allowedOrigins: (origin) => origin === 'https://parley.example',
    onError: (failure) => failures.push(failure),
    clock,
    random: () => 0.5,
    ...overrides,
  })
  const http = createServer()
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    peers.push(socket)
    sockets.handleUpgrade(request, socket, head)
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const address = http.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  return {
    port: address.port,
    sockets,
    clock,
    stage,
    failures,
    peers,
    async [Symbol.asyncDispose]() {
      http.close()
      for (const peer of peers) peer.destroy()
      await sockets.close({ reconnectHintMs: 0 })
    },
  }
}

export function contextOf({ request, connectionParams, connection }: SocketContextOptions): TestContext {
  const name = connectionParams?.['token'] ?? request.headers.authorization?.replace(/^Bearer /, '') ?? null
  if (name === 'wrong') throw new Refusal('signed-out', 'Nobody has this token')
  if (name !== null) connection.identify({ accountId: accountOf(name), sessionId: sessionOf(name) })
  return { name, connection }
}
