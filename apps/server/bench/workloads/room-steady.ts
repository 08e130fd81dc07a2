import { pause, percentile } from '../load/clock.ts'
import { closedLoop } from '../load/closed-loop.ts'
import { Crowd } from '../load/crowd.ts'
import { LatencyMeter } from '../load/latency.ts'
import type { Workload } from '../workload.ts'
import { oneRoom } from './worlds.ts'

const senders = 4
const inFlight = 8
const messagesPerSecond = 50
const warmUpMs = 1_000
const windowMs = 8_000
const world = oneRoom(100)

/** A lively room of a hundred: how long a message takes to each reader, and what the server spends on it. */
export const roomSteady: Workload = {
  name: 'room-steady',
  title: 'room of 100 at 50 msg/s',
  world,
  rounds: 3,
  budgets: [
    { figure: 'p50', unit: 'ms', atMost: 1 },
    { figure: 'p99', unit: 'ms', atMost: 2.5 },
    { figure: 'cpuPerDelivery', unit: 'µs', ratioAtMost: 1.2 },
  ],
  async prepare(stage) {
    const crowd = await Crowd.connect(stage, world, senders)
    const meter = new LatencyMeter(crowd)
    // A flood first: at this rate alone it would take minutes until the server's code is compiled.
    await closedLoop(stage, crowd, inFlight)
    await crowd.sendSteadily(messagesPerSecond, warmUpMs)
    await crowd.settle()
    return {
      async round() {
        // The other server's round has just ended: let the core cool down to its own work.
        await pause(500)
        meter.take()
        const [cpu, delivered] = [await stage.server.cpuMicros(), crowd.delivered]
        await crowd.sendSteadily(messagesPerSecond, windowMs)
        await crowd.settle()
        const busy = (await stage.server.cpuMicros()) - cpu
        const samples = meter.take()
        return {
          p50: percentile(samples, 0.5),
          p99: percentile(samples, 0.99),
          cpuPerDelivery: busy / (crowd.delivered - delivered),
        }
      },
    }
  },
}
