import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

/** What a client said: a call, or that it wants a subscription no longer. */
export interface Said {
  readonly id: number
  readonly method: string
  readonly params?: { readonly path: string; readonly input: unknown }
}

/** Hands out in order what came, and lets whoever is early wait. */
class Line<T> {
  readonly #items: T[] = []
  readonly #waiting: ((item: T) => void)[] = []

  get length(): number {
    return this.#items.length
  }

  push(item: T): void {
    const waiting = this.#waiting.shift()
    if (waiting) waiting(item)
    else this.#items.push(item)
  }

  next(): Promise<T> {
    const item = this.#items.shift()
    return item === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(item)
  }
}

/** One connection, as the server sees it. It answers pings, and everything else is up to the test. */
export class Peer {
  readonly #socket: WebSocket
  readonly #wire: Socket
  readonly #said = new Line<Said>()
  readonly #pings = new Line<'ping'>()
  readonly #frames: string[] = []
  readonly #closed: Promise<unknown>
  /** A peer that does not answer: neither the first question nor later ones. */
  mute: boolean
  #params: unknown = null

  constructor(socket: WebSocket, wire: Socket, mute: boolean) {
    this.#socket = socket
    this.#wire = wire
    this.mute = mute
    this.#closed = once(socket, 'close')
    socket.on('message', (data: Buffer) => this.#hear(data.toString()))
  }

  /** The first frame. */
  get params(): unknown {
    return this.#params
  }

  /** All later frames but pings, as they came. */
  get frames(): readonly string[] {
    return this.#frames
  }

  /** How many things the client said that nobody has asked for. */
  get unread(): number {
    return this.#said.length
  }

  next(): Promise<Said> {
    return this.#said.next()
  }

  ping(): Promise<'ping'> {
    return this.#pings.next()
  }

  closed(): Promise<unknown> {
    return this.#closed
  }

  send(text: string): void {
    this.#socket.send(text)
  }

  say(message: unknown): void {
    this.send(JSON.stringify(message))
  }

  answer(id: number, data: unknown): void {
    this.say({ id, result: { type: 'data', data } })
  }

  /** An event of a stream. */
  event(id: number, cursor: number, event: unknown): void {
    this.say({ id, result: { type: 'data', id: String(cursor), data: { id: String(cursor), data: event } } })
  }

  refuse(id: number | null, kind: string, detail: object = {}): void {
    const data = { code: 'BAD_REQUEST', httpStatus: 400, refusal: { kind, ...detail } }
    this.say({ id, error: { code: -32600, message: `Refused: ${kind}`, data } })
  }

  fail(id: number): void {
    const data = { code: 'INTERNAL_SERVER_ERROR', httpStatus: 500, refusal: null }
    this.say({ id, error: { code: -32603, message: 'Internal server error', data } })
  }

  close(code: number, reason = ''): void {
    this.#socket.close(code, reason)
  }

  /** What was said still goes out, and then the connection ends without a word. */
  end(): void {
    this.#wire.end()
  }

  /** As when the process dies or the network breaks. */
  cut(): void {
    this.#socket.terminate()
  }

  #hear(text: string): void {
    if (text === 'PING') {
      this.#pings.push('ping')
      if (!this.mute) this.send('PONG')
      return
    }
    const message: unknown = JSON.parse(text)
    if (this.#params === null) {
      this.#params = message
      return
    }
    this.#frames.push(text)
    for (const said of Array.isArray(message) ? message : [message]) if (isSaid(said)) this.#said.push(said)
  }
}

/** Speaks the server's side of the wire as a test tells it to, also as no server of ours ever should. */
export class ScriptedServer implements AsyncDisposable {
  readonly #server: WebSocketServer
  readonly #peers = new Line<Peer>()
  /** Connections so far. */
  count = 0
  /** New connections are let in by TCP and HTTP, and get no answer to anything. */
  mute = false
  lastRequest: IncomingMessage | null = null

  constructor(server: WebSocketServer) {
    this.#server = server
    server.on('connection', (socket, request) => {
      this.count += 1
      this.lastRequest = request
      this.#peers.push(new Peer(socket, request.socket, this.mute))
    })
  }

  get url(): string {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('The server does not listen')
    return `http://127.0.0.1:${address.port}`
  }

  /** The next connection, in the order in which they came. */
  peer(): Promise<Peer> {
    return this.#peers.next()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate()
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }
}

export async function scriptedServer(): Promise<ScriptedServer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', path: '/trpc' })
  await once(server, 'listening')
  return new ScriptedServer(server)
}

function isSaid(value: unknown): value is Said {
  return typeof value === 'object' && value !== null && 'id' in value && 'method' in value
}
