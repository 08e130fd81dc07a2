import { AccountId, MessageId } from '@parley/domain/ids'
import { describe, expect, test } from 'vitest'
import type { TimelineAnchor, TimelineMessage, TimelineWindow } from '../../src/renderer/live/queries.ts'
import { shared, stepsBetween } from '../../src/renderer/conversation/timeline/merge.ts'
import { heldItemsMax, openItems, Paging } from '../../src/renderer/conversation/timeline/paging.ts'
import type { Source } from '../../src/renderer/conversation/timeline/shown.ts'
import { rowsOf } from '../../src/renderer/conversation/timeline/rows.ts'

const ada = AccountId.parse('aAAAAAAAAAAAAAAA')
const grace = AccountId.parse('aBBBBBBBBBBBBBBB')
const noon = new Date(2026, 4, 5, 12).getTime()

const said = (ordinal: number, changed: Partial<TimelineMessage> = {}): TimelineMessage => ({
  key: `key ${String(ordinal)}`,
  id: MessageId.parse(ordinal * 10),
  operationId: null,
  delivery: 'confirmed',
  problem: null,
  authorId: ada,
  sentAt: noon + ordinal * 1_000,
  ordinal,
  content: { kind: 'plain', text: `Message ${String(ordinal)}` },
  sealed: false,
  replyTo: null,
  repliedTo: null,
  mentions: [],
  mentionsEveryone: false,
  mentionsMe: false,
  attachments: [],
  reactions: [],
  editedAt: null,
  pending: [],
  pendingProblem: null,
  ...changed,
})

/** A conversation as the engine would answer for it, of which some may be missing on the device. */
class Conversation implements Source {
  messages: TimelineMessage[]
  /** Ordinals below it are on the server alone. */
  heldFrom = 1
  brought: string[] = []
  reachable = true
  readOrdinal = Infinity
  asked = 0

  constructor(count: number) {
    this.messages = Array.from({ length: count }, (_, at) => said(at + 1))
  }

  ask(at: TimelineAnchor, limit: number): Promise<TimelineWindow> {
    this.asked += 1
    const held = this.messages.filter(({ ordinal }) => (ordinal ?? Infinity) >= this.heldFrom)
    const [from, to] = this.#range(held, at, limit)
    const items = held.slice(from, to)
    return Promise.resolve({
      items,
      older: from > 0 ? 'held' : this.heldFrom > 1 ? 'missing' : 'none',
      newer: to < held.length ? 'held' : 'none',
      firstUnreadId: items.find(({ ordinal }) => (ordinal ?? 0) > this.readOrdinal)?.id ?? null,
    })
  }

  #range(held: readonly TimelineMessage[], at: TimelineAnchor, limit: number): [number, number] {
    if (at.kind === 'first-unread') {
      const messageId = held.find(({ ordinal }) => ordinal === this.readOrdinal + 1)?.id
      return this.#range(held, messageId ? { kind: 'around', messageId } : { kind: 'newest' }, limit)
    }
    if (at.kind === 'newest') return [Math.max(0, held.length - limit), held.length]
    const anchor = held.findIndex(({ id }) => id === at.messageId)
    if (anchor === -1) return [0, 0]
    if (at.kind === 'before') return [Math.max(0, anchor - limit), anchor]
    if (at.kind === 'after') return [anchor + 1, Math.min(held.length, anchor + 1 + limit)]
    const half = Math.ceil((limit - 1) / 2)
    return [Math.max(0, anchor - half), Math.min(held.length, anchor + limit - half)]
  }

  /** Nothing was read yet. */
  bringUnread(): Promise<void> {
    if (!this.reachable) return Promise.reject(new Error('unreachable'))
    this.heldFrom = 1
    return Promise.resolve()
  }

  bring(at: { kind: string }): Promise<void> {
    if (!this.reachable) return Promise.reject(new Error('unreachable'))
    this.brought.push(at.kind)
    this.heldFrom = Math.max(1, this.heldFrom - 100)
    return Promise.resolve()
  }
}

/** Lets everything that was asked for be answered, and every step be drawn. */
async function settled(paging: Paging): Promise<void> {
  for (let turn = 0; turn < 50; turn++) {
    await Promise.resolve()
    paging.drawn()
  }
}

const ordinals = (paging: Paging) => paging.snapshot().items.map(({ ordinal }) => ordinal)

async function atTheEndOf(conversation: Conversation): Promise<Paging> {
  const paging = new Paging(conversation)
  paging.open({ kind: 'newest' }, { kind: 'end' })
  await settled(paging)
  return paging
}

