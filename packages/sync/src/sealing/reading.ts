import { readmittedBy } from '@parley/crypto/branches'
import { ParleyError } from '@parley/client/parley-error'
import type { AccountId } from '@parley/domain/ids'
import { fromText, type Hash, toText } from '@parley/domain/sealed/bytes'
import { type SealedCause, SealedError } from '@parley/domain/sealed/causes'
import { headsNamed } from '@parley/domain/sealed/chain'
import { readChainEntry } from '@parley/domain/sealed/chain-entry'
import type { ChainPage } from '@parley/domain/sealed/wire'
import { logOf } from '../store/meta.ts'
import { type StoredChainEntry, storedChain, storedNotices } from '../store/sealed.ts'
import { sliceMs } from '../limits.ts'
import type { Kit } from './kit.ts'
import type { DeviceLists } from './lists.ts'
import type { Room, Rooms } from './rooms.ts'

const entriesPerAppend = 20

interface Step {
  /** The first entry that is to be taken yet. */
  readonly next: number
  readonly needsLists: boolean
  readonly error?: SealedError
}

/** Reads chains on, and finds out where the server shows another one than before. */
export class Reading {
  readonly #kit: Kit
  readonly #lists: DeviceLists
  readonly #rooms: Rooms
  readonly #underWay = new Map<Room, Promise<void>>()
  readonly #stale = new Set<Room>()

  constructor(kit: Kit, lists: DeviceLists, rooms: Rooms) {
    this.#kit = kit
    this.#lists = lists
    this.#rooms = rooms
  }

  /** Whether the chain is known as the server has it, but for what the log brings from here on. */
  isRead({ facts }: Room): boolean {
    const { standing } = this.#kit.store
    if (!standing || !facts.read || facts.none) return false
    return facts.read.snapshot === standing.snapshot && facts.read.logId === logOf(standing)
  }

  /** The log says that there is more of the chain than is here. */
  behind(room: Room): void {
    this.#stale.add(room)
    this.#rooms.note(room, { read: null })
  }

  /** @throws ParleyError */
  async ensure(room: Room): Promise<void> {
    if (!this.isRead(room)) await this.on(room)
  }

  /** Reads a chain on to its end; whoever asks meanwhile gets the same. @throws ParleyError */
  on(room: Room): Promise<void> {
    const known = this.#underWay.get(room)
    if (known) return known
    const reading = this.#on(room).finally(() => this.#underWay.delete(room))
    this.#underWay.set(room, reading)
    return reading
  }

  async #on(room: Room): Promise<void> {
    const { standing } = this.#kit.store
    try {
      // What the log brought meanwhile may have been more than could be taken before this was.
      do {
        this.#stale.delete(room)
        await this.#read(room)
      } while (this.#stale.has(room))
    } catch (error) {
      if (!(error instanceof SealedError)) throw error
      this.caught(room, error)
      return
    }
    const none = room.chain === null
    const read = standing && { logId: logOf(standing), snapshot: standing.snapshot }
    // A server that was put back has forgotten what it was asked.
    const asked = this.#isRestored(room) ? null : room.facts.asked
    this.#rooms.note(room, { read, log: read?.logId ?? null, none, asked, broken: this.#whyOther(room) })
  }

  /** The server showed what cannot be: it is kept, shown, and nothing more is taken before that mends. */
  caught(room: Room, error: SealedError): void {
    if (room.facts.broken === error.kind) return
    this.#rooms.note(room, { broken: error.kind })
    this.tellOnce(room, error.kind)
  }

  /** The same again says nothing new. */
  tellOnce(room: Room, cause: SealedCause): void {
    const last = storedNotices(this.#kit.store.connection, room.id).at(-1)
    if (last?.kind === 'lied' && last.cause === cause) return
    const { standing } = this.#kit.store
    const at = this.#kit.clock.now()
    this.#rooms.tell(room, { kind: 'lied', cause, at, position: standing?.cursor ?? 0 })
  }

  /** A backup knew the chain up to an entry: the server has to show the same one. */
  #whyOther({ facts: { seen }, chain }: Room): 'chain-broken' | null {
    if (!seen) return null
    return chain?.hashes[seen.index] === seen.hash ? null : 'chain-broken'
  }

