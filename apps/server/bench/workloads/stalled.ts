import { Client } from '../load/client.ts'
import { pause, percentile } from '../load/clock.ts'
import { Crowd } from '../load/crowd.ts'
import { LatencyMeter } from '../load/latency.ts'
import type { Stage } from '../load/stage.ts'
import type { FrameSocket } from '../load/socket.ts'
import { Verifier } from '../load/verifier.ts'
import type { Workload } from '../workload.ts'
import { oneRoom } from './worlds.ts'

const people = 100
const senders = 4
const inFlight = 8
/** Twice what the socket buffers of both ends take. */
const floodMessages = 32_000
const samplingMs = 50
const messagesPerSecond = 200
const windowMs = 2_500
const catchUpMs = 60_000

/**
 * The hundredth of the room, who may hang. It is connected anew for each measurement, since the system's buffers grow
 * with what is read; and like any client it comes back, from where it stands, when the server gives it up meanwhile.
 */
class LastReader {
  readonly #stage: Stage
  readonly #verifier: Verifier
  readonly #before: Client[] = []
  #client: Client

  private constructor(stage: Stage) {
    this.#stage = stage
    this.#verifier = new Verifier(stage.laid.rooms)
    this.#client = new Client(stage.protocol)
  }

  static async open(stage: Stage, cursor: number): Promise<LastReader> {
    const reader = new LastReader(stage)
    await reader.#connect(reader.#client, cursor)
    return reader
  }

  async #connect(client: Client, cursor: number): Promise<void> {
    const { address, laid } = this.#stage
    this.#verifier.watch(client)
    client.onLost = () => {
      if (client !== this.#client) return
      client.socket.close()
      this.#before.push(client)
      this.#client = new Client(this.#stage.protocol)
      void this.#connect(this.#client, this.#verifier.position)
    }
    await client.open(address, people - 1, laid.tokens[people - 1] ?? '', cursor)
  }

  get socket(): FrameSocket {
    return this.#client.socket
  }

  get delivered(): number {
    return [...this.#before, this.#client].reduce((sum, client) => sum + client.delivered, 0)
  }

  get timesGivenUp(): number {
    return this.#before.length
  }
}

/** Fills what there is to fill, and then measures at a rate that leaves the server time. */
async function measure(stage: Stage, crowd: Crowd, meter: LatencyMeter, stalls: boolean) {
  const reader = await LastReader.open(stage, crowd.cursor)
  if (stalls) reader.socket.stall()
  const before = crowd.acknowledged
  const flood = crowd.keepSending(inFlight)
  let held = 0
  while (crowd.acknowledged < before + floodMessages) {
    await pause(samplingMs)
    held = Math.max(held, await stage.server.bufferedBytesMax())
  }
  flood.stop()
  await crowd.settle()
  meter.take()
  await crowd.sendSteadily(messagesPerSecond, windowMs)
  held = Math.max(held, await stage.server.bufferedBytesMax())
  await crowd.settle()
  const p99 = percentile(meter.take(), 0.99)

  // What the reader missed it gets in full and in order, however it was kept for it.
  reader.socket.goOn()
  const due = crowd.acknowledged - before
  const until = performance.now() + catchUpMs
  while (reader.delivered < due && performance.now() < until) await pause(5)
  if (reader.delivered !== due) throw new Error(`who stalled was delivered ${reader.delivered} of ${due}`)
  reader.socket.close()
  return { p99, held, timesGivenUp: reader.timesGivenUp }
}

/** One reader of a hundred stops reading: what it costs the server, and what the others notice of it. */
export const stalled: Workload = {
  name: 'stalled',
  title: 'one stalled reader among 100',
  world: oneRoom(people),
  rounds: 5,
  budgets: [
    { figure: 'heldBytes', unit: 'B', atMost: 1024 * 1024 },
    { figure: 'p99Change', unit: '×', atMost: 1.1 },
  ],
  async prepare(stage) {
    const crowd = await Crowd.connect(stage, oneRoom(people - 1), senders)
    const meter = new LatencyMeter(crowd)
    await measure(stage, crowd, meter, false)
    return {
      async round() {
        const without = await measure(stage, crowd, meter, false)
        const beside = await measure(stage, crowd, meter, true)
        return {
          heldBytes: beside.held,
          timesGivenUp: beside.timesGivenUp,
          p99: beside.p99,
          p99Without: without.p99,
          p99Change: beside.p99 / without.p99,
        }
      },
    }
  },
}