describe('steps from one list to another', () => {
  const run = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => said(from + at))

  test('what did not change is the object that it was', () => {
    const before = run(1, 3)
    const now = shared(before, [said(1), said(2, { editedAt: noon }), said(3)])
    expect(now[0]).toBe(before[0])
    expect(now[1]).not.toBe(before[1])
    expect(shared(before, run(1, 3))).toBe(before)
  })

  test('each step changes one end of the list only', () => {
    const steps = stepsBetween(run(10, 20), run(5, 15)) ?? []
    expect(steps.map(({ items, atStart }) => [items[0]?.ordinal, items.at(-1)?.ordinal, atStart])).toEqual([
      [5, 20, true],
      [5, 15, false],
    ])
  })

  test('what is dropped at the start goes in a step of its own', () => {
    const steps = stepsBetween(run(1, 10), run(4, 12)) ?? []
    expect(steps.map(({ items, atStart }) => [items[0]?.ordinal, items.at(-1)?.ordinal, atStart])).toEqual([
      [4, 10, true],
      [4, 12, false],
    ])
  })

  test('there is no way between lists that have nothing in common', () => {
    expect(stepsBetween(run(1, 5), run(8, 9))).toBeNull()
  })
})

describe('a run of messages around the reader', () => {
  test('opens with a window at the end', async () => {
    const paging = await atTheEndOf(new Conversation(500))
    expect(ordinals(paging)).toHaveLength(openItems)
    expect(ordinals(paging).at(-1)).toBe(500)
  })

  test('never holds more than its limit, however far one scrolls back, and leaves no gap', async () => {
    const paging = await atTheEndOf(new Conversation(2_000))
    paging.atEnd = false
    for (let page = 0; page < 40; page++) {
      paging.near('older')
      await settled(paging)
      const here = ordinals(paging)
      expect(here.length).toBeLessThanOrEqual(heldItemsMax)
      expect(here.every((ordinal, at) => at === 0 || ordinal === (here[at - 1] ?? 0) + 1)).toBe(true)
    }
    expect(ordinals(paging)[0]).toBe(1)
    expect(paging.snapshot().newer).toBe('held')
  })

  test('comes forward again as the reader does', async () => {
    const paging = await atTheEndOf(new Conversation(600))
    paging.atEnd = false
    for (const side of ['older', 'newer'] as const) {
      for (let page = 0; page < 10; page++) {
        paging.near(side)
        await settled(paging)
      }
    }
    expect(ordinals(paging).at(-1)).toBe(600)
    expect(paging.snapshot().newer).toBe('none')
  })

  test('what is missing is brought from the server, and then shown', async () => {
    const conversation = new Conversation(300)
    conversation.heldFrom = 241
    const paging = await atTheEndOf(conversation)
    paging.near('older')
    await settled(paging)
    expect(conversation.brought).toEqual(['before'])
    expect(ordinals(paging)[0]).toBeLessThan(241)
  })

  test('a server that cannot be reached is said, and asked again only when that is wanted', async () => {
    const conversation = new Conversation(300)
    conversation.heldFrom = 241
    conversation.reachable = false
    const paging = await atTheEndOf(conversation)
    paging.near('older')
    await settled(paging)
    expect(paging.snapshot().fault?.side).toBe('older')
    conversation.reachable = true
    paging.near('older')
    await settled(paging)
    expect(ordinals(paging)[0]).toBe(241)
    paging.tryAgain()
    await settled(paging)
    expect(ordinals(paging)[0]).toBeLessThan(241)
  })

  test('a reader at the end follows what comes', async () => {
    const conversation = new Conversation(100)
    const paging = await atTheEndOf(conversation)
    conversation.messages.push(said(101), said(102))
    paging.refresh()
    await settled(paging)
    expect(ordinals(paging).at(-1)).toBe(102)
    expect(ordinals(paging)[0]).toBe(41)
  })

  test('a reader elsewhere keeps the messages that are read, changed where they changed', async () => {
    const conversation = new Conversation(1_000)
    const paging = new Paging(conversation)
    paging.open({ kind: 'around', messageId: MessageId.parse(5_000) }, { kind: 'end' })
    await settled(paging)
    paging.atEnd = false
    const before = ordinals(paging)
    conversation.messages[499] = said(500, { editedAt: noon })
    conversation.messages.push(said(1_001))
    paging.refresh()
    await settled(paging)
    expect(ordinals(paging)).toEqual(before)
    expect(paging.snapshot().items.find(({ ordinal }) => ordinal === 500)?.editedAt).toBe(noon)
  })

  test('nothing is drawn again where nothing changed', async () => {
    const conversation = new Conversation(100)
    const paging = await atTheEndOf(conversation)
    const before = paging.snapshot()
    paging.refresh()
    await settled(paging)
    expect(conversation.asked).toBe(2)
    expect(paging.snapshot()).toBe(before)
  })

  test('what comes in masses while the reader is at the end replaces what was there', async () => {
    const conversation = new Conversation(100)
    const paging = await atTheEndOf(conversation)
    for (let ordinal = 101; ordinal <= 5_000; ordinal++) conversation.messages.push(said(ordinal))
    paging.refresh()
    await settled(paging)
    expect(ordinals(paging).at(-1)).toBe(5_000)
    expect(ordinals(paging).length).toBeLessThanOrEqual(heldItemsMax)
  })

  test('the first message that was not read is brought where it lies before what is held', async () => {
    const conversation = new Conversation(300)
    // More than a window is held, and the first unread one still lies before all of it.
    conversation.heldFrom = 201
    conversation.readOrdinal = 20
    const paging = new Paging(conversation)
    paging.open({ kind: 'first-unread' }, { kind: 'end' })
    await settled(paging)
    expect(ordinals(paging)).toContain(21)
    expect(paging.snapshot().goal).toMatchObject({ kind: 'message', id: 210 })
  })

  test('a reader who began to read is not taken elsewhere', async () => {
    const conversation = new Conversation(300)
    conversation.heldFrom = 241
    conversation.readOrdinal = 20
    const paging = new Paging(conversation)
    let come = () => {}
    conversation.bringUnread = () =>
      new Promise((resolve) => {
        come = resolve
      })
    paging.open({ kind: 'first-unread' }, { kind: 'end' })
    await settled(paging)
    paging.touched = true
    conversation.heldFrom = 1
    come()
    await settled(paging)
    expect(ordinals(paging)[0]).toBe(241)
  })

  test('who goes to the newest while what was not read is on its way is not taken back', async () => {
    const conversation = new Conversation(300)
    conversation.heldFrom = 241
    conversation.readOrdinal = 20
    const paging = new Paging(conversation)
    let come = () => {}
    conversation.bringUnread = () =>
      new Promise((resolve) => {
        come = resolve
      })
    paging.open({ kind: 'first-unread' }, { kind: 'end' })
    await settled(paging)
    paging.goToNewest()
    conversation.heldFrom = 1
    come()
    await settled(paging)
    expect(ordinals(paging).at(-1)).toBe(300)
    expect(paging.snapshot().goal).toEqual({ kind: 'end' })
  })

  test('who goes to the newest while another part is on its way comes to the newest', async () => {
    const conversation = new Conversation(300)
    conversation.readOrdinal = 20
    const paging = await atTheEndOf(conversation)
    paging.open({ kind: 'first-unread' }, { kind: 'end' })
    paging.goToNewest()
    await settled(paging)
    expect(ordinals(paging).at(-1)).toBe(300)
    expect(paging.snapshot().goal).toEqual({ kind: 'end' })
  })

  test('a message that is not held is brought with its surroundings', async () => {
    const conversation = new Conversation(300)
    conversation.heldFrom = 241
    const paging = await atTheEndOf(conversation)
    await expect(paging.goTo(MessageId.parse(2_000))).resolves.toBe(true)
    await settled(paging)
    expect(ordinals(paging)).toContain(200)
    expect(paging.snapshot().goal).toEqual({ kind: 'message', id: 2_000 })
  })

  test('a message that is not there is said not to be', async () => {
    const paging = await atTheEndOf(new Conversation(50))
    await expect(paging.goTo(MessageId.parse(77_777))).resolves.toBe(false)
    expect(ordinals(paging).at(-1)).toBe(50)
  })
})

describe('rows', () => {
  const marks = { newFrom: null, begins: false }
  const opening = (messages: readonly TimelineMessage[]) => rowsOf(messages, marks).map(({ opens }) => opens)

  test('messages of one author within five minutes stand under one name', () => {
    const later = said(3, { sentAt: noon + 1_000 + 6 * 60_000 })
    expect(opening([said(1), said(2), later])).toEqual([true, false, true])
    expect(opening([said(1), said(2, { authorId: grace })])).toEqual([true, true])
  })

  test('the day is said above its first message', () => {
    const tomorrow = said(2, { sentAt: noon + 24 * 60 * 60_000 })
    expect(
      rowsOf([said(1), tomorrow, said(3, { sentAt: tomorrow.sentAt })], marks).map(({ day }) => day),
    ).toEqual([true, true, false])
  })

  test('the New line stands above the first message that was not read, under a name of its own', () => {
    const rows = rowsOf([said(1), said(2), said(3)], { newFrom: 2, begins: true })
    expect(rows.map(({ isNew }) => isNew)).toEqual([false, true, false])
    expect(rows.map(({ opens }) => opens)).toEqual([true, true, false])
    expect(rows.map(({ begins }) => begins)).toEqual([true, false, false])
  })
})
