import { once } from 'node:events'
import { WebSocket } from 'ws'

/** How a socket was closed by its server, or how its server refused to open it. */
export interface Closed {
  readonly code: number
  readonly reason: string
}

/** A WebSocket without any client on it: what goes over the wire, as it is. */
export class RawSocket implements Disposable {
  /** All frames that came, parsed. */
  readonly received: unknown[] = []
  readonly closed: Promise<Closed>
  readonly #socket: WebSocket
  readonly #waiting = new Set<() => void>()
  #ended = false

  constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data: Buffer) => {
      const text = data.toString()
      // tRPC's own keep-alive is a bare word.
      this.received.push(text === 'PING' || text === 'PONG' ? text : JSON.parse(text))
      this.#wake()
    })
    socket.on('error', () => {})
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        this.#ended = true
        resolve({ code, reason: reason.toString() })
        this.#wake()
      })
    })
  }

  send(frame: unknown): void {
    this.#socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  /** Reads nothing more until `resume`: what the server sends then waits in its buffers. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** The first frames that came, as soon as there are so many. @throws when the socket closes before. */
  async frames(count: number): Promise<unknown[]> {
    while (this.received.length < count) {
      if (this.#ended)
        throw new Error(`Closed after ${this.received.length} frames: ${JSON.stringify(this.received)}`)
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
    return this.received.slice(0, count)
  }

  /** The first frame whose text holds this, there already or still to come. @throws when the socket closes before. */
  async find(text: string): Promise<unknown> {
    for (let count = 1; ; count += 1) {
      const frame = (await this.frames(count)).at(-1)
      if (JSON.stringify(frame).includes(text)) return frame
    }
  }

  [Symbol.dispose](): void {
    this.#socket.terminate()
  }

  #wake(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of waiting) wake()
  }
}

/** Opens a WebSocket at the API of a server. @throws with the HTTP status when it is refused. */
export async function openRawSocket(
  url: string,
  options: { readonly token?: string; readonly origin?: string; readonly path?: string } = {},
): Promise<RawSocket> {
  const headers = options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${options.path ?? '/trpc'}`, {
    headers,
    ...(options.origin !== undefined && { origin: options.origin }),
  })
  await once(socket, 'open')
  return new RawSocket(socket)
}
