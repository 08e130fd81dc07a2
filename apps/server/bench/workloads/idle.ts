import { Client, openAll } from '../load/client.ts'
import { pause } from '../load/clock.ts'
import { Crowd } from '../load/crowd.ts'
import type { Workload } from '../workload.ts'
import type { World } from '../world.ts'
import { range } from './worlds.ts'

const streams = 6_000
const membersPerRoom = 10
const roomCount = streams / membersPerRoom
const warmUpStreams = 500
const settleMs = 2_000

/** The first 600 accounts are in one room each. */
const world: World = {
  accounts: streams,
  rooms: range(roomCount).map((room) => ({
    members: range(membersPerRoom).map((row) => room + row * roomCount),
    messages: 1,
  })),
  text: 'filler',
}

/** Everybody is signed in and nobody writes. That the streams live is shown afterwards: each room gets a message. */
export const idle: Workload = {
  name: 'idle',
  title: `${streams.toLocaleString('en')} signed-in streams, idle`,
  world,
  rounds: 1,
  budgets: [{ figure: 'bytesPerStream', unit: 'B', atMost: 20 * 1024 }],
  async prepare(stage) {
    const { address, laid, protocol } = stage
    // Code is compiled and pools are filled by a few who leave again, so that the rest is what a stream costs.
    const early = range(warmUpStreams).map(() => new Client(protocol))
    await openAll(early, (client, account) =>
      client.open(address, account, laid.tokens[account] ?? '', laid.head),
    )
    for (const client of early) client.socket.close()
    await pause(settleMs)
    return {
      async round() {
        const before = await stage.server.residentBytes()
        const crowd = await Crowd.connect(stage, world, roomCount)
        await pause(settleMs)
        const bytesPerStream = ((await stage.server.residentBytes()) - before) / streams
        for (const writer of crowd.senders) crowd.send(writer, 1)
        await crowd.settle()
        return { bytesPerStream }
      },
    }
  },
}
