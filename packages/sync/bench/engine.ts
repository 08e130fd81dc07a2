import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { AccountId, ClientMessageId, ConversationId, MessageId, Position } from '@parley/domain/ids'
import type { Message } from '@parley/domain/messages'
import type { Entry, Snapshot } from '@parley/domain/stream'
import { type Engine, openEngine } from '@parley/sync/engine'
import type { Followed, ServerPort } from '@parley/sync/ports'

// What the engine takes, without a network: the server is a list of entries. `--messages` says how many are held.

const { values } = parseArgs({
  options: { messages: { type: 'string', default: '1000000' }, missed: { type: 'string', default: '10000' } },
})
const heldMessages = Number(values.messages)
const missedMessages = Number(values.missed)
const conversations = 200
const entriesPerEvent = 500
const key = new Uint8Array(32).fill(1)

const me = AccountId.parse('aada____________')
const other = AccountId.parse('abob____________')
const conversationId = (index: number) =>
  ConversationId.parse(`c${String(index % conversations).padStart(15, '0')}`)
const vocabulary = Array.from({ length: 20_000 }, (_, index) =>
  ((index * 7919 * 46_657) % 60_466_169).toString(36),
)
const textOf = (position: number) =>
  Array.from(
    { length: 12 },
    (_, index) => vocabulary[Math.floor(((position * 31 + index * 977) % 20_000) ** 1.1) % 20_000],
  ).join(' ')

const message = (position: number): Message => ({
  id: MessageId.parse(position),
  conversationId: conversationId(position),
  authorId: other,
  clientMessageId: ClientMessageId.parse(`message-${position}`),
  ordinal: Math.floor((position - 1) / conversations) + 1,
  sentAt: 1_700_000_000_000 + position,
  content: { kind: 'plain', text: textOf(position) },
})

const snapshot: Snapshot = {
  cursor: Position.parse(0),
  logId: 'bench',
  me: {
    id: me,
    username: 'ada',
    displayName: 'Ada',
    name: '',
    lastName: '',
    bot: false,
    disabled: false,
    operator: false,
    ownerId: null,
    hasPassword: true,
    createdAt: 0,
  },
  conversations: Array.from({ length: conversations }, (_, index) => ({
    conversation: {
      id: conversationId(index),
      kind: 'group',
      name: `Group ${index}`,
      description: '',
      joinPolicy: 'closed',
      listed: false,
      sealed: false,
      founderId: other,
      createdAt: 0,
      closedAt: null,
    },
    role: 'member',
    memberCount: 2,
    lastMessage: null,
    readUpTo: 0,
    unread: 0,
    mentions: 0,
  })),
  next: null,
  requests: { toDecide: [], mine: [], invitations: [] },
}

/** A server that has messages up to a position, and never answers what is asked beyond that. */
function serverUpTo(last: number): ServerPort {
  const never = () => new Promise<never>(() => {})
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  return {
    state: { kind: 'online' },
    snapshot: () => Promise.resolve(snapshot),
    mine: never,
    page: never,
    message: never,
    messageAtTime: never,
    members: never,
    people: never,
    search: never,
    typing: never,
    upload: never,
    download: never,
    perform: never,
    async *follow({ cursor }): AsyncGenerator<Followed> {
      for (let position = cursor + 1; position <= last; position += entriesPerEvent) {
        const until = Math.min(last, position + entriesPerEvent - 1)
        const entries: Entry[] = []
        for (let each = position; each <= until; each += 1) {
          entries.push({ kind: 'message', position: Position.parse(each), message: message(each) })
        }
        yield { kind: 'entries', entries, cursor: until }
      }
      yield { kind: 'live', cursor: last }
      await ended
    },
    retryNow() {},
    async close() {
      end()
    },
  }
}

const open = (path: string, last: number): Engine =>
  openEngine({ path, key, connect: () => serverUpTo(last), onDefect: (error) => console.error(error) })

const caughtUp = (engine: Engine) =>
  new Promise<void>((resolve) => {
    const isThere = () => {
      const connection = engine.connection()
      return connection.kind === 'online' && connection.caughtUp
    }
    if (isThere()) return resolve()
    const listening = engine.onChange(() => {
      if (!isThere()) return
      listening[Symbol.dispose]()
      resolve()
    })
  })

const quantile = (times: readonly number[], share: number) =>
  times.toSorted((one, next) => one - next)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0

function timed(run: () => unknown): number {
  const start = performance.now()
  run()
  return performance.now() - start
}

const say = (what: string, ms: number, goal: string) => console.log(`${what}: ${ms.toFixed(1)} ms (${goal})`)

async function main(path: string): Promise<void> {
  const first = open(path, heldMessages)
  const start = performance.now()
  await caughtUp(first)
  console.log(`${heldMessages} messages taken in: ${((performance.now() - start) / 1000).toFixed(1)} s`)
  await first.close()

  let engine: Engine | null = null
  const opening = timed(() => {
    engine = open(path, heldMessages)
    engine.conversations()
    engine.timeline({ conversationId: conversationId(1), at: { kind: 'newest' } })
  })
  say('open to first answers', opening, 'at most 150')
  await (engine ?? first).close()
  await catchUp(path)
}

async function catchUp(path: string): Promise<void> {
  await using engine = open(path, heldMessages + missedMessages)
  const queries: number[] = []
  const waits: number[] = []
  let running = true
  let asked = performance.now()
  // The screen asks all the time; what it waits for its turn counts too.
  const ask = () => {
    if (!running) return
    const began = performance.now()
    waits.push(began - asked)
    queries.push(
      timed(() => {
        engine.conversations()
        engine.timeline({ conversationId: conversationId(1), at: { kind: 'newest' } })
      }),
    )
    asked = performance.now()
    setTimeout(ask, 20)
  }
  setTimeout(ask, 0)
  const start = performance.now()
  await caughtUp(engine)
  say(`catching up on ${missedMessages}`, performance.now() - start, 'at most 3000')
  running = false
  say('longest query meanwhile', quantile(queries, 1), 'at most 50')
  say('longest wait for its turn, 20 of them wanted', quantile(waits, 1), 'at most 50')

  const searches = Array.from({ length: 1_000 }, (_, index) =>
    timed(() => engine.search({ words: vocabulary[(index * 37) % 20_000] ?? '' })),
  )
  say('search, p99', quantile(searches, 0.99), 'at most 50')
  const prefixes = Array.from({ length: 200 }, (_, index) =>
    timed(() => engine.search({ words: (vocabulary[index] ?? '').slice(0, 1 + (index % 4)) })),
  )
  say('search of a short beginning, p99', quantile(prefixes, 0.99), 'at most 50')
  const acts = Array.from({ length: 200 }, (_, index) =>
    timed(() => {
      const id = conversationId(index)
      engine.act({ kind: 'send', conversationId: id, content: { kind: 'plain', text: 'hello' } })
      engine.timeline({ conversationId: id, at: { kind: 'newest' } })
    }),
  )
  say('own message kept and in the timeline, p99', quantile(acts, 0.99), 'at most 30 to the screen')
}

const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'))
try {
  await main(join(folder, 'store.db'))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
