import { Client } from '../load/client.ts'
import { pause, percentile } from '../load/clock.ts'
import { Crowd } from '../load/crowd.ts'
import { LatencyMeter } from '../load/latency.ts'
import type { Stage } from '../load/stage.ts'
import { Verifier } from '../load/verifier.ts'
import type { Workload } from '../workload.ts'
import { oneRoom } from './worlds.ts'

const people = 100
const senders = 4
const inFlight = 8
/** Twice what the socket buffers of both ends take. */
const floodMessages = 32_000
const messagesPerSecond = 200
const windowMs = 2_500
const catchUpMs = 20_000

/** The hundredth of the room. It is connected anew each time, since the system's buffers grow with what is read. */
async function lastReader({ protocol, address, laid }: Stage, cursor: number): Promise<Client> {
  const client = new Client(protocol)
  new Verifier(laid.rooms).watch(client)
  await client.open(address, people - 1, laid.tokens[people - 1] ?? '', cursor)
  return client
}

/** Fills what there is to fill, and then measures at a rate that leaves the server time. */
async function measure(stage: Stage, crowd: Crowd, meter: LatencyMeter, stalls: boolean) {
  const reader = await lastReader(stage, crowd.cursor)
  if (stalls) reader.socket.stall()
  const before = crowd.acknowledged
  const flood = crowd.keepSending(inFlight)
  while (crowd.acknowledged < before + floodMessages) await pause(1)
  flood.stop()
  await crowd.settle()
  meter.take()
  await crowd.sendSteadily(messagesPerSecond, windowMs)
  const held = await stage.server.bufferedBytesMax()
  await crowd.settle()
  const p99 = percentile(meter.take(), 0.99)

  // What the reader missed it gets in full and in order, however it was kept for it.
  reader.socket.goOn()
  const due = crowd.acknowledged - before
  const until = performance.now() + catchUpMs
  while (reader.delivered < due && performance.now() < until) await pause(5)
  if (reader.delivered !== due) throw new Error(`who stalled was delivered ${reader.delivered} of ${due}`)
  reader.socket.close()
  return { p99, held }
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
          p99: beside.p99,
          p99Without: without.p99,
          p99Change: beside.p99 / without.p99,
        }
      },
    }
  },
}