  async #read(room: Room): Promise<void> {
    const { port } = this.#kit
    for (;;) {
      const length = room.chain?.hashes.length ?? 0
      const page = await port.chain(room.id, Math.max(0, length - 1))
      const [first] = page.entries
      if (length > 0 && !first) {
        await this.#giveBack(room)
        return
      }
      if (length > 0 && first && this.#hash(first.entry) !== room.chain?.hashes[length - 1]) {
        await this.#otherBranch(room)
        return
      }
      await this.takeAll(room, page)
      if (!page.more) return
    }
  }

  /** In steps of a few milliseconds, each one transaction. @throws SealedError, ParleyError */
  async takeAll(room: Room, { entries }: Pick<ChainPage, 'entries'>, moved = false): Promise<void> {
    const all = entries.map(({ entry, position }) => ({ bytes: fromText(entry), position }))
    const { store } = this.#kit
    for (let at = 0; at < all.length;) {
      const step = store.write(() => this.#takeStep(room, all, { first: at, moved }))
      if (step.error) throw step.error
      at = step.next
      const entry = all[at]
      if (step.needsLists && entry) {
        const named = headsNamed(readChainEntry(entry.bytes))
        await this.#lists.learnHeads(named)
        if (named.some((ref) => !this.#lists.knows(ref)))
          throw new SealedError('needs-list', 'The server does not show a list that is named.')
      }
      await this.#kit.breathe()
    }
  }

  /** Says what went wrong instead of throwing it: what was taken before stays taken. */
  #takeStep(
    room: Room,
    entries: readonly StoredChainEntry[],
    { first, moved }: { readonly first: number; readonly moved: boolean },
  ): Step {
    const deadline = this.#kit.clock.now() + sliceMs
    for (let next = first; next < entries.length; next += 1) {
      const entry = entries[next]
      if (!entry || (next > first && this.#kit.clock.now() >= deadline)) return { next, needsLists: false }
      try {
        const taken = this.#rooms.take(room, entry, moved)
        if (taken === 'needs-lists') return { next, needsLists: true }
        if (taken === 'other' || taken === 'gap')
          throw new SealedError('chain-broken', 'The server shows another chain than before.')
      } catch (error) {
        if (!(error instanceof SealedError)) throw error
        return { next, needsLists: false, error }
      }
    }
    return { next: entries.length, needsLists: false }
  }

  readonly #hash = (entry: string): Hash => this.#kit.primitives.hash(fromText(entry))

  /** Whether the log is another one, or shorter, than when the chain was read last. */
  #isRestored({ facts }: Room): boolean {
    const { standing } = this.#kit.store
    return facts.log !== null && standing !== null && facts.log !== logOf(standing)
  }

  /** The server knows less than this device: it gets back what it lost. One that says its log to be the same has lied. */
  async #giveBack(room: Room): Promise<void> {
    const { port, store } = this.#kit
    const lied = () => new SealedError('chain-broken', 'The server shows a shorter chain than before.')
    const head = await port.chainHead(room.id)
    if (head && room.chain?.hashes[head.index] !== head.hash) return this.#otherBranch(room)
    if (!this.#isRestored(room)) throw lied()
    const entries = storedChain(store.connection, room.id).slice((head?.index ?? -1) + 1)
    try {
      for (let at = 0; at < entries.length; at += entriesPerAppend) {
        const part = entries.slice(at, at + entriesPerAppend).map(({ bytes }) => toText(bytes))
        await port.append({ conversationId: room.id, entries: part })
      }
    } catch (error) {
      // Somebody else was faster, or went on otherwise, or it names what a device list lost for ever.
      const isOther = error instanceof ParleyError && ['head-moved', 'chain-refused'].includes(error.kind)
      if (!isOther) throw error
      return this.#otherBranch(room)
    }
    // With the positions that they have in the new log.
    await this.takeAll(room, await port.chain(room.id, 0), true)
  }

  /** After a restore somebody may have gone on from an older entry: the branch is taken if all of it is right. */
  async #otherBranch(room: Room): Promise<void> {
    const { port, store } = this.#kit
    if (!this.#isRestored(room))
      throw new SealedError('chain-broken', 'The server shows another chain than before.')
    const shown: ChainPage['entries'] = []
    for (let more = true; more;) {
      const page = await port.chain(room.id, shown.length)
      shown.push(...page.entries)
      more = page.more && page.entries.length > 0
    }
    const known = room.chain
    const at = shown.findIndex(({ entry }, index) => known?.hashes[index] !== this.#hash(entry))
    const common = at === -1 ? shown.length : at
    if (!known || common === 0)
      throw new SealedError('chain-broken', 'The server shows another chain than before.')
    const lost = storedChain(store.connection, room.id)
    this.#rooms.replace(room, common)
    try {
      await this.takeAll(room, { entries: shown.slice(common) })
    } catch (error) {
      // What was held stands.
      this.#rooms.replace(room, common)
      for (const entry of lost.slice(common)) this.#rooms.take(room, entry)
      throw error
    }
    if (room.chain) this.#rooms.note(room, { readmitted: readmittedBy(known, room.chain) })
    const { standing } = store
    const now = this.#kit.clock.now()
    this.#rooms.tell(room, { kind: 'lied', cause: 'chain-broken', at: now, position: standing?.cursor ?? 0 })
  }

  /** Who was out, and is in again by a branch that was taken: to be removed once more, by an admin, before anything is said. */
  readmitted({ facts, chain }: Room): AccountId[] {
    return (facts.readmitted ?? []).filter((id) => chain?.members.has(id))
  }

  /** Once they are out, they may be added as anybody else. */
  forgetReadmitted(room: Room): void {
    if (room.facts.readmitted?.length && this.readmitted(room).length === 0)
      this.#rooms.note(room, { readmitted: [] })
  }
}
