import type { Reading } from '@parley/db/stores'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import { pageItemsMax } from '@parley/domain/limits'
import type { Checks, Hash } from '@parley/domain/sealed/bytes'
import { type Chain, headsNamed, type Lists } from '@parley/domain/sealed/chain'
import { type ChainEntry, readChainEntry } from '@parley/domain/sealed/chain-entry'
import { type DeviceList, extendDeviceList } from '@parley/domain/sealed/device-list'
import { extendChain } from '@parley/domain/sealed/extend-chain'
import { makeChecks, trusting } from './checks.ts'
import { Kept } from './kept.ts'

const listsKeptMax = 20_000
const chainsKeptMax = 1_000

type Read = Pick<Reading, 'devices' | 'chains'>

/**
 * Device lists and chains as they are stored, read once and remembered. What is remembered goes by the hash of its newest
 * entry, so that what a write did and took back is never met again. Whoever wants to extend one makes a copy.
 */
export class Known {
  readonly checks: Checks = makeChecks()
  readonly #trusting = trusting(this.checks)
  readonly #lists = new Kept<Hash, DeviceList>(listsKeptMax)
  readonly #chains = new Kept<ConversationId, Chain>(chainsKeptMax)

  /** Null where there is no list of this identity. */
  async list(read: Read, identity: Hash): Promise<DeviceList | null> {
    const head = await read.devices.list(identity)
    if (!head) return null
    const known = this.#lists.get(identity)
    if (known?.hashes.at(-1) === head.hash) return known
    let list: DeviceList | null = null
    for (let from = 0; from <= head.index; from += pageItemsMax) {
      for (const bytes of await read.devices.entries(identity, from, pageItemsMax))
        list = extendDeviceList(this.#trusting, list, bytes)
    }
    return list && this.#lists.put(identity, list)
  }

  /** The list that is in force for an account. */
  async currentList(read: Read, accountId: AccountId): Promise<DeviceList | null> {
    const head = await read.devices.current(accountId)
    return head && this.list(read, head.identity)
  }

  /** Null where the conversation has none. */
  async chain(read: Read, conversationId: ConversationId): Promise<Chain | null> {
    const head = await read.chains.head(conversationId)
    if (!head) return null
    const known = this.#chains.get(conversationId)
    if (known?.hashes.at(-1) === head.hash) return known
    let chain: Chain | null = null
    for (let from = 0; from <= head.index; from += pageItemsMax) {
      for (const { bytes } of await read.chains.entries(conversationId, from, pageItemsMax)) {
        const lists = await this.listsOf(read, [readChainEntry(bytes)])
        ;({ chain } = extendChain(this.#trusting, lists, chain, bytes))
      }
    }
    return chain && this.#chains.put(conversationId, chain)
  }

  /** Every list that entries name, as the rules want them: at hand. */
  async listsOf(read: Read, entries: readonly ChainEntry[]): Promise<Lists> {
    const lists = new Map<Hash, DeviceList>()
    for (const { head } of entries.flatMap(headsNamed)) {
      if (lists.has(head.identity)) continue
      const list = await this.list(read, head.identity)
      if (list) lists.set(head.identity, list)
    }
    return (accountId, identity) => {
      const list = lists.get(identity)
      return list?.accountId === accountId ? list : null
    }
  }
}
