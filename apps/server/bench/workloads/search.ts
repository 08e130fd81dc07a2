import { Client } from '../load/client.ts'
import { percentile } from '../load/clock.ts'
import type { Workload } from '../workload.ts'
import { storedBodies, type World } from '../world.ts'
import { range } from './worlds.ts'

const stored = 1_000_000
const roomCount = 50
const roomsOfReader = 40
const warmUpQueries = 50
const queries = 400
const pageItems = 50

/** Account 0 searches: it is in 40 of 50 rooms, so that a fifth of what matches is not for it. */
const world: World = {
  accounts: 3,
  rooms: range(roomCount).map((room) => ({
    members: room < roomsOfReader ? [0, 1, 2] : [1, 2],
    messages: stored / roomCount,
  })),
  text: 'words',
}

/**
 * Three words each. Every second query takes them from one message, so that something is found; the others take them
 * from three, as rare or frequent as words are.
 */
function makeQueries(): string[] {
  const made: string[] = []
  const recent: string[][] = []
  for (const { body } of storedBodies(world)) {
    const words = body.split(' ')
    recent.push(words)
    if (recent.length < 3) continue
    const [first = [], second = [], third = []] = recent.splice(0)
    made.push(made.length % 2 === 0 ? first.slice(0, 3).join(' ') : `${first[0]} ${second[0]} ${third[0]}`)
    if (made.length === warmUpQueries + queries) break
  }
  return made
}

export const search: Workload = {
  name: 'search',
  title: 'search of 1,000,000 messages, 3 words',
  world,
  rounds: 3,
  budgets: [{ figure: 'p99', unit: 'ms', atMost: 20 }],
  async prepare(stage) {
    const { address, laid, protocol } = stage
    const client = new Client(protocol)
    await client.open(address, 0, laid.tokens[0] ?? '', laid.head)
    const readable = new Set(laid.rooms.slice(0, roomsOfReader))

    const find = async (words: string): Promise<{ ms: number; found: number }> => {
      const from = performance.now()
      const answered = new Promise<string>((resolve) => {
        client.onAnswer = (bytes, start, end) => resolve(bytes.toString('utf8', start, end))
      })
      client.socket.send(protocol.search(client.nextRequest(), words, pageItems))
      const text = await answered
      const ms = performance.now() - from
      const { messages } = protocol.page(text)
      for (const { room, body } of messages) {
        const said = new Set(body.split(' '))
        if (!readable.has(room)) throw new Error('a search found what its reader may not see')
        if (!words.split(' ').every((word) => said.has(word)))
          throw new Error(`'${words}' is not in '${body}'`)
      }
      return { ms, found: messages.length }
    }

    const asked = makeQueries()
    for (const words of asked.splice(0, warmUpQueries)) await find(words)
    return {
      async round() {
        const times: number[] = []
        let found = 0
        for (const words of asked) {
          const answer = await find(words)
          times.push(answer.ms)
          if (answer.found > 0) found++
        }
        if (found < asked.length / 2) throw new Error('a search missed what is there')
        return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), foundShare: found / asked.length }
      },
    }
  },
}
