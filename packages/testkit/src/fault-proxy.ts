import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'

/** Which way bytes go: to the server, or back to the client. */
export type Direction = 'up' | 'down'

/** A TCP connection through the proxy. */
interface Pair {
  readonly client: Socket
  readonly server: Socket
}

/**
 * A TCP proxy that does to connections what networks do: it cuts them off, lets them hang, holds bytes back. Whoever
 * writes into a connection that hangs gets the back-pressure that the kernel gives.
 */
export class FaultProxy implements AsyncDisposable {
  /** Bytes that came through, by direction. */
  readonly bytes: Record<Direction, number> = { up: 0, down: 0 }
  #server: Server
  #target: { host: string; port: number }
  #pairs = new Set<Pair>()
  #stalled: Record<Direction, boolean> = { up: false, down: false }
  #delayMs: Record<Direction, number> = { up: 0, down: 0 }
  #refusing = false
  #waiting = new Set<{ isMet: () => boolean; resolve: () => void }>()

  constructor(server: Server, target: { host: string; port: number }) {
    this.#server = server
    this.#target = target
    server.on('connection', (client) => this.#pass(client))
  }

  get port(): number {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('The proxy does not listen')
    return address.port
  }

  /** The address of a server, as it is to be reached through the proxy. */
  through(url: string): string {
    const changed = new URL(url)
    changed.hostname = '127.0.0.1'
    changed.port = String(this.port)
    return changed.href
  }

  get connections(): number {
    return this.#pairs.size
  }

  /** Where new connections go from now on: a server that was started again may have another port. */
  retarget(target: string): void {
    this.#target = targetOf(target)
  }

  /** Ends all connections at once, with a reset: neither side is told why. */
  cut(): void {
    for (const { client, server } of [...this.#pairs]) {
      client.resetAndDestroy()
      server.resetAndDestroy()
    }
  }

  /** Resets new connections too, until `resume`. */
  refuse(): void {
    this.#refusing = true
    this.cut()
  }

  /** Takes nothing more from either side, or from one, until `resume`; connections stay open. */
  stall(direction?: Direction): void {
    for (const way of direction === undefined ? (['up', 'down'] as const) : [direction]) {
      this.#stalled[way] = true
      for (const pair of this.#pairs) from(pair, way).pause()
    }
  }

  /** Lets each chunk through only so many milliseconds after it came. */
  delay(ms: number, direction?: Direction): void {
    for (const way of direction === undefined ? (['up', 'down'] as const) : [direction])
      this.#delayMs[way] = ms
  }

  /** Ends every fault. */
  resume(): void {
    this.#refusing = false
    this.#delayMs = { up: 0, down: 0 }
    this.#stalled = { up: false, down: false }
    for (const pair of this.#pairs) {
      pair.client.resume()
      pair.server.resume()
    }
  }

  /** Resolves as soon as the condition holds; it is looked at whenever bytes come, or connections come and go. */
  until(isMet: (proxy: FaultProxy) => boolean): Promise<void> {
    if (isMet(this)) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.add({ isMet: () => isMet(this), resolve }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#refusing = true
    this.cut()
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }

  #pass(client: Socket): void {
    if (this.#refusing) {
      client.resetAndDestroy()
      return
    }
    const pair = { client, server: connect(this.#target) }
    this.#pairs.add(pair)
    this.#forward(pair, 'up')
    this.#forward(pair, 'down')
    this.#changed()
  }

  #forward(pair: Pair, way: Direction): void {
    const source = from(pair, way)
    const sink = way === 'up' ? pair.server : pair.client
    source.setNoDelay(true)
    if (this.#stalled[way]) source.pause()
    // Each timer lets the oldest one through, so that what comes in order goes out in order, whatever the delay was.
    const held: (() => void)[] = []
    const hold = (pass: () => void) => {
      if (this.#delayMs[way] === 0 && held.length === 0) return pass()
      held.push(pass)
      setTimeout(() => held.shift()?.(), this.#delayMs[way]).unref()
    }
    source.on('data', (chunk: Buffer) => hold(() => this.#write(source, sink, chunk, way)))
    source.on('end', () => hold(() => sink.end()))
    // A connection that breaks on one side breaks on the other.
    source.on('error', () => sink.destroy())
    source.on('close', () => {
      sink.destroy()
      if (this.#pairs.delete(pair)) this.#changed()
    })
  }

  #write(source: Socket, sink: Socket, chunk: Buffer, way: Direction): void {
    this.bytes[way] += chunk.length
    if (!sink.destroyed && !sink.write(chunk)) {
      source.pause()
      sink.once('drain', () => {
        if (!this.#stalled[way]) source.resume()
      })
    }
    this.#changed()
  }

  #changed(): void {
    for (const waiting of this.#waiting) {
      if (!waiting.isMet()) continue
      this.#waiting.delete(waiting)
      waiting.resolve()
    }
  }
}

const from = (pair: Pair, way: Direction): Socket => (way === 'up' ? pair.client : pair.server)

function targetOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) }
}

/** Opens a proxy on a free port before a server, given by its address such as `http://127.0.0.1:4100`. */
export async function openFaultProxy(target: string): Promise<FaultProxy> {
  const server = createServer({ allowHalfOpen: true })
  const proxy = new FaultProxy(server, targetOf(target))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return proxy
}
