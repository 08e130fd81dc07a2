import { readList } from '@parley/crypto/identity'
import { trusting } from '@parley/crypto/trusting'
import { ParleyError } from '@parley/client/parley-error'
import type { AccountId } from '@parley/domain/ids'
import { pageItemsMax } from '@parley/domain/limits'
import { fromText, type Hash, toText } from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import type { Lists } from '@parley/domain/sealed/chain'
import type { MemberRef } from '@parley/domain/sealed/chain-entry'
import { type DeviceList, extendDeviceList, readListEntry } from '@parley/domain/sealed/device-list'
import type { ListHead, ListsPage } from '@parley/domain/sealed/wire'
import { listBranchesValue } from '../store/meta.ts'
import {
  dropListEntries,
  knownIdentity,
  putKnownIdentity,
  putListEntry,
  type StoredListEntry,
  storedList,
} from '../store/sealed.ts'
import type { Kit } from './kit.ts'
import type { ListWish } from './port.ts'

/** What was learnt of somebody's devices. */
export interface ListNews {
  readonly accountId: AccountId
  readonly kind:
    | 'first'
    | 'identity-changed'
    | 'device-added'
    | 'device-revoked'
    | 'list-broken'
    | 'list-branch'
}

const entriesPerAppend = 50

/** The device lists of people: read, checked, kept, and never taken in a version that forgets what was known. */
export class DeviceLists {
  readonly #kit: Kit
  readonly #onNews: (news: ListNews) => void
  readonly #byIdentity = new Map<Hash, DeviceList>()
  /** Checked, and not on disk yet. */
  readonly #unwritten: StoredListEntry[] = []

  constructor(kit: Kit, onNews: (news: ListNews) => void) {
    this.#kit = kit
    this.#onNews = onNews
  }

  /** As the rules of chains ask for them. */
  readonly known: Lists = (accountId, identity) => {
    const list = this.#list(identity)
    return list?.accountId === accountId ? list : null
  }

  /** Of the identity that was seen last. */
  current(accountId: AccountId): DeviceList | null {
    const known = knownIdentity(this.#kit.store.connection, accountId)
    return known && this.#list(known.current)
  }

  knows({ accountId, head }: MemberRef): boolean {
    return this.known(accountId, head.identity)?.hashes[head.index] === head.hash
  }

  /** The log says that a list has a new head. @returns whether there is something to read */
  note({ accountId, identity, index, hash }: ListHead): boolean {
    const list = this.#list(identity)
    const here = list?.hashes[index]
    if (here !== undefined && here !== hash) this.#onNews({ accountId, kind: 'list-broken' })
    const isOurs = knownIdentity(this.#kit.store.connection, accountId) !== null
    return isOurs && here === undefined
  }

  /** The newest lists of these accounts. @throws ParleyError, SealedError */
  async learn(accountIds: readonly AccountId[]): Promise<void> {
    await this.#fetch(
      [...new Set(accountIds)].map((accountId) => {
        const list = this.current(accountId)
        return { accountId, from: list ? list.hashes.length - 1 : 0 }
      }),
    )
  }

  /** The lists that entries name, up to there. @throws ParleyError, SealedError */
  async learnHeads(refs: readonly MemberRef[]): Promise<void> {
    const missing = new Map(
      refs.filter((ref) => !this.knows(ref)).map((ref) => [ref.head.identity, ref.accountId] as const),
    )
    await this.#fetch(
      [...missing].map(([identity, accountId]) => {
        const list = this.#list(identity)
        return { accountId, identity, from: list ? list.hashes.length - 1 : 0 }
      }),
    )
  }

