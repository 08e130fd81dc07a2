import { countBodies, Client, openAll } from '../load/client.ts'
import { pause } from '../load/clock.ts'
import type { Stage } from '../load/stage.ts'
import type { Workload } from '../workload.ts'
import { readBody } from '../world.ts'
import { oneRoom } from './worlds.ts'

const readers = 8
const stored = 100_000
const pageItems = 50
const rampMs = 300
const windowMs = 3_000
const world = oneRoom(readers, stored)

/** Throws unless the page holds the newest messages without a gap, as the world was laid down. */
function verifyPage(stage: Stage, text: string): void {
  const messages = stage.protocol.page(text).messages.toSorted((one, other) => one.position - other.position)
  if (messages.length !== pageItems) throw new Error(`a page has ${messages.length} messages`)
  for (const [index, { body, room }] of messages.entries()) {
    const due = stored - pageItems + index
    const said = readBody(body)
    if (room !== stage.laid.rooms[0] || said?.sender !== due % readers || said.count !== due + 1) {
      throw new Error(`message ${due + 1} is not in its place: ${body}`)
    }
  }
}

/** Eight people open the same long conversation over and over. The first reads its pages in full. */
export const newest: Workload = {
  name: 'newest',
  title: `newest ${pageItems} of ${stored.toLocaleString('en')}, ${readers} readers`,
  world,
  rounds: 5,
  budgets: [{ figure: 'pagesPerSecond', unit: '/s', atLeast: 12_000 }],
  async prepare(stage) {
    const { address, laid } = stage
    const clients = Array.from({ length: readers }, () => new Client(stage.protocol))
    await openAll(clients, (client, account) =>
      client.open(address, account, laid.tokens[account] ?? '', laid.head),
    )
    let asking = false
    let underWay = 0
    let pages = 0
    const ask = (client: Client): void => {
      underWay++
      client.socket.send(stage.protocol.newest(client.nextRequest(), laid.rooms[0] ?? '', pageItems))
    }
    for (const [index, client] of clients.entries()) {
      client.onAnswer = (bytes, start, end) => {
        underWay--
        pages++
        if (index === 0) verifyPage(stage, bytes.toString('utf8', start, end))
        else if (countBodies(bytes, start, end) !== pageItems) throw new Error('a page is not full')
        if (asking) ask(client)
      }
    }
    const scene = {
      async round() {
        asking = true
        for (const client of clients) ask(client)
        await pause(rampMs)
        const cpu = await stage.server.cpuMicros()
        const [from, before] = [performance.now(), pages]
        await pause(windowMs)
        const asked = pages - before
        const pagesPerSecond = (asked * 1000) / (performance.now() - from)
        const cpuMicrosPerPage = ((await stage.server.cpuMicros()) - cpu) / asked
        asking = false
        while (underWay > 0) await pause(1)
        return { pagesPerSecond, cpuMicrosPerPage }
      },
    }
    await scene.round()
    return scene
  },
}
