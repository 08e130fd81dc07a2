import type { AccountId, ClientMessageId, ConversationId } from '@parley/domain/ids'
import { SealedError, type SealedCause } from '@parley/domain/sealed/causes'
import { type Chain, type Lists, newestEpoch } from '@parley/domain/sealed/chain'
import type { ChainChange } from '@parley/domain/sealed/chain-entry'
import { type DeviceList, extendDeviceList, headOf } from '@parley/domain/sealed/device-list'
import { headsToName, readChain, signEntry, signJoin } from '../../src/chain-author.ts'
import { grantableSpans, openGrant, recipientsOf, sealGrants } from '../../src/grants.ts'
import { copyOfList, type DeviceKeys } from '../../src/identity.ts'
import { Keyring, newEpochKey } from '../../src/keyring.ts'
import { Opener, sealMessage } from '../../src/messages.ts'
import { Previous } from '../../src/vouching.ts'
import { checks, hpke } from './checks.ts'
import type { Server, Stored } from './server.ts'

const at = 1_800_000_000_000

/** What one device knows and does. What it knows is as old as its last `sync`. */
export class Program {
  readonly keys: DeviceKeys
  readonly identity: string
  readonly keyring: Keyring
  readonly #server: Server
  readonly #previous = new Previous()
  readonly #known = new Map<string, DeviceList>()
  #granted = 0
  chain: Chain | null = null

  constructor(server: Server, conversationId: ConversationId, keys: DeviceKeys, identity: string) {
    this.#server = server
    this.keys = keys
    this.identity = identity
    this.keyring = new Keyring(checks, conversationId)
  }

  lists: Lists = (accountId, identity) => this.#known.get(accountId + identity) ?? null

  get accountId(): AccountId {
    return this.keys.accountId
  }

  get #ownList(): DeviceList {
    const list = this.lists(this.accountId, this.identity)
    if (!list) throw new RangeError('A device knows its own list once it has read it.')
    return list
  }

  get #author() {
    return { primitives: checks, keys: this.keys, head: headOf(this.#ownList), at }
  }

  /** Reads lists, chain and grants up to now, checking all of it. */
  async sync(): Promise<void> {
    for (const stored of [...this.#server.lists.values()].flat()) {
      const name = stored.list.accountId + stored.list.identity
      let list = this.#known.get(name) ?? null
      const news = stored.entries.slice(list?.hashes.length ?? 0)
      list &&= copyOfList(list)
      for (const entry of news) list = extendDeviceList(checks, list, entry)
      if (list) this.#known.set(name, list)
    }
    const entries = this.#server.entries.slice(this.chain?.hashes.length ?? 0)
    if (entries.length > 0) this.chain = readChain(checks, this.lists, entries, this.chain).chain
    await this.#takeGrants()
  }

  async #takeGrants(): Promise<void> {
    const { chain, lists, keyring } = this
    if (!chain) return
    const grants = this.#server.grants.get(this.keys.id) ?? []
    for (const grant of grants.slice(this.#granted))
      await openGrant(hpke, { chain, lists, keyring }, this.keys, grant)
    this.#granted = grants.length
  }

  /** Writes into the chain by what is known here; whoever was too slow learns it, and tries once more if that still makes sense. */
  async write(makeChange: (chain: Chain) => ChainChange | null): Promise<boolean> {
    for (let tries = 0; tries < 2; tries += 1) {
      const change = this.chain && makeChange(this.chain)
      if (!change || !this.chain) return false
      try {
        this.#server.append(signEntry(this.#author, this.chain.conversationId, this.chain, change))
      } catch (error) {
        if (!(error instanceof SealedError)) throw error
        await this.sync()
        continue
      }
      await this.sync()
      if ('epoch' in change && change.epoch !== null) await this.#grantNewest()
      return true
    }
    return false
  }

  newEpoch(chain: Chain): string {
    const made = newEpochKey(checks, chain.conversationId, newestEpoch(chain).number + 1)
    this.keyring.hold(made)
    return made.commitment
  }

  async beginEpoch(): Promise<boolean> {
    return this.write((chain) =>
      chain.members.get(this.accountId)?.identity === this.identity
        ? { op: 'epoch', epoch: this.newEpoch(chain), heads: headsToName(chain, this.lists) }
        : null,
    )
  }

  async #grantNewest(): Promise<void> {
    const { chain } = this
    const { number } = chain ? newestEpoch(chain) : { number: -1 }
    if (!chain || !this.keyring.of(chain, number)) return
    const { recipients } = recipientsOf(chain, this.lists, number)
    await this.#give(chain, recipients, { first: number, last: number })
  }

  async #give(chain: Chain, to: Parameters<typeof sealGrants>[1], span: Parameters<typeof sealGrants>[2]) {
    const granting = { hpke, chain, keyring: this.keyring, keys: this.keys, at }
    this.#server.give(await sealGrants(granting, to, span))
  }

  /** Gives a device everything that it may have, and this one holds. */
  async answer(asking: Program): Promise<void> {
    const { chain } = this
    if (!chain) return
    const to = { accountId: asking.accountId, deviceId: asking.keys.id }
    const wanted = { first: 0, last: chain.epochs.length - 1 }
    const recipient = { ...to, sealing: asking.keys.sealing.publicKey }
    for (const span of grantableSpans(chain, this.lists, this.keyring, to, wanted))
      await this.#give(chain, [recipient], span)
  }

  /** Joins by itself: all that it needs of the chain is the head. */
  async join(conversationId: ConversationId): Promise<boolean> {
    const hash = this.#server.chain?.hashes.at(-1)
    if (hash === undefined) return false
    const after = { index: this.#server.entries.length - 1, hash }
    try {
      this.#server.append(signJoin(this.#author, conversationId, after, null))
    } catch (error) {
      if (error instanceof SealedError) return false
      throw error
    }
    await this.sync()
    return true
  }

  /** Sends; where an epoch is due, begins it first. */
  async send(clientMessageId: ClientMessageId, text: string): Promise<boolean> {
    for (let tries = 0; tries < 3; tries += 1) {
      const { chain } = this
      if (!chain) return false
      const place = { conversationId: chain.conversationId, authorId: this.accountId, clientMessageId }
      try {
        const { keyring, keys } = this
        const writing = { primitives: checks, chain, keyring, keys, previous: this.#previous }
        this.#server.send(place, sealMessage(writing, place, { text }))
        return true
      } catch (error) {
        if (!(error instanceof SealedError)) throw error
        await this.sync()
        if (error.kind === 'epoch-due' || error.kind === 'no-grant-yet') await this.beginEpoch()
      }
    }
    return false
  }

  /** As they come together to who was away: the later vouches for the earlier, which then takes no signature. */
  openAll(messages: readonly Stored[]): ({ text: string } | { cause: SealedCause })[] {
    const reader = { accountId: this.accountId, identity: this.identity }
    const { chain, lists, keyring } = this
    const opener = new Opener({ primitives: checks, chain, lists, keyring, reader })
    const found = messages.toReversed().map(({ place, sealed }) => {
      try {
        return { text: opener.open({ place, sealed }).body.text }
      } catch (error) {
        if (error instanceof SealedError) return { cause: error.kind }
        throw error
      }
    })
    return found.toReversed()
  }
}