  /** Many in one transaction: each would wait for the disk. */
  #write(): void {
    const { store } = this.#kit
    const entries = this.#unwritten.splice(0)
    if (entries.length === 0) return
    store.write(() => {
      for (const entry of entries) putListEntry(store.connection, entry)
    })
  }

  async #fetch(wishes: readonly ListWish[]): Promise<void> {
    try {
      await this.#fetchAll(wishes)
    } finally {
      this.#write()
    }
  }

  async #fetchAll(wishes: readonly ListWish[]): Promise<void> {
    let waiting = [...wishes]
    while (waiting.length > 0) {
      const asked = waiting.slice(0, pageItemsMax)
      const { lists } = await this.#kit.port.lists(asked)
      const further: ListWish[] = []
      for (const [at, page] of lists.entries()) {
        const wish = asked[at]
        if (!wish) break
        await this.#takePage(wish, page)
        if (page.more && page.identity !== null && page.entries.length > 0) {
          const { accountId, identity } = page
          const from = (this.#list(identity)?.hashes.length ?? 1) - 1
          further.push({ accountId, identity, from })
        }
        await this.#kit.breathe()
      }
      this.#write()
      waiting = [...further, ...waiting.slice(Math.max(1, lists.length))]
    }
  }

  /** A page begins with the last entry that is known here, so that another history shows. */
  async #takePage(wish: ListWish, page: ListsPage['lists'][number]): Promise<void> {
    const { accountId } = wish
    const entries = page.entries.map(fromText)
    const before = wish.identity === undefined ? this.current(accountId) : this.#list(wish.identity)
    if (page.identity === null || page.identity !== (before?.identity ?? page.identity)) {
      if (page.identity === null) {
        if (before) await this.#giveBack(before)
        return
      }
      // Somebody began again: that list is read from its beginning.
      await this.#fetch([{ accountId, identity: page.identity, from: 0 }])
      this.#takeIdentity(accountId, page.identity)
      return
    }
    let list = before
    let known = wish.from
    for (const bytes of entries) {
      const hash = this.#kit.primitives.hash(bytes)
      const here = list?.hashes[known]
      known += 1
      if (here === hash) continue
      if (here !== undefined && list) {
        await this.#takeBranch(list)
        return
      }
      list = this.#extend(accountId, list, bytes)
    }
    if (before && known < before.hashes.length) await this.#giveBack(before)
    if (list && !before) this.#takeIdentity(accountId, list.identity)
  }

  /**
   * On a server that was put back the account may have gone on from an older entry: that branch is taken, once for each time, and
   * told of. Where the lost one puts a device out it is not: whoever has that device could have signed the other.
   * @throws SealedError `list-broken`, ParleyError
   */
  async #takeBranch(known: DeviceList): Promise<void> {
    const { accountId, identity } = known
    const { store, primitives } = this.#kit
    const { connection, standing } = store
    const restores = standing?.restores ?? 0
    const taken = listBranchesValue.read(connection) ?? {}
    this.#write()
    const shown = restores > (taken[identity] ?? 0) ? await this.#readWhole(known) : []
    const common = shown.findIndex((bytes, at) => known.hashes[at] !== primitives.hash(bytes))
    if (shown.length > 0 && (common === -1 || common >= known.hashes.length)) return
    const lost = storedList(connection, identity).slice(Math.max(0, common))
    if (common < 1 || lost.some((bytes) => readListEntry(bytes).change.op === 'revoke')) {
      this.#onNews({ accountId, kind: 'list-broken' })
      throw new SealedError('list-broken', `Another device list of ${accountId} than was shown before.`)
    }
    const list = readList(primitives, shown)
    // Who hears of it looks at what was checked with the lost one.
    this.#onNews({ accountId, kind: 'list-branch' })
    store.write((touch) => {
      dropListEntries(connection, identity, common)
      for (const [at, bytes] of shown.entries())
        putListEntry(connection, { identity, number: at, accountId, bytes })
      listBranchesValue.write(connection, { ...taken, [identity]: restores })
      touch('encryption')
    })
    this.#byIdentity.set(identity, list)
  }

  async #readWhole({ accountId, identity }: DeviceList): Promise<Uint8Array[]> {
    const all: Uint8Array[] = []
    for (;;) {
      const { lists } = await this.#kit.port.lists([{ accountId, identity, from: all.length }])
      const [page] = lists
      all.push(...(page?.entries ?? []).map(fromText))
      if (!page?.more || page.entries.length === 0) return all
    }
  }

  #extend(accountId: AccountId, list: DeviceList | null, bytes: Uint8Array): DeviceList {
    const { primitives } = this.#kit
    const revoked = (each: DeviceList | null) =>
      [...(each?.devices.values() ?? [])].filter(({ revokedBy }) => revokedBy !== null).length
    const before = { devices: list?.devices.size ?? 0, revoked: revoked(list) }
    const next = extendDeviceList(primitives, list, bytes)
    if (next.accountId !== accountId)
      throw new SealedError('list-broken', `A device list of another account than ${accountId}.`)
    const number = next.hashes.length - 1
    this.#unwritten.push({ identity: next.identity, number, accountId, bytes })
    this.#byIdentity.set(next.identity, next)
    if (list && next.devices.size > before.devices) this.#onNews({ accountId, kind: 'device-added' })
    if (revoked(next) > before.revoked) this.#onNews({ accountId, kind: 'device-revoked' })
    return next
  }

  #takeIdentity(accountId: AccountId, current: Hash): void {
    const { store } = this.#kit
    if (!this.#list(current)) return
    const known = knownIdentity(store.connection, accountId)
    if (known?.current === current) return
    store.write((touch) => {
      putKnownIdentity(store.connection, accountId, { current, verified: known?.verified ?? null })
      touch('encryption')
    })
    this.#onNews({ accountId, kind: known ? 'identity-changed' : 'first' })
  }

  /** A list that this device made itself. */
  hold(list: DeviceList, entry: Uint8Array): void {
    const { store } = this.#kit
    const { identity, accountId } = list
    const number = list.hashes.length - 1
    store.write((touch) => {
      putListEntry(store.connection, { identity, number, accountId, bytes: entry })
      touch('encryption')
    })
    this.#byIdentity.set(identity, list)
    this.#takeIdentity(accountId, identity)
  }

  /** A server that was put back to an older state gets what it lost: it is signed, and anybody may bring it. */
  async #giveBack(known: DeviceList): Promise<void> {
    this.#write()
    const entries = storedList(this.#kit.store.connection, known.identity).map(toText)
    try {
      for (let at = 0; at < entries.length; at += entriesPerAppend)
        await this.#kit.port.appendList(entries.slice(at, at + entriesPerAppend), false)
    } catch (error) {
      if (!(error instanceof ParleyError) || !error.isRefusal) throw error
      // The first entry of a list comes from its own account alone; that brings it itself.
      if (error.kind === 'head-moved') await this.#takeBranch(known)
    }
  }

  #list(identity: Hash): DeviceList | null {
    const held = this.#byIdentity.get(identity)
    if (held !== undefined) return held
    const entries = storedList(this.#kit.store.connection, identity)
    const list = entries.length === 0 ? null : readList(trusting(this.#kit.primitives), entries)
    if (list) this.#byIdentity.set(identity, list)
    return list
  }
}
