import { Refusal } from '@parley/domain/refusal'
import type { Connection } from './connection.ts'
import type { Wire } from './wire.ts'

/** A text frame, `null` for a binary one, or what is left of a batch. */
type Waiting = Buffer | null | { batch: readonly unknown[]; from: number }

/**
 * What a connection has read and not yet begun. As long as the connection is held (it has no context yet, too many
 * calls are under way, too much is unsent) its socket is not read; what `ws` had in its hands already, at most one
 * read of 64 KiB, waits here.
 */
export class Intake {
  readonly #connection: Connection
  readonly #wire: Wire
  readonly #batchMax: number
  #waiting: Waiting[] | null = null

  constructor(connection: Connection, wire: Wire, batchMax: number) {
    this.#connection = connection
    this.#wire = wire
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
    if (frame.length === 4) {
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
    if (connection.expectsParams()) connection.receiveParams(message)
    else if (!Array.isArray(message)) connection.calls.call(message, 0)
    else if (message.length > this.#batchMax) this.#refuseBatch(message)
    else this.#callAll(message, 0)
  }

  #callAll(batch: readonly unknown[], from: number): void {
    for (let index = from; index < batch.length; index++) {
      if (this.#connection.holds()) {
        this.#wait({ batch, from: index })
        return
      }
      this.#connection.calls.call(batch[index], index)
    }
  }

  /** Each request of the batch gets the refusal, or its client would wait for an answer for ever. */
  #refuseBatch(batch: readonly unknown[]): void {
    const message = `A batch may have ${this.#batchMax} calls, this one has ${batch.length}`
    this.#connection.calls.refuseBatch(batch, new Refusal('too-many', message))
  }
}
