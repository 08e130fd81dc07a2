import { readBody } from '../world.ts'
import type { Client } from './client.ts'
import type { Delivery } from './protocol.ts'

/**
 * Reads all that one reader is delivered, from whatever message on, and throws at the first thing that is wrong: a position that does not
 * increase, a body that nobody sent, a message that is missing, doubled or out of its sender's order.
 */
export class Verifier {
  readonly #rooms: ReadonlySet<string>
  readonly #counts = new Map<string, number>()
  /** Of the last message: where this reader stands. */
  position = 0

  constructor(rooms: Iterable<string>) {
    this.#rooms = new Set(rooms)
  }

  /** Has a client's deliveries checked as they arrive. */
  watch(client: Client): void {
    client.onStream = (bytes, start, end) => {
      const deliveries = client.protocol.deliveries(bytes.toString('utf8', start, end))
      this.check(deliveries)
      client.delivered += deliveries.length
    }
  }

  check(deliveries: readonly Delivery[]): void {
    for (const { position, room, body } of deliveries) {
      if (position <= this.position) throw new Error(`position ${position} came after ${this.position}`)
      this.position = position
      if (!this.#rooms.has(room)) throw new Error(`a message of ${room} came to somebody who is not in it`)
      const said = readBody(body)
      if (said === null) throw new Error(`nobody sent this: ${body}`)
      const key = `${room} ${said.sender}`
      const expected = (this.#counts.get(key) ?? said.count - 1) + 1
      if (said.count !== expected)
        throw new Error(`message ${said.count} of ${key} came where ${expected} was due`)
      this.#counts.set(key, expected)
    }
  }
}
