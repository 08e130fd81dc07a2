import { copyOfChain } from '@parley/crypto/chain-author'
import { type EpochKey, Keyring } from '@parley/crypto/keyring'
import { trusting } from '@parley/crypto/trusting'
import { Previous, Vouched } from '@parley/crypto/vouching'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import type { Hash } from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import { type Chain, type ChainEffect, headsNamed, newestEpoch } from '@parley/domain/sealed/chain'
import { commitmentOf, readChainEntry } from '@parley/domain/sealed/chain-entry'
import { extendChain } from '@parley/domain/sealed/extend-chain'
import type { Connection } from '../store/ciphers.ts'
import { changeConversation, type Held, heldConversation } from '../store/conversations.ts'
import {
  addSealedNotice,
  allRoomFacts,
  chainsHeld,
  dropChainEntries,
  noFacts,
  putChainEntry,
  putEpochKey,
  putRoomFacts,
  type RoomFacts,
  roomFacts,
  type StoredChainEntry,
  storedChain,
  storedKeys,
} from '../store/sealed.ts'
import type { SealedNotice } from '../views.ts'
import { type Kit, Line } from './kit.ts'
import type { DeviceLists } from './lists.ts'

/** A sealed conversation as this device knows it. */
export interface Room {
  readonly id: ConversationId
  /** Null until its first entry was read. */
  chain: Chain | null
  /** Where each entry of the chain stands in the log. */
  readonly positions: number[]
  readonly keyring: Keyring
  /** What this device sealed here last. */
  readonly previous: Previous
  /** What others' devices vouched for. */
  readonly vouched: Vouched
  facts: RoomFacts
  /** Whoever changes the chain waits for who does so already. */
  readonly line: Line
}

/** Of somebody. */
type NoticeOf = Extract<SealedNotice, { accountId: AccountId }>

/** What became of an entry: `gap` has to be read on, `needs-lists` needs device lists first. */
export type Taken = 'taken' | 'known' | 'gap' | 'needs-lists' | 'other'

/** All sealed conversations that were met, each read from the store once. */
export class Rooms {
  readonly #kit: Kit
  readonly #lists: DeviceLists
  readonly #rooms = new Map<ConversationId, Room>()
  /** Those that the store knew when this was first asked. */
  #sealed: Set<ConversationId> | null = null
  readonly #untold = new Map<ConversationId, NoticeOf[]>()
  readonly #onKey: () => void

  /** @param onKey a key came that was not here, from others or made here */
  constructor(kit: Kit, lists: DeviceLists, onKey: () => void) {
    this.#kit = kit
    this.#lists = lists
    this.#onKey = onKey
  }

