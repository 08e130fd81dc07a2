import type { Connection } from './connection.ts'
import type { Protocol } from './protocol.ts'
import type { Wire } from './wire.ts'

/** A text frame, `null` for a binary one, or what is left of a batch. */
type Waiting = Buffer | null | { batch: readonly unknown[]; from: number }

/**
 * What a connection has read and not yet begun. As long as the connection is held (it is not open yet, too many
 * calls are under way, too much is unsent) its socket is not read; what `ws` had in its hands already, at most one
 * read of 64 KiB, waits here.
 */
export class Intake {
  readonly #connection: Connection
  readonly #wire: Wire
  readonly #protocol: Protocol
  readonly #batchMax: number
  #waiting: Waiting[] | null = null

  constructor(connection: Connection, wire: Wire, protocol: Protocol, batchMax: number) {
    this.#connection = connection
    this.#wire = wire
    this.#protocol = protocol
    this.#batchMax = batchMax
  }

  get isWaiting(): boolean {
    return this.#waiting !== null
  }

  receive(frame: Buffer | null): void {
    if (this.#waiting !== null) this.#waiting.push(frame)
    else if (this.#connection.holds()) this.#wait(frame)
    else this.#begin(frame)
  }

  /** The connection may be held no longer. */
  proceed(): void {
    while (this.#waiting !== null) {
      if (this.#connection.holds()) return
      const next = this.#waiting.shift()
      if (next === undefined) {
        this.#waiting = null
        this.#wire.resume()
        return
      }
      if (next === null || Buffer.isBuffer(next)) this.#begin(next)
      else this.#callAll(next.batch, next.from)
    }
  }

  close(): void {
    this.#waiting = null
  }

  #wait(rest: Waiting): void {
    if (this.#waiting === null) {
      this.#waiting = [rest]
      this.#wire.pause()
    } else this.#waiting.unshift(rest)
  }

  #begin(frame: Buffer | null): void {
    const connection = this.#connection
    if (frame === null) {
      connection.receiveMalformed()
      return
    }
    if (frame.length === 4 && this.#protocol.speaksPing) {
      const text = frame.toString('latin1')
      if (text === 'PONG') return
      if (text === 'PING') {
        connection.answerPing()
        return
      }
    }
    let message: unknown
    try {
      message = JSON.parse(frame.toString())
    } catch {
      connection.receiveMalformed()
      return
    }
    if (connection.awaitsGreeting()) connection.open(message)
    else if (!this.#protocol.takesBatches || !Array.isArray(message)) connection.speaker.hear(message, 0)
    else if (message.length > this.#batchMax) connection.speaker.hearTooLongBatch(message)
    else this.#callAll(message, 0)
  }

  #callAll(batch: readonly unknown[], from: number): void {
    for (let index = from; index < batch.length; index++) {
      if (this.#connection.holds()) {
        this.#wait({ batch, from: index })
        return
      }
      this.#connection.speaker.hear(batch[index], index)
    }
  }
}
