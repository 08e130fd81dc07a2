import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Actor } from '@parley/chat/actor'
import { addAccount, blankAccount } from '@parley/chat/accounts/sign-up'
import { startSession } from '@parley/chat/accounts/sessions'
import { openChat, type Chat, type ChatSettings } from '@parley/chat/chat'
import type { StreamEnd, StreamFrame, StreamSink } from '@parley/chat/delivery/sink'
import { makeGroup } from '@parley/chat/conversations/make'
import { openDatabase } from '@parley/db/open'
import type { Database } from '@parley/db/stores'
import type { MakeGroup } from '@parley/domain/conversations'
import { ClientMessageId, Position, type ConversationId } from '@parley/domain/ids'
import { StreamEvent, type Entry } from '@parley/domain/stream'
import { FakeClock } from '@parley/testkit/fake-clock'

export interface TestChat extends AsyncDisposable {
  readonly chat: Chat
  readonly db: Database
  readonly clock: FakeClock
  /** Defects that were logged; a test that expects none finds it empty. */
  readonly logged: { event: string; fields: Record<string, unknown> }[]
}

/**
 * The same database, as far away as one across a network: what is read is some turns of the event loop old when it
 * arrives, and commits happen meanwhile.
 */
export function farAway(db: Database): Database {
  const { members, log } = db.read
  return {
    read: {
      ...db.read,
      members: {
        get: (...key) => members.get(...key),
        page: (...page) => members.page(...page),
        count: (id) => members.count(id),
        deciders: (id) => members.deciders(id),
        countOf: (id) => members.countOf(id),
        channelsOf: (id) => late(members.channelsOf(id)),
      },
      log: {
        id: () => late(log.id()),
        keptAfter: () => late(log.keptAfter()),
        page: (...page) => late(log.page(...page)),
      },
    },
    write: (use) => db.write(use),
    onCommit: (listener) => db.onCommit(listener),
    head: () => db.head(),
    restored: db.restored,
    stats: db.stats,
    close: () => db.close(),
  }
}

async function late<T>(reading: Promise<T>): Promise<T> {
  const read = await reading
  for (let turns = 0; turns < 3; turns += 1) await new Promise<void>((resolve) => setImmediate(resolve))
  return read
}

/** The real use cases over a real database in a folder of its own, with a clock that the test moves. */
export async function testChat(
  settings: Partial<ChatSettings> = {},
  prepare: (db: Database) => Database = (db) => db,
): Promise<TestChat> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-chat-'))
  const clock = new FakeClock()
  const logged: TestChat['logged'] = []
  const db = prepare(await openDatabase(`sqlite:${join(folder, 'parley.db')}`))
  const chat = openChat({
    db,
    clock,
    settings: { signUp: 'open', passwords: 'on', rateFactor: 1_000, ...settings },
    log: (event, fields) => logged.push({ event, fields }),
  })
  return {
    chat,
    db,
    clock,
    logged,
    async [Symbol.asyncDispose]() {
      await chat.close()
      await db.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A signed-in account, made without the cost of a password. */
export async function person(
  { chat }: Pick<TestChat, 'chat'>,
  username: string,
  as: { operator?: boolean } = {},
): Promise<Actor> {
  return chat.db.write(async (tx) => {
    const account = { ...blankAccount(username, chat.clock.now()), operator: as.operator ?? false }
    await addAccount(tx, account)
    const { sessionId } = await startSession(tx, account, 'Test', chat.clock.now())
    return { accountId: account.id, sessionId, operator: account.operator }
  })
}

export const group = ({ chat }: Pick<TestChat, 'chat'>, founder: Actor, input: Partial<MakeGroup> = {}) =>
  makeGroup(chat, founder, {
    name: 'Group',
    description: '',
    joinPolicy: 'closed',
    listed: false,
    sealed: false,
    members: [],
    ...input,
  })

let counted = 0

export const saying = (
  conversationId: ConversationId,
  text: string,
  clientMessageId = `test-${(counted += 1)}`,
) => ({
  conversationId,
  clientMessageId: ClientMessageId.parse(clientMessageId),
  content: { kind: 'plain' as const, text },
})

/** A stream's other end: takes what comes, and holds back when told to, as a socket does whose peer does not read. */
export class TestSink implements StreamSink {
  readonly events: StreamEvent[] = []
  cursor = 0
  ended: StreamEnd | null = null
  /** Called with each entry as it arrives. */
  onEntry: (entry: Entry) => void = () => undefined
  /** The most that was buffered at once. */
  bufferedMost = 0
  #buffered = 0
  #stalled = false
  #drained: { bytes: number; call: () => void } | null = null
  #waiting: (() => void)[] = []

  write(frame: StreamFrame): void {
    if (this.#stalled) this.#buffered += Buffer.byteLength(frame.json)
    this.bufferedMost = Math.max(this.bufferedMost, this.#buffered)
    const event = StreamEvent.parse(JSON.parse(frame.json))
    this.events.push(event)
    this.cursor = frame.cursor
    if (event.kind === 'entries') event.entries.forEach((entry) => this.onEntry(entry))
    this.#waiting.splice(0).forEach((wake) => wake())
  }

  bufferedBytes(): number {
    return this.#buffered
  }

  whenDrainedTo(bytes: number, call: () => void): void {
    this.#drained = { bytes, call }
    setImmediate(() => this.#tellDrained())
  }

  end(reason: StreamEnd): void {
    this.ended = reason
    this.#waiting.splice(0).forEach((wake) => wake())
  }

  stall(): void {
    this.#stalled = true
  }

  resume(): void {
    this.#stalled = false
    this.#buffered = 0
    this.#tellDrained()
  }

  #tellDrained(): void {
    const drained = this.#drained
    if (!drained || this.#buffered > drained.bytes) return
    this.#drained = null
    drained.call()
  }

  get entries(): Entry[] {
    return this.events.flatMap((event) => (event.kind === 'entries' ? event.entries : []))
  }

  /** Resolves as soon as it holds; looks again at whatever arrives. */
  async until(holds: (sink: TestSink) => boolean): Promise<void> {
    while (!holds(this)) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }
}

/** Follows from a cursor on, until disposed. */
export function follow({ chat }: Pick<TestChat, 'chat'>, actor: Actor, cursor = 0, sink = new TestSink()) {
  const attached = chat.delivery.follow(actor, { cursor: Position.parse(cursor) }).attach(sink)
  return { sink, [Symbol.dispose]: () => attached.detach() }
}

/** Follows from a cursor on, and is live. */
export async function live(testing: Pick<TestChat, 'chat'>, actor: Actor, cursor = 0, sink = new TestSink()) {
  const following = follow(testing, actor, cursor, sink)
  await sink.until(({ events, ended }) => ended !== null || events.some(({ kind }) => kind === 'live'))
  return following
}
