import { systemClock } from '@parley/client/clock'
import { ParleyError } from '@parley/client/parley-error'
import { type ConversationId, MessageId } from '@parley/domain/ids'
import type { Engine } from '@parley/sync/engine'
import type { TimelineAnchor, TimelineMessage } from '@parley/sync/views'
import type { Ledger, Place, Waiting } from './ledger.ts'
import { windowItems } from './limits.ts'
import { isReadable, type Readable } from './message.ts'

/** A message that the server has. */
type Said = TimelineMessage & { readonly id: MessageId }

const isSaid = (item: TimelineMessage): item is Said => item.id !== null && item.delivery === 'confirmed'

/** What is to be handed over next, and whether it comes late. */
export interface Next {
  readonly item: Readable
  readonly late: boolean
}

export interface LaneSurroundings {
  readonly engine: Engine
  readonly ledger: Ledger
  /** How long a message that cannot be opened yet is waited for, in milliseconds. */
  readonly openWaitMs: number
}

/** Finds what of a conversation is to be handed over, in its order, each message once. */
export class Lane {
  readonly id: ConversationId
  readonly #engine: Engine
  readonly #ledger: Ledger
  readonly #openWaitMs: number
  /** Until when closed messages hold up what follows; null while what comes is open. */
  #holdsUntil: number | null = null
  #isHeldUp = false

  constructor(id: ConversationId, { engine, ledger, openWaitMs }: LaneSurroundings) {
    this.id = id
    this.#engine = engine
    this.#ledger = ledger
    this.#openWaitMs = openWaitMs
  }

  /** When to look again although nothing has changed, in milliseconds from now; null where there is no need. */
  get waitMs(): number | null {
    return this.#isHeldUp && this.#holdsUntil !== null
      ? Math.max(0, this.#holdsUntil - systemClock.now())
      : null
  }

  /** Null when there is nothing, or nothing yet. @throws ParleyError where the server has to be asked, and cannot be */
  async next(): Promise<Next | null> {
    const late = await this.#opened()
    if (late) {
      this.#holdsUntil = null
      return { item: late, late: true }
    }
    for (;;) {
      const place = this.#ledger.place(this.id)
      const item = place && (await this.#after(place))
      this.#isHeldUp = item !== null && this.#holdsUp(item)
      if (this.#isHeldUp) return null
      if (!place || !item) return null
      if (this.#isForHandler(item)) return { item, late: false }
      if (item.content.kind === 'closed') this.#ledger.passOver(this.id, item, place)
      else this.#ledger.moveTo(this.id, item, place)
    }
  }

  /** It was dealt with. */
  finish({ item, late }: Next): void {
    if (late) {
      this.#ledger.endLate(this.id, item, true)
      return
    }
    const place = this.#ledger.place(this.id)
    // It may have been left meanwhile.
    if (place) this.#ledger.moveTo(this.id, item, place)
  }

  /**
   * What mostly opens soon holds up what follows for a while, so that it comes in its turn; once that was waited for in vain, the
   * next ones are not. Somebody who was added before having devices is entitled to nothing until it has said who it is.
   */
  #holdsUp({ content }: Said): boolean {
    if (content.kind !== 'closed') {
      this.#holdsUntil = null
      return false
    }
    if (!content.heals && content.cause !== 'not-entitled') return false
    this.#holdsUntil ??= systemClock.now() + this.#openWaitMs
    return systemClock.now() < this.#holdsUntil
  }

  #isForHandler(item: Said): item is Said & Readable {
    return (
      isReadable(item) &&
      item.authorId !== this.#engine.me()?.id &&
      // One that was handled may stand elsewhere since the server was put back to an older state.
      this.#ledger.handledAt(item.key) === null
    )
  }

  /** The oldest of those that were passed over and can be opened by now. */
  async #opened(): Promise<Readable | null> {
    for (const waiting of this.#ledger.late(this.id)) {
      const item = await this.#held(waiting)
      const isSame = item?.key === waiting.key
      if (isSame && item.content.kind === 'closed') continue
      if (isSame && this.#isForHandler(item)) return item
      // Deleted, or gone from there since the server was put back.
      this.#ledger.endLate(this.id, waiting, false)
    }
    return null
  }

  async #held({ id }: Waiting): Promise<Said | null> {
    const look = () => this.#around(id)?.item ?? null
    const item = look()
    if (item) return item
    try {
      await this.#engine.fill(this.id, { kind: 'around', messageId: id })
    } catch (error) {
      if (!(error instanceof ParleyError) || !error.isRefusal) throw error
    }
    return look()
  }

  /** The message right after a place. */
  async #after(place: Place): Promise<Said | null> {
    const newest = this.#said({ kind: 'newest' }, 1).at(-1)
    if (!newest || (newest.id === place.upTo && newest.key === place.key)) return null
    if (place.key === null) return newest.id <= place.upTo ? null : this.#search(place, newest)
    const id = MessageId.parse(place.upTo)
    const at = this.#around(id)
    if (at?.item.key !== place.key) return this.#search(place, newest)
    if (at.next || !at.isMissing) return at.next
    await this.#engine.fill(this.id, { kind: 'after', messageId: id })
    return this.#around(id)?.next ?? null
  }

  /**
   * Looks for the place from the newest message back: the store was made anew, and may not hold it; or the server was put
   * back to an older state, where other messages stand after the last that both know.
   */
  async #search(place: Place, newest: Said): Promise<Said | null> {
    let first: Said | null = null
    for (let at: TimelineAnchor = { kind: 'newest' }; ;) {
      const { items, older } = this.#engine.timeline({ conversationId: this.id, at, limit: windowItems })
      const said = items.filter(isSaid)
      const known = said.findLastIndex((item) => this.#isKnown(item, place))
      first = said[known + 1] ?? first
      const [oldest] = said
      if (known !== -1 || !oldest || older === 'none') break
      if (older === 'missing') await this.#engine.fill(this.id, { kind: 'before', messageId: oldest.id })
      at = { kind: 'before', messageId: oldest.id }
    }
    if (!first) this.#ledger.moveTo(this.id, newest, { ...place, since: Math.min(place.since, newest.id) })
    return first
  }

  #isKnown({ id, key }: Said, place: Place): boolean {
    return id <= place.since || (id === place.upTo && key === place.key) || this.#ledger.handledAt(key) === id
  }

  #around(messageId: MessageId): { item: Said; next: Said | null; isMissing: boolean } | null {
    const at = { kind: 'around', messageId } as const
    const { items, newer } = this.#engine.timeline({ conversationId: this.id, at, limit: 3 })
    const said = items.filter(isSaid)
    const index = said.findIndex(({ id }) => id === messageId)
    const item = said[index]
    if (!item) return null
    return { item, next: said[index + 1] ?? null, isMissing: newer === 'missing' }
  }

  #said(at: TimelineAnchor, limit: number): Said[] {
    return this.#engine.timeline({ conversationId: this.id, at, limit }).items.filter(isSaid)
  }
}
