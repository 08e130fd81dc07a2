import type { Clock } from '@parley/chat/clock'
import type { Connection } from './connection.ts'
import type { SocketLimits } from './limits.ts'

const ticksPerPing = 20

/** Connections that each wait equally long, so that they fall due in the order in which they were added. */
class Due {
  #waiting: { connection: Connection; tick: number }[] = []

  add(connection: Connection, tick: number): void {
    this.#waiting.push({ connection, tick })
  }

  take(tick: number): Connection[] {
    const end = this.#waiting.findIndex((waiting) => waiting.tick > tick)
    return this.#waiting
      .splice(0, end === -1 ? this.#waiting.length : end)
      .map(({ connection }) => connection)
  }
}

/**
 * All waiting of a server's connections, by one timer: each connection is pinged every `pingMs` and must show life
 * within `pongWaitMs`, and must be authenticated within `authenticateMs`. Pings are spread over the ticks, since
 * thousands of them in one go would hold up everything else. Time is counted in ticks: neither a clock that is set
 * nor a process that stood still makes everybody late.
 */
export class Heartbeat implements Disposable {
  readonly #timer: Disposable
  readonly #slots: Set<Connection>[] = Array.from({ length: ticksPerPing }, () => new Set())
  readonly #pongs = new Due()
  readonly #identities = new Due()
  readonly #pongTicks: number
  readonly #authenticateTicks: number
  #tick = 0

  constructor(clock: Clock, limits: SocketLimits) {
    const tickMs = limits.pingMs / ticksPerPing
    this.#pongTicks = Math.ceil(limits.pongWaitMs / tickMs)
    this.#authenticateTicks = Math.ceil(limits.authenticateMs / tickMs)
    this.#timer = clock.every(tickMs, () => this.#beat())
  }

  add(connection: Connection): void {
    // The slot whose turn is furthest: a new connection has just shown life.
    this.#slots[this.#tick % ticksPerPing]?.add(connection)
    this.#identities.add(connection, this.#tick + this.#authenticateTicks)
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]()
  }

  #beat(): void {
    const tick = ++this.#tick
    for (const connection of this.#identities.take(tick)) connection.expectIdentity()
    for (const connection of this.#pongs.take(tick)) connection.expectPong()
    const slot = this.#slots[tick % ticksPerPing]
    if (slot === undefined) return
    for (const connection of slot) {
      if (connection.isClosed()) slot.delete(connection)
      else if (connection.ping()) this.#pongs.add(connection, tick + this.#pongTicks)
    }
  }
}
