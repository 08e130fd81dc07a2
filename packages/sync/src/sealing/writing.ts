import { epochDue, headsToName, signEntry } from '@parley/crypto/chain-author'
import { newEpochKey } from '@parley/crypto/keyring'
import { ParleyError } from '@parley/client/parley-error'
import type { AccountId } from '@parley/domain/ids'
import { mayRemove } from '@parley/domain/permissions'
import { type Hash, toText } from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import type { Chain } from '@parley/domain/sealed/chain'
import type { ChainChange, MemberRef } from '@parley/domain/sealed/chain-entry'
import { headOf } from '@parley/domain/sealed/device-list'
import { zeroHash } from '@parley/domain/sealed/bytes'
import { messagesSince } from '../store/messages.ts'
import type { Keys, KeysSurroundings } from './keys.ts'
import type { Reading } from './reading.ts'
import { isMisnamed, keyOfNewest, newestHash, type Room } from './rooms.ts'

/** How long a device that lacks the newest key waits for it before it begins an epoch of its own. */
const keyWaitMs = 3_000
/** How long a conversation that somebody else has just made is waited for. */
const chainWaitMs = 10_000

/** What is to be changed, by the chain as it then is; null where nothing is to change any more. */
export type ChainWish = (chain: Chain | null, epoch: Hash) => ChainChange | null

export interface ChangeOptions {
  /** Of the group, where the change sets one. */
  readonly password?: string | undefined
  /** Others may be first so often before the change is given up; 8 times unless said otherwise. */
  readonly triesMax?: number
}

export interface WritingSurroundings extends KeysSurroundings {
  readonly reading: Reading
  readonly keys: Keys
}

/** Signs entries of chains, and begins epochs. */
export class Writing {
  readonly #of: WritingSurroundings
  /** Conversations that are being made. */
  readonly making = new Set<Promise<unknown>>()

  constructor(surroundings: WritingSurroundings) {
    this.#of = surroundings
  }

  /**
   * Appends a change. Who loses the race for the next place reads on, asks again whether the change still makes sense,
   * and signs it anew. @throws ParleyError, SealedError where the rules do not allow it
   */
  change(room: Room, wish: ChainWish, options: ChangeOptions = {}): Promise<void> {
    return room.line.run(() => this.#change(room, wish, options))
  }

  async #change(room: Room, wish: ChainWish, { password, triesMax = 8 }: ChangeOptions): Promise<void> {
    const { reading, kit } = this.#of
    for (let tries = 1; ; tries += 1) {
      await reading.ensure(room)
      if (room.facts.broken)
        throw new ParleyError('chain-refused', `${room.facts.broken}: the chain is broken.`)
      const key = newEpochKey(kit.primitives, room.id, room.chain?.epochs.length ?? 0)
      const change = wish(room.chain, key.commitment)
      if (!change) return
      try {
        await this.#append(room, change, key, password)
        return
      } catch (error) {
        // By an older state of the chain it may not have been allowed, either.
        const mayHelp = error instanceof SealedError ? tries === 1 : isHeadMoved(error) && tries < triesMax
        if (!mayHelp) throw error
        await reading.on(room)
      }
    }
  }

