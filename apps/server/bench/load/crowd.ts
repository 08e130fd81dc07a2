import type { World } from '../world.ts'
import { pause, spin } from './clock.ts'
import { Client, openAll } from './client.ts'
import { Sender } from './sender.ts'
import type { Stage } from './stage.ts'
import { Verifier } from './verifier.ts'

const settleMs = 60_000

/** Everybody of a world, connected; some of them send. The first who does not send reads everything and verifies it. */
export class Crowd {
  readonly clients: Client[]
  readonly senders: Sender[]
  readonly #stage: Stage
  readonly #roomsOf: number[][]
  readonly #sentTo: number[]
  readonly #verifier: Verifier

  private constructor(stage: Stage, world: World, senders: number) {
    this.#stage = stage
    this.#sentTo = world.rooms.map(() => 0)
    this.#roomsOf = Array.from({ length: world.accounts }, () => [])
    for (const [room, { members }] of world.rooms.entries()) {
      for (const member of members) this.#roomsOf[member]?.push(room)
    }
    this.clients = this.#roomsOf.map(() => new Client(stage.protocol))
    this.senders = this.clients
      .slice(0, senders)
      .map((client, account) => new Sender(client, account, this.#roomsOf[account] ?? []))
    this.#verifier = this.#verify(senders)
  }

  static async connect(stage: Stage, world: World, senders: number): Promise<Crowd> {
    const crowd = new Crowd(stage, world, senders)
    const { address, laid } = stage
    await openAll(crowd.clients, (client, account) =>
      client.open(address, account, laid.tokens[account] ?? '', laid.head),
    )
    return crowd
  }

  #verify(account: number): Verifier {
    const client = this.clients[account]
    if (client === undefined) throw new Error('nobody is left who could verify')
    const verifier = new Verifier(
      (this.#roomsOf[account] ?? []).map((room) => this.#stage.laid.rooms[room] ?? ''),
    )
    verifier.watch(client)
    return verifier
  }

  send(sender: Sender, count: number): void {
    for (const room of sender.send(count, this.#stage.laid.rooms))
      this.#sentTo[room] = (this.#sentTo[room] ?? 0) + 1
  }

  /** Each sender keeps `inFlight` sends under way, until it is told to stop. */
  keepSending(inFlight: number): { stop(): void } {
    for (const sender of this.senders) {
      sender.onAck = (count) => this.send(sender, count)
      this.send(sender, inFlight)
    }
    return {
      stop: () => {
        for (const sender of this.senders) sender.onAck = null
      },
    }
  }

  /** The senders take turns at a steady rate, whether the server keeps up or not. Resolves after the last send. */
  async sendSteadily(perSecond: number, ms: number): Promise<void> {
    const from = performance.now()
    const count = Math.round((perSecond * ms) / 1000)
    for (let nth = 0; nth < count; nth++) {
      await spin(from + (nth * 1000) / perSecond - performance.now())
      const sender = this.senders[nth % this.senders.length]
      if (sender) this.send(sender, 1)
    }
  }

  /** Where everybody stands who has settled. */
  get cursor(): number {
    return this.#verifier.position
  }

  get acknowledged(): number {
    return this.senders.reduce((sum, sender) => sum + sender.acknowledged, 0)
  }

  get delivered(): number {
    return this.clients.reduce((sum, client) => sum + client.delivered, 0)
  }

  /** Waits until every send is acknowledged and everybody, `except` apart, has exactly what was sent to their rooms. */
  async settle(except: readonly Client[] = []): Promise<void> {
    const until = performance.now() + settleMs
    for (;;) {
      const behind = this.#behind(except)
      if (behind === null && this.senders.every((sender) => sender.idle)) return
      if (performance.now() > until) throw new Error(behind ?? 'sends were never acknowledged')
      await pause(5)
    }
  }

  #behind(except: readonly Client[]): string | null {
    for (const [account, client] of this.clients.entries()) {
      if (except.includes(client)) continue
      const due = (this.#roomsOf[account] ?? []).reduce((sum, room) => sum + (this.#sentTo[room] ?? 0), 0)
      if (client.delivered > due)
        throw new Error(`client ${account} was delivered ${client.delivered} of ${due}`)
      if (client.delivered < due) return `client ${account} was delivered only ${client.delivered} of ${due}`
    }
    return null
  }
}
