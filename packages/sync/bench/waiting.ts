import { join } from 'node:path'
import type { ConnectionState } from '@parley/client/connection/state'
import { MessageId, Position } from '@parley/domain/ids'
import type { Entry } from '@parley/domain/stream'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { LongHistory } from '@parley/testkit/long-history'
import { type Engine, openEngine } from '@parley/sync/engine'
import type { Call, Done } from '@parley/sync/outbox/calls'
import type { Followed, ServerPort } from '@parley/sync/ports'
import { isUp, until } from './catching-up.ts'
import { type Figure, type Spent, stopwatch, timed } from './spent.ts'

// What an operation takes while others wait: written without a connection, and sent when there is one.

const key = new Uint8Array(32).fill(2)
const few = 100
const many = 2_000
/** Of all that waits so many are looked at. */
const looked = 100
const conversations = 4
const history = new LongHistory({ messages: 400, conversations: 20, inFirst: 20 })

/** How many times longer something may take while 2,000 wait than while 100 do. */
export interface Ratio {
  readonly figure: string
  readonly times: number
  readonly atMostTimes: number
}

/** Takes every message as soon as there is a connection, and brings it by the stream. */
class TakingServer {
  state: ConnectionState = { kind: 'connecting' }
  readonly #onState: (state: ConnectionState) => void
  readonly #ordinals = new Map<string, number>()
  readonly #base = history.serverUpTo(history.options.messages)
  #position = history.options.messages
  #arrived: Entry[] = []
  #wake: () => void = () => {}
  #isNews = true
  #isClosed = false

  constructor(onState: (state: ConnectionState) => void) {
    this.#onState = onState
    for (let position = 1; position <= this.#position; position += 1) {
      const { conversationId, ordinal } = history.message(position)
      this.#ordinals.set(conversationId, ordinal)
    }
  }

  asPort(): ServerPort {
    const state = () => this.state
    return {
      ...this.#base,
      get state() {
        return state()
      },
      page: () => Promise.resolve({ messages: [], hasOlder: false, hasNewer: false }),
      perform: (call) => this.#perform(call),
      follow: ({ cursor }) => this.#follow(cursor),
      close: async () => {
        this.#isClosed = true
        this.#wake()
      },
    }
  }

  change(state: ConnectionState): void {
    this.state = state
    this.#isNews = true
    this.#onState(state)
    this.#wake()
  }

  async #perform(call: Call): Promise<Done> {
    await new Promise<void>((resolve) => setImmediate(resolve))
    if (call.kind !== 'send') throw new Error(`${call.kind} is not measured`)
    const { conversationId, operationId: clientMessageId, content } = call
    const ordinal = (this.#ordinals.get(conversationId) ?? 0) + 1
    this.#ordinals.set(conversationId, ordinal)
    this.#position += 1
    const id = MessageId.parse(this.#position)
    const sentAt = history.message(this.#position).sentAt
    this.#arrived.push({
      kind: 'message',
      position: Position.parse(this.#position),
      message: { id, conversationId, authorId: history.me, clientMessageId, ordinal, sentAt, content },
    })
    setImmediate(() => this.#wake())
    return { kind: 'sent', sent: { messageId: id, ordinal, sentAt, repeated: false } }
  }

  async *#follow(cursor: number): AsyncGenerator<Followed> {
    const signal = new AbortController().signal
    while (!this.#isClosed) {
      const entries = this.#arrived
      const last = entries.at(-1)
      if (this.state.kind === 'online' && this.#isNews) {
        this.#isNews = false
        for await (const event of this.#base.follow({ cursor, logId: '', signal })) {
          yield event
          if (event.kind === 'live') break
        }
      } else if (last) {
        this.#arrived = []
        yield { kind: 'entries', entries, cursor: last.position }
      } else await this.#woken()
    }
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}

interface Cost {
  readonly keeping: Spent
  readonly sending: Spent
  readonly timeline: Spent
  readonly list: Spent
  readonly badge: Spent
}

const write = (engine: Engine, index: number) =>
  engine.act({
    kind: 'send',
    conversationId: history.conversationId(index % conversations),
    content: { kind: 'plain', text: `Written without a connection, number ${index}` },
  })

/** On the average: many processors count in whole milliseconds what one of them takes. */
function each(count: number, run: (index: number) => unknown): Spent {
  const { ms, cpuMs } = timed(() => {
    for (let index = 0; index < count; index += 1) run(index)
  })
  return { ms: ms / count, cpuMs: cpuMs / count }
}

/** What the last ones to be written took, and then the first ones to be sent. */
async function costWhile(path: string, waiting: number): Promise<Cost> {
  const servers: TakingServer[] = []
  await using engine = openEngine({
    path,
    key,
    connect: (onState) => {
      const made = new TakingServer(onState)
      servers.push(made)
      return made.asPort()
    },
    onDefect: (error) => console.error(error),
  })
  const [server] = servers
  if (!server) throw new Error('The engine does not connect')
  server.change({ kind: 'online' })
  await until(engine, () => isUp(engine))
  server.change({ kind: 'waiting', reason: 'lost', nextTryAt: 0 })
  await new Promise<void>((resolve) => setImmediate(resolve))
  for (let index = 0; index < waiting - looked; index += 1) write(engine, index)
  const keeping = each(looked, (index) => write(engine, index))
  const asked = (ask: () => unknown) => each(looked, ask)
  const timeline = asked(() =>
    engine.timeline({ conversationId: history.conversationId(0), at: { kind: 'newest' } }),
  )
  const list = asked(() => engine.conversations())
  const badge = asked(() => engine.badge())
  const spent = stopwatch()
  server.change({ kind: 'online' })
  const left = waiting - looked
  await until(engine, () => engine.outbox().length <= left)
  const { ms, cpuMs } = spent()
  return { keeping, timeline, list, badge, sending: { ms: ms / looked, cpuMs: cpuMs / looked } }
}

/** The second of a pair is of many; a first run of all warms up what is compiled. */
export async function measureWaiting(): Promise<{ figures: Figure[]; ratios: Ratio[] }> {
  using temporary = temporaryFolder('parley-bench')
  const { path: folder } = temporary
  await costWhile(join(folder, 'waiting-warm.db'), 2 * few)
  const ofFew = await costWhile(join(folder, 'waiting-few.db'), few)
  const ofMany = await costWhile(join(folder, 'waiting-many.db'), many)
  const ratio = (figure: string, which: keyof Cost, atMostTimes: number): Ratio => ({
    figure: `${figure} while ${many} wait, in times of while ${few} do`,
    times: ofMany[which].cpuMs / ofFew[which].cpuMs,
    atMostTimes,
  })
  return {
    figures: [
      { figure: `keeping a message while ${many} wait`, ...ofMany.keeping, atMostMs: 30 },
      { figure: `sending one while ${many} wait`, ...ofMany.sending, atMostMs: 30 },
      { figure: `a conversation in which ${many / conversations} wait`, ...ofMany.timeline, atMostMs: 50 },
      { figure: `the list while ${many} wait`, ...ofMany.list, atMostMs: 50 },
      { figure: `the badge while ${many} wait`, ...ofMany.badge, atMostMs: 50 },
    ],
    ratios: [ratio('keeping a message', 'keeping', 2), ratio('sending one', 'sending', 2)],
  }
}