  async #append(
    room: Room,
    change: ChainChange,
    key: ReturnType<typeof newEpochKey>,
    password?: string,
  ): Promise<void> {
    const { kit, keys, rooms, own, reading } = this.#of
    const author = { primitives: kit.primitives, keys: own.keys, head: own.head, at: kit.clock.now() }
    const bytes = signEntry(author, room.id, room.chain, change)
    const next = rooms.tried(room, bytes)
    const begins = next.epochs.length > (room.chain?.epochs.length ?? 0)
    // On disk before anybody can seal under it.
    if (begins) rooms.hold(room, key)
    const grants = begins ? await keys.sealed(room, next, key.number) : []
    const first = grants.slice(0, grantsWithEntryMax)
    const { index, position } = await kit.port.append({
      conversationId: room.id,
      entries: [toText(bytes)],
      grants: first,
      ...(password !== undefined && { password }),
    })
    if (index === (room.chain?.hashes.length ?? 0)) rooms.take(room, { bytes, position })
    else if (newestHash(room) !== next.hashes.at(-1)) await reading.on(room)
    if (room.facts.none) await reading.on(room)
    await keys.give(room, grants.slice(first.length))
  }

  /** What members are to be named with; the zero head for who has no devices yet. @throws ParleyError */
  async refsOf(accountIds: readonly AccountId[]): Promise<MemberRef[]> {
    const { lists } = this.#of
    await lists.learn(accountIds)
    return accountIds.map((accountId) => {
      const list = lists.current(accountId)
      return { accountId, head: list ? headOf(list) : noDevices }
    })
  }

  /** @throws ParleyError, SealedError where the rules do not allow it */
  remove(room: Room, accountIds: readonly AccountId[]): Promise<void> {
    return this.change(room, (chain, epoch) => {
      const still = accountIds.filter((id) => chain?.members.has(id))
      const heads = this.headsToName(room).filter(({ accountId }) => !still.includes(accountId))
      return still.length === 0 ? null : { op: 'remove', accountIds: still, epoch, heads }
    })
  }

  /** Those of them whom one's own role may remove. */
  removable({ chain }: Room, accountIds: readonly AccountId[]): AccountId[] {
    const mine = chain?.members.get(this.#of.own.keys.accountId)?.role
    return accountIds.filter((id) => {
      const role = chain?.members.get(id)?.role
      return chain?.form === 'group' && mine !== undefined && role !== undefined && mayRemove(mine, role)
    })
  }

  headsToName({ chain }: Room): MemberRef[] {
    return chain ? headsToName(chain, this.#of.lists.known) : []
  }

  /** Whether an epoch has to begin before anything more is sealed. */
  isDue(room: Room): boolean {
    const { store, clock } = this.#of.kit
    const { chain, positions } = room
    if (!chain) return false
    const since = positions[chain.epochs.at(-1)?.entry ?? 0] ?? 0
    const messages = messagesSince(store.connection, room.id, since)
    return epochDue(chain, { messages, now: clock.now() }) !== null || this.headsToName(room).length > 0
  }

  /** Unless somebody else begins it first, whose key is then to be waited for. */
  beginEpoch(room: Room): Promise<void> {
    const known = room.chain?.epochs.length
    return this.change(room, (chain, epoch) =>
      chain?.epochs.length !== known && !this.isDue(room)
        ? null
        : { op: 'epoch', epoch, heads: this.headsToName(room) },
    )
  }

  /** The chain, also of a conversation that is just being made. @throws ParleyError `chain-needed` where there is none */
  async chainOf(room: Room): Promise<Chain> {
    const { reading } = this.#of
    await reading.ensure(room)
    if (!room.chain && this.making.size > 0) {
      // The stream has brought it already, and its chain is on the way.
      await Promise.allSettled(this.making)
      await reading.ensure(room)
    }
    // Whoever makes it on another device has the server's word for it before there is a chain.
    if (!room.chain) await this.#waitFor(() => room.chain !== null, chainWaitMs)
    if (!room.chain) throw new ParleyError('chain-needed', 'This conversation has no chain.')
    if (isMisnamed(this.#of.kit.store.connection, room))
      throw new ParleyError('chain-refused', 'chain-broken: the chain is of another conversation.')
    return room.chain
  }

  /** Sees to it that something can be sealed now. @throws ParleyError, SealedError */
  async readyToSeal(room: Room): Promise<void> {
    const { keys, own } = this.#of
    const chain = await this.chainOf(room)
    const me = chain.members.get(own.keys.accountId)
    // Somebody who came in before there were devices says who it is.
    if (me?.identity === null) await this.introduce(room)
    if (this.isDue(room)) await this.beginEpoch(room)
    if (keyOfNewest(room) || (await keys.fetch(room), keyOfNewest(room))) return
    await keys.ask(room)
    await this.#waitFor(() => keyOfNewest(room) !== null, keyWaitMs)
    if (!keyOfNewest(room)) await this.beginEpoch(room)
  }

  #fillIn(chain: Chain | null): ChainChange | null {
    const me = chain?.members.get(this.#of.own.keys.accountId)
    return me?.identity === null ? { op: 'join', proof: null } : null
  }

  /** One that was in by name alone says who it is. */
  async introduce(room: Room): Promise<void> {
    if (this.#fillIn(room.chain)) await this.change(room, (chain) => this.#fillIn(chain))
  }

  async #waitFor(isThere: () => boolean, ms: number): Promise<void> {
    const { clock } = this.#of.kit
    await new Promise<void>((resolve) => {
      const end = () => {
        over[Symbol.dispose]()
        this.#waiting.delete(look)
        this.#ends.delete(end)
        resolve()
      }
      const look = () => {
        if (isThere()) end()
      }
      const over = clock.after(ms, end)
      this.#waiting.add(look)
      this.#ends.add(end)
    })
  }

  readonly #waiting = new Set<() => void>()
  readonly #ends = new Set<() => void>()

  /** Nobody waits any longer. */
  close(): void {
    for (const end of [...this.#ends]) end()
  }

  /** A chain or keys came, for somebody who may wait for them. */
  came(): void {
    for (const look of [...this.#waiting]) look()
  }
}

export const isHeadMoved = (error: unknown): boolean =>
  error instanceof ParleyError && error.kind === 'head-moved'

/** What fits a frame along with the entry. */
const grantsWithEntryMax = 200

const noDevices = { identity: zeroHash, index: 0, hash: zeroHash } as const
