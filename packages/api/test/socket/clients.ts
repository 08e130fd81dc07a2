import { once } from 'node:events'
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import type { TRPCClient, WebSocketClientOptions } from '@trpc/client'
import { WebSocket } from 'ws'
import type { ClientOptions, RawData } from 'ws'
import type { TestRouter, TestServer } from './fixture.ts'

export interface StockClient extends AsyncDisposable {
  readonly trpc: TRPCClient<TestRouter>
}

/** The client that tRPC ships, as it is. */
export function stockClient(
  server: TestServer,
  name: string | null = 'alice',
  options: Partial<WebSocketClientOptions> = {},
): StockClient {
  const client = createWSClient({
    url: `ws://127.0.0.1:${server.port}/`,
    ...(name !== null && { connectionParams: { token: name } }),
    retryDelayMs: () => 0,
    ...options,
  })
  return {
    trpc: createTRPCClient<TestRouter>({ links: [wsLink({ client })] }),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

interface Closed {
  code: number
  reason: string
}

/** A bare WebSocket that says what the test says and keeps what comes. */
export class RawClient implements Disposable {
  readonly socket: WebSocket
  readonly closed: Promise<Closed>
  readonly #received: unknown[] = []
  readonly #waiting: ((message: unknown) => void)[] = []

  constructor(socket: WebSocket) {
    this.socket = socket
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
    })
    socket.on('error', () => {})
    socket.on('message', (data: RawData) => {
      const text = textOf(data)
      const message: unknown = text === 'PONG' || text === 'PING' ? text : JSON.parse(text)
      const next = this.#waiting.shift()
      if (next === undefined) this.#received.push(message)
      else next(message)
    })
  }

  get unread(): readonly unknown[] {
    return this.#received
  }

  send(...messages: unknown[]): void {
    for (const message of messages) this.socket.send(JSON.stringify(message))
  }

  /** The next message that came, or comes. */
  next(): Promise<unknown> {
    if (this.#received.length > 0) return Promise.resolve(this.#received.shift())
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  async nexts(count: number): Promise<unknown[]> {
    const messages: unknown[] = []
    while (messages.length < count) messages.push(await this.next())
    return messages
  }

  /** What the server has said before it answers this; the answer itself is not among it. */
  async saidBefore(): Promise<unknown[]> {
    this.socket.send('PING')
    const messages: unknown[] = []
    for (let message = await this.next(); message !== 'PONG'; message = await this.next())
      messages.push(message)
    return messages
  }

  [Symbol.dispose](): void {
    this.socket.terminate()
  }
}

export function textOf(data: RawData): string {
  if (!Buffer.isBuffer(data)) throw new TypeError('The frame is no buffer')
  return data.toString()
}

const bearer = (name: string | null): Record<string, string> =>
  name === null ? {} : { authorization: `Bearer ${name}` }

export async function rawClient(
  server: TestServer,
  name: string | null = 'alice',
  options: ClientOptions & { path?: string } = {},
): Promise<RawClient> {
  const headers = { ...bearer(name), ...options.headers }
  const url = `ws://127.0.0.1:${server.port}${options.path ?? '/'}`
  const client = new RawClient(new WebSocket(url, { ...options, headers }))
  await once(client.socket, 'open')
  return client
}

/** The HTTP status with which an upgrade is refused. */
export function refusedUpgrade(server: TestServer, options: ClientOptions = {}): Promise<number | undefined> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/`, options)
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('open', () => {
      socket.terminate()
      reject(new Error('The upgrade was not refused'))
    })
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode)
      request.destroy()
    })
  })
}

export const query = (id: number | string, path: string, input?: unknown) => ({
  id,
  method: 'query',
  params: { path, input },
})

export const mutation = (id: number | string, path: string, input?: unknown) => ({
  id,
  method: 'mutation',
  params: { path, input },
})

export const subscription = (id: number | string, path: string, input?: unknown, lastEventId?: string) => ({
  id,
  method: 'subscription',
  params: { path, input, lastEventId },
})

export const stop = (id: number | string) => ({ id, method: 'subscription.stop' })

/** A client that must not notice what another one does: it asks, and is answered. */
export async function isServed(client: RawClient): Promise<boolean> {
  client.send(query('are you there?', 'echo', 'yes'))
  const answer = await client.next()
  return JSON.stringify(answer) === '{"id":"are you there?","result":{"type":"data","data":{"echo":"yes"}}}'
}
