import { Client, openAll } from '../load/client.ts'
import { pause } from '../load/clock.ts'
import { Sender } from '../load/sender.ts'
import type { Stage } from '../load/stage.ts'
import type { Workload } from '../workload.ts'
import type { World } from '../world.ts'
import { range } from './worlds.ts'

const roomCount = 100
const membersPerRoom = 5
const people = roomCount * membersPerRoom

/** The first 100 accounts are in one room each, so that they can write to all rooms. */
const world: World = {
  accounts: people,
  rooms: range(roomCount).map((room) => ({
    members: range(membersPerRoom).map((row) => room + row * roomCount),
    messages: 1,
  })),
  text: 'filler',
}

/** Calls back with each position that a client is delivered. */
function watch(client: Client, delivered: (position: number) => void): void {
  client.onStream = (bytes, start, end) => {
    for (const { position } of client.protocol.deliveries(bytes.toString('utf8', start, end))) {
      client.delivered++
      delivered(position)
    }
  }
}

/** Somebody in every room who stays connected; `everybodyWrites` resolves once each has seen what it wrote. */
async function openWriters({ protocol, address, laid }: Stage) {
  const clients = range(roomCount).map(() => new Client(protocol))
  const senders = clients.map((client, account) => new Sender(client, account, [account]))
  await openAll(clients, (client, account) =>
    client.open(address, account, laid.tokens[account] ?? '', laid.head),
  )
  let cursor = laid.head
  for (const client of clients) watch(client, (position) => (cursor = Math.max(cursor, position)))
  return {
    cursor: () => cursor,
    async everybodyWrites(): Promise<void> {
      const before = clients.map((client) => client.delivered)
      for (const sender of senders) sender.send(1, laid.rooms)
      while (clients.some((client, index) => client.delivered === before[index])) await pause(1)
    },
  }
}

/** Connects everybody at the cursor, all at once; resolves when each has been delivered what it missed. */
async function comeBack({ protocol, address, laid }: Stage, cursor: number): Promise<Client[]> {
  const clients = range(people).map(() => new Client(protocol))
  const back = (client: Client, account: number): Promise<void> =>
    new Promise((resolve) => {
      watch(client, () => resolve())
      void client.open(address, account, laid.tokens[account] ?? '', cursor)
    })
  await Promise.all(clients.map(back))
  return clients
}

/** Everybody comes back at once after a short interruption, in which each room got one message. */
export const connect: Workload = {
  name: 'connect',
  title: `${people} clients connect, authenticate, resume`,
  world,
  rounds: 7,
  budgets: [{ figure: 'seconds', unit: 's', atMost: 0.12 }],
  async prepare(stage) {
    const writers = await openWriters(stage)
    const scene = {
      async round() {
        const missedFrom = writers.cursor()
        await writers.everybodyWrites()
        const from = performance.now()
        const clients = await comeBack(stage, missedFrom)
        const seconds = (performance.now() - from) / 1000
        await pause(100)
        for (const client of clients) {
          if (client.delivered !== 1)
            throw new Error(`who missed one message was delivered ${client.delivered}`)
          client.socket.close()
        }
        await pause(500)
        return { seconds }
      },
    }
    await scene.round()
    await scene.round()
    return scene
  },
}
