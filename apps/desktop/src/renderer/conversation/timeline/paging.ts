import type { MessageId } from '@parley/domain/ids'
import type { TimelineAnchor, TimelineMessage, TimelineWindow } from '../../live/queries.ts'
import { type Items, shared, type Step, stepsBetween } from './merge.ts'
import type { Sizes } from './visits.ts'
import { type BringAnchor, type Goal, nothing, type Shown, type Side, type Source } from './shown.ts'

/** Messages of the first window: a screen and a half of short ones, as switching conversations waits for it. */
export const openItems = 60
export const pageItems = 80
/** More than these are not held by the page; what is far from the reader goes, and comes again. */
export const heldItemsMax = 240
/** Pixels above the first unread message, for the "New" line and a little of what was read. */
const newLineOffset = 120
/** What the engine answers at most. */
const askItemsMax = 400

interface Opening {
  readonly at: TimelineAnchor
  readonly goal: Goal
  /** What is not read was brought for it: it is not asked for once more. */
  readonly unreadBrought?: boolean
}

type Ends = Pick<Shown, 'older' | 'newer' | 'firstUnreadId'>

/**
 * A bounded run of a conversation's messages around the reader. Questions go out one after the other, and the answer to
 * each is laid upon what is there then; filling from the server goes on beside them.
 */
export class Paging {
  readonly #source: Source
  readonly #listeners = new Set<() => void>()
  #shown: Shown
  #steps: readonly Step[] = []
  #opening: Opening | null = null
  readonly #wanted = new Set<'refresh' | Side>()
  #working = false
  /** Whether another part of the conversation is on its way. */
  #isOpening = false
  /** Whether the newest is to be followed: the reader is at the end. */
  atEnd = true
  /** Whether the reader did something since this part was opened, and so is not to be taken elsewhere. */
  touched = false

  /** How high the rows are that it begins with, where that is known. */
  readonly sizes: Sizes | null

  constructor(source: Source, shown: Shown | null = null, sizes: Sizes | null = null) {
    this.#source = source
    this.#shown = shown ?? nothing
    this.sizes = sizes
  }

  readonly snapshot = (): Shown => this.#shown

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Shows another part of the conversation. */
  open(at: TimelineAnchor, goal: Goal): void {
    this.#opening = { at, goal }
    void this.#work()
  }

  /** Something in the conversation changed. */
  readonly refresh = (): void => this.#want('refresh')