  get(id: ConversationId): Room {
    const known = this.#rooms.get(id)
    if (known) return known
    const { connection } = this.#kit.store
    const room: Room = {
      id,
      chain: null,
      positions: [],
      keyring: new Keyring(this.#kit.primitives, id, storedKeys(connection, id)),
      previous: new Previous(),
      vouched: new Vouched(),
      facts: roomFacts(connection, id) ?? noFacts,
      line: new Line(),
    }
    this.#rooms.set(id, room)
    this.#rebuild(room)
    return room
  }

  /** Whether something is known of it, so that plain conversations cost nothing. */
  isHeld(id: ConversationId): boolean {
    if (this.#rooms.has(id)) return true
    return this.#held.has(id)
  }

  get #held(): ReadonlySet<ConversationId> {
    const { connection } = this.#kit.store
    // One that was left has a chain and nothing else: it may be come back to.
    this.#sealed ??= new Set([...allRoomFacts(connection).keys(), ...chainsHeld(connection)])
    return this.#sealed
  }

  /** What is held of a conversation that was left is forgotten here, too. */
  forget(id: ConversationId): void {
    this.#rooms.delete(id)
  }

  /** One that was met since the start. */
  opened(id: ConversationId): Room | null {
    return this.#rooms.get(id) ?? null
  }

  get open(): readonly Room[] {
    return [...this.#rooms.values()]
  }

  /** Whether somebody is or was in one, for whom news of devices are of interest. */
  with(accountId: AccountId): Room[] {
    return this.open.filter(({ chain }) => chain?.members.has(accountId) === true)
  }

  /** To those that were not read from the store yet, each once it is seen to. */
  tellLater(notice: NoticeOf): void {
    for (const id of this.#held)
      if (!this.#rooms.has(id)) this.#untold.set(id, [...(this.#untold.get(id) ?? []), notice])
  }

  tellNow(room: Room): void {
    for (const notice of this.#untold.get(room.id) ?? [])
      if (room.chain?.members.has(notice.accountId)) this.tell(room, notice)
    this.#untold.delete(room.id)
  }

  #rebuild(room: Room): void {
    const entries = storedChain(this.#kit.store.connection, room.id)
    const checks = trusting(this.#kit.primitives)
    try {
      for (const { bytes, position } of entries) {
        room.chain = extendChain(checks, this.#lists.known, room.chain, bytes).chain
        room.positions.push(position)
      }
    } catch (error) {
      if (!(error instanceof SealedError)) throw error
      // Without the lists that it was checked with it is read and checked anew.
      room.chain = null
      room.positions.length = 0
    }
  }

  /**
   * Takes an entry if it is the next one and can be checked. What follows is at once, so that nobody sees half of it.
   * @param moved whether what is known may have come to stand elsewhere: it was given back to a server that had lost it
   * @throws SealedError for what is not right
   */
  take(room: Room, { bytes, position }: StoredChainEntry, moved = false): Taken {
    const entry = readChainEntry(bytes)
    const length = room.chain?.hashes.length ?? 0
    if (entry.conversationId !== room.id)
      throw new SealedError('tampered', 'An entry of another conversation.')
    if (entry.index < length) {
      const hash = this.#kit.primitives.hash(bytes)
      if (room.chain?.hashes[entry.index] !== hash) return 'other'
      if (moved) this.#move(room, entry.index, { bytes, position })
      return 'known'
    }
    if (entry.index > length) return 'gap'
    if (headsNamed(entry).some((ref) => !this.#lists.knows(ref))) return 'needs-lists'
    const { chain, effect } = extendChain(this.#kit.primitives, this.#lists.known, room.chain, bytes)
    room.chain = chain
    room.positions.push(position)
    const { store } = this.#kit
    // Should the power fail before the next sync, the server has it still.
    store.writeAhead((touch) => {
      putChainEntry(store.connection, room.id, entry.index, { position, bytes })
      if (entry.index === 0) changeConversation(store.connection, room.id, sameAgain)
      for (const notice of noticesOf(effect, position)) addSealedNotice(store.connection, room.id, notice)
      touch(`conversation:${room.id}`)
      touch(`members:${room.id}`)
    })
    return 'taken'
  }

  /** The chain never begins later than it did: plain content from then on is none of the members'. */
  #move(room: Room, index: number, { bytes, position }: StoredChainEntry): void {
    const place = index === 0 ? Math.min(position, room.positions[0] ?? position) : position
    room.positions[index] = place
    const { store } = this.#kit
    store.write(() => putChainEntry(store.connection, room.id, index, { position: place, bytes }))
  }

  /** The chain as it would be with an entry, for who makes it. @throws SealedError */
  tried(room: Room, bytes: Uint8Array): Chain {
    const copy = room.chain && copyOfChain(room.chain)
    return extendChain(this.#kit.primitives, this.#lists.known, copy, bytes).chain
  }

  /** Puts another branch in the place of what was held from `common` on. */
  replace(room: Room, common: number): void {
    const { store } = this.#kit
    store.write(() => dropChainEntries(store.connection, room.id, common))
    room.chain = null
    room.positions.length = 0
    this.#rebuild(room)
  }

  /** A key of which there may be no other copy: it is on disk before anybody hears of it. */
  hold(room: Room, key: EpochKey): void {
    this.#hold(room, key, (change) => this.#kit.store.write(change))
  }

  /** A key that the server keeps for this device: should the power fail, it comes once more. */
  holdGranted(room: Room, key: EpochKey): void {
    this.#hold(room, key, (change) => this.#kit.store.writeAhead(change))
  }

  #hold(room: Room, key: EpochKey, write: (change: () => boolean) => boolean): void {
    const { primitives, store } = this.#kit
    const commitment = commitmentOf(primitives, room.id, key.number, key.key)
    room.keyring.hold(key)
    const isNew = write(() => {
      const isPut = putEpochKey(store.connection, room.id, commitment, key)
      if (isPut) this.note(room, { backup: { ...room.facts.backup, dirty: true } })
      return isPut
    })
    if (isNew) this.#onKey()
  }

  note(room: Room, change: Partial<RoomFacts>): void {
    const { store } = this.#kit
    room.facts = { ...room.facts, ...change }
    const { facts } = room
    store.write((touch) => {
      putRoomFacts(store.connection, room.id, facts)
      if (!change.view) return
      touch('conversations')
      touch(`conversation:${room.id}`)
    })
  }

  tell(room: Room, notice: SealedNotice): void {
    const { store } = this.#kit
    store.write((touch) => {
      addSealedNotice(store.connection, room.id, notice)
      touch(`conversation:${room.id}`)
    })
  }

  /** The newest epoch when something came to stand in the log. */
  epochAt({ chain, positions }: Room, position: number): number {
    const epoch = chain?.epochs.findLast(({ entry }) => (positions[entry] ?? Infinity) < position)
    return epoch?.number ?? 0
  }
}

/** What people are to know of a change. */
function noticesOf({ entry, joined }: ChainEffect, position: number): SealedNotice[] {
  const { change, authorId: by, at } = entry
  switch (change.op) {
    case 'create':
      return [{ kind: 'sealed', by, at, position }]
    case 'policy':
      return [{ kind: 'history', policy: change.history, by, at, position }]
    case 'add': {
      const fresh = new Set(joined.map(({ accountId }) => accountId))
      return change.members
        .filter(({ accountId }) => !fresh.has(accountId))
        .map(({ accountId }) => ({ kind: 'identity-changed', accountId, at, position }))
    }
    default:
      return []
  }
}

/** With its chain it is sealed from then on, whenever the server says so. */
const sameAgain = ({ conversation }: Held) => ({ conversation })

/** Whether the server shows the chain as that of another conversation: of another kind, or of other people where it is of two. */
export function isMisnamed(connection: Connection, { id, chain }: Room): boolean {
  const held = heldConversation(connection, id)?.conversation
  if (!held || !chain) return false
  const isOfThem = (each: AccountId) => held.directWith?.includes(each) === true
  return held.kind !== chain.form || (chain.form === 'direct' && ![...chain.members.keys()].every(isOfThem))
}

export const keyOfNewest = ({ chain, keyring }: Room) => chain && keyring.of(chain, newestEpoch(chain).number)

export const newestHash = ({ chain }: Room): Hash | null => chain?.hashes.at(-1) ?? null
