import { type Client, connect } from '@parley/client/connect'
import { newClientMessageId } from '@parley/client/message-id'
import { ClientMessageId, type ConversationId } from '@parley/domain/ids'
import { makeGroup, signUp, type TestPerson } from '@parley/testkit/people'
import type { Randomness } from '@parley/testkit/randomness'
import type { SpawnedServer } from '@parley/testkit/spawn-server'
import { type Acknowledged, faultsOf, wholeHistory } from './history.ts'

const writersCount = 4
const inFlightEach = 4
const readersCount = 2
const roundAcknowledgementsMax = 40
const roundTurnsMax = 20

interface Reader {
  readonly client: Client
  readonly got: number[]
  /** Resolves when the message has come. */
  reach(messageId: number): Promise<void>
  readonly done: Promise<void>
}

/** Writers that say one thing after another, whatever happens to the server, and note what it acknowledged. */
class Writers {
  readonly acknowledged: Acknowledged[] = []
  #stopping = false
  #waiting: { count: number; resolve: () => void } | null = null
  #failed: Error | null = null
  readonly #running: Promise<unknown>

  constructor(clients: readonly Client[], conversationId: ConversationId) {
    const loops = clients.flatMap((client) =>
      Array.from({ length: inFlightEach }, () => this.#write(client, conversationId)),
    )
    this.#running = Promise.all(loops)
    this.#running.catch((error: unknown) => {
      this.#failed = error instanceof Error ? error : new Error('A writer failed.', { cause: error })
      this.#waiting?.resolve()
    })
  }

  async #write(client: Client, conversationId: ConversationId): Promise<void> {
    while (!this.#stopping) {
      const clientMessageId = ClientMessageId.parse(newClientMessageId())
      const { messageId, ordinal } = await client.send(conversationId, 'What was acknowledged stays.', {
        clientMessageId,
      })
      this.acknowledged.push({ clientMessageId, messageId, ordinal })
      if (this.#waiting && (this.#waiting.count -= 1) <= 0) this.#waiting.resolve()
    }
  }

  /** Resolves with the acknowledgement that makes it so many more. */
  async more(count: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting = { count, resolve }
      if (this.#failed) resolve()
    })
    this.#waiting = null
    if (this.#failed) throw this.#failed
  }

  async stop(): Promise<void> {
    this.#stopping = true
    await this.#running
  }
}

function read(person: TestPerson, url: string, conversationId: ConversationId, random: Randomness): Reader {
  const client = connect({ url, token: person.token, random: () => random.next() / 8 })
  const got: number[] = []
  const waiting = new Map<number, () => void>()
  const done = (async () => {
    for await (const event of client.follow({ cursor: 0 })) {
      if (event.kind !== 'entries') continue
      for (const entry of event.entries) {
        if (entry.kind !== 'message' || entry.message.conversationId !== conversationId) continue
        got.push(entry.position)
        waiting.get(entry.position)?.()
      }
    }
  })()
  const reach = (messageId: number) =>
    new Promise<void>((resolve) => {
      if (got.includes(messageId)) resolve()
      else waiting.set(messageId, resolve)
    })
  return { client, got, reach, done }
}

export interface CrashReport {
  readonly rounds: number
  readonly acknowledged: number
  readonly faults: readonly string[]
}

/**
 * Writers and readers over real sockets, while the server is killed and started again at random moments.
 * @param untilFault ends with the round after which something is wrong.
 */
export async function crashRounds(
  server: SpawnedServer,
  options: { rounds: number; random: Randomness; untilFault?: boolean },
): Promise<CrashReport> {
  const { random, rounds, untilFault = false } = options
  const people = await Promise.all(Array.from({ length: writersCount + readersCount }, () => signUp(server)))
  const [founder] = people
  if (!founder) throw new Error('Nobody is there.')
  const conversationId = await makeGroup(founder, people.slice(1))
  const backoff = () => random.next() / 8
  const clients = people
    .slice(0, writersCount)
    .map(({ token }) => connect({ url: server.url, token, random: backoff }))
  const readers = people.slice(writersCount).map((person) => read(person, server.url, conversationId, random))
  const writers = new Writers(clients, conversationId)

  const faults: string[] = []
  let round = 0
  while (round < rounds && faults.length === 0) {
    round += 1
    await writers.more(random.int(1, roundAcknowledgementsMax))
    for (let turns = random.int(0, roundTurnsMax); turns > 0; turns -= 1) {
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    await server.kill()
    await server.restart()
    if (untilFault)
      faults.push(...faultsOf(await wholeHistory(founder.http, conversationId), writers.acknowledged))
  }
  await writers.stop()

  const history = await wholeHistory(founder.http, conversationId)
  if (!untilFault) faults.push(...faultsOf(history, writers.acknowledged))
  const last = history.at(-1)
  const expected = history.map(({ id }) => id as number)
  for (const [index, reader] of readers.entries()) {
    if (last && faults.length === 0) await reader.reach(last.id)
    await reader.client.close()
    await reader.done
    const isSame =
      reader.got.length === expected.length && reader.got.every((id, place) => id === expected[place])
    if (!isSame) faults.push(`P4: reader ${index} did not get every message once and in order`)
  }
  await Promise.all([...clients.map((client) => client.close()), ...people.map((person) => person.close())])
  return { rounds: round, acknowledged: writers.acknowledged.length, faults }
}