  /** The reader comes near an end. */
  near(side: Side): void {
    const beyond = this.#shown[side]
    if (beyond === 'held') this.#want(side)
    else if (beyond === 'missing' && this.#shown.fault?.side !== side) void this.#fill(side)
  }

  /** What could not be brought is asked for again. */
  readonly tryAgain = (): void => {
    const { fault } = this.#shown
    if (!fault) return
    this.#show({ fault: null })
    this.near(fault.side)
  }

  /** Goes to a message, or answers false where it cannot be had. @throws what the server said. */
  async goTo(id: MessageId): Promise<boolean> {
    this.touched = true
    if (this.#shown.items.some((message) => message.id === id)) {
      this.#show({ goal: { kind: 'message', id } })
      return true
    }
    const at = { kind: 'around', messageId: id } as const
    const isThere = async () => (await this.#source.ask(at, 1)).items.some((message) => message.id === id)
    if (!(await isThere())) {
      await this.#source.bring(at)
      if (!(await isThere())) return false
    }
    this.open(at, { kind: 'message', id })
    return true
  }

  goToNewest(): void {
    this.atEnd = true
    this.touched = true
    const isHere = this.#shown.ready && this.#shown.newer === 'none' && !this.#isOpening
    if (isHere) this.#show({ goal: { kind: 'end' } })
    else this.open({ kind: 'newest' }, { kind: 'end' })
  }

  /** The list was drawn as it is: the next step, if there is one. */
  readonly drawn = (): void => {
    const [step, ...rest] = this.#steps
    if (!step) return
    this.#steps = rest
    this.#show({ items: step.items, atStart: step.atStart })
  }

  #want(what: 'refresh' | Side): void {
    this.#wanted.add(what)
    void this.#work()
  }

  async #work(): Promise<void> {
    if (this.#working) return
    this.#working = true
    try {
      for (let job = this.#next(); job; job = this.#next()) await job()
    } finally {
      this.#working = false
    }
  }

  #next(): (() => Promise<void>) | null {
    const opening = this.#opening
    if (opening) {
      this.#opening = null
      this.#wanted.clear()
      return () => this.#openAt(opening)
    }
    if (this.#wanted.delete('refresh')) return () => this.#refresh()
    for (const side of ['older', 'newer'] as const) {
      if (this.#wanted.delete(side)) return () => this.#extend(side)
    }
    return null
  }

  /** Null where the answer comes too late, as another part was asked for meanwhile, or where there is none. */
  async #ask(at: TimelineAnchor, limit: number): Promise<TimelineWindow | null> {
    try {
      const answer = await this.#source.ask(at, limit)
      return this.#opening ? null : answer
    } catch (error) {
      // The engine was started again; it says that everything changed once it is there.
      this.#show({ fault: { side: 'older', error } })
      return null
    }
  }

  async #openAt({ at, goal, unreadBrought = false }: Opening): Promise<void> {
    this.#isOpening = true
    const answer = await this.#ask(at, openItems)
    this.#isOpening = false
    if (!answer) return
    const { firstUnreadId } = answer
    const isUnread = at.kind === 'first-unread' && firstUnreadId !== null
    this.touched = false
    this.#replace(answer, isUnread ? { kind: 'message', id: firstUnreadId, offset: newLineOffset } : goal)
    const isCutOff = isUnread && answer.items[0]?.id === firstUnreadId && answer.older !== 'none'
    if (isCutOff && !unreadBrought) void this.#openUnread(goal)
    if (answer.items.length === 0 && answer.older === 'missing') void this.#fill('older')
  }

  /** The first of what is not read is on the server alone: it is brought, and shown if the reader waited for it. */
  async #openUnread(goal: Goal): Promise<void> {
    const { part } = this.#shown
    try {
      await this.#source.bringUnread()
    } catch {
      // There is no connection: what is held is what can be read.
      return
    }
    if (this.touched || this.#shown.part !== part || this.#opening) return
    this.#opening = { at: { kind: 'first-unread' }, goal, unreadBrought: true }
    void this.#work()
  }

  #replace({ items, older, newer, firstUnreadId }: TimelineWindow, goal: Goal): void {
    this.#steps = []
    this.#show({
      items: shared(this.#shown.items, items),
      ...{ older, newer, firstUnreadId, goal },
      part: this.#shown.part + 1,
      atStart: false,
      fault: null,
      ready: true,
    })
  }

  async #extend(side: Side): Promise<void> {
    const items = this.#target()
    const edge = side === 'older' ? items.find(isNamed) : items.findLast(isNamed)
    if (!edge || this.#shown[side] !== 'held') return
    const answer = await this.#ask(
      { kind: side === 'older' ? 'before' : 'after', messageId: edge.id },
      pageItems,
    )
    if (!answer) return
    const ends = { firstUnreadId: this.#shown.firstUnreadId ?? answer.firstUnreadId }
    if (side === 'older') {
      const all = [...answer.items, ...items]
      const kept = all.slice(0, heldItemsMax)
      const newer = kept.length < all.length ? 'held' : this.#shown.newer
      this.#become(kept, { ...ends, older: answer.older, newer })
    } else {
      const all = [...items, ...answer.items]
      const kept = all.slice(-heldItemsMax)
      const older = kept.length < all.length ? 'held' : this.#shown.older
      this.#become(kept, { ...ends, newer: answer.newer, older })
    }
  }

  /** What is shown, asked for again. */
  async #refresh(): Promise<void> {
    if (!this.#shown.ready) return
    const items = this.#target()
    const named = items.filter(isNamed)
    const middle = named[named.length >> 1]
    if (!middle || (this.atEnd && this.#shown.newer === 'none')) await this.#refreshEnd(items)
    else await this.#refreshAround(items, middle.id)
  }

  async #refreshEnd(items: Items): Promise<void> {
    const limit = Math.min(Math.max(items.length + 8, openItems), heldItemsMax)
    const answer = await this.#ask({ kind: 'newest' }, limit)
    if (!answer) return
    if (answer.items.length === 0 && answer.older === 'missing') {
      // Everything is on its way anew; what was read stays to be seen meanwhile.
      void this.#fill('older')
      return
    }
    const start = answer.items.findIndex(({ key }) => key === items[0]?.key)
    const kept = start > 0 ? answer.items.slice(start) : answer.items
    this.#become(kept, { ...answer, older: start > 0 ? 'held' : answer.older })
  }

  async #refreshAround(items: Items, middle: MessageId): Promise<void> {
    const at = { kind: 'around', messageId: middle } as const
    const answer = await this.#ask(at, Math.min(items.length + pageItems, askItemsMax))
    if (!answer) return
    if (!answer.items.some(({ id }) => id === middle)) {
      this.#bringBack(at)
      return
    }
    const start = Math.max(
      0,
      answer.items.findIndex(({ key }) => key === items[0]?.key),
    )
    const last = answer.items.findIndex(({ key }) => key === items.at(-1)?.key)
    // Where the newest was there to be seen, newer ones follow it; elsewhere they are asked for as the reader comes near.
    const end = this.#shown.newer === 'none' || last === -1 ? answer.items.length : last + 1
    const stop = Math.min(end, start + askItemsMax)
    this.#become(answer.items.slice(start, stop), {
      older: start > 0 ? 'held' : answer.older,
      newer: stop < answer.items.length ? 'held' : answer.newer,
      firstUnreadId: answer.firstUnreadId,
    })
  }

  /** What the list is on its way to. */
  #target(): Items {
    return this.#steps.at(-1)?.items ?? this.#shown.items
  }

  #become(now: Items, { older, newer, firstUnreadId }: Ends): void {
    const items = shared(this.#target(), now)
    const steps = stepsBetween(this.#shown.items, items)
    if (!steps) {
      const goal: Goal = { kind: 'end' }
      this.#replace({ items: [...items], older, newer, firstUnreadId }, goal)
      return
    }
    const [step, ...rest] = steps
    this.#steps = rest
    const shown = this.#shown
    const isSame = older === shown.older && newer === shown.newer && firstUnreadId === shown.firstUnreadId
    if (step || !isSame) this.#show({ ...step, older, newer, firstUnreadId })
  }

  async #fill(side: Side): Promise<void> {
    if (this.#shown.filling) return
    const named = this.#target().filter(isNamed)
    const edge = side === 'older' ? named[0] : named.at(-1)
    this.#show({ filling: side, fault: null })
    try {
      await this.#source.bring(
        edge ? { kind: side === 'older' ? 'before' : 'after', messageId: edge.id } : { kind: 'newest' },
      )
      this.#show({ filling: null })
      this.#want('refresh')
      this.#want(side)
    } catch (error) {
      this.#show({ filling: null, fault: { side, error } })
    }
  }

  #bringBack(at: BringAnchor): void {
    this.#source.bring(at).then(this.refresh, () => {
      // What was read stays to be seen; it is brought when there is a connection again, as everything changes then.
    })
  }

  #show(changed: Partial<Shown>): void {
    this.#shown = { ...this.#shown, ...changed }
    for (const listener of [...this.#listeners]) listener()
  }
}

const isNamed = (message: TimelineMessage): message is TimelineMessage & { readonly id: MessageId } =>
  message.id !== null && message.ordinal !== null
