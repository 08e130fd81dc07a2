import { randomUUIDv7 } from 'node:crypto'
import { sentBody } from '../world.ts'
import type { Client } from './client.ts'
import { nowMicros } from './clock.ts'

/** A client that sends, too, with a fixed number of sends under way. */
export class Sender {
  readonly client: Client
  readonly account: number
  readonly rooms: readonly number[]
  acknowledged = 0
  onAck: ((count: number) => void) | null = null
  readonly #underWay = new Set<number>()
  readonly #counts: number[]
  #turn = 0

  constructor(client: Client, account: number, rooms: readonly number[]) {
    this.client = client
    this.account = account
    this.rooms = rooms
    this.#counts = rooms.map(() => 0)
    client.onAnswer = (bytes, start, end) => {
      const requests = client.protocol.acknowledged(bytes.toString('utf8', start, end))
      for (const request of requests) {
        if (!this.#underWay.delete(request))
          throw new Error(`request ${request} was acknowledged and not under way`)
      }
      this.acknowledged += requests.length
      this.onAck?.(requests.length)
    }
  }

  get idle(): boolean {
    return this.#underWay.size === 0
  }

  /** Sends `count` messages in one write, to its rooms in turn; returns the indexes of the rooms. */
  send(count: number, roomNames: readonly string[]): number[] {
    const texts: string[] = []
    const sentTo: number[] = []
    for (let nth = 0; nth < count; nth++) {
      const slot = this.#turn++ % this.rooms.length
      const room = this.rooms[slot] ?? 0
      const number = (this.#counts[slot] = (this.#counts[slot] ?? 0) + 1)
      const request = this.client.nextRequest()
      this.#underWay.add(request)
      const body = sentBody(this.account, number, nowMicros())
      texts.push(this.client.protocol.send(request, roomNames[room] ?? '', randomUUIDv7(), body))
      sentTo.push(room)
    }
    this.client.socket.send(...texts)
    return sentTo
  }
}
