import type { AccountId, DeviceId } from '@parley/domain/ids'
import { SealedError } from '@parley/domain/sealed/causes'
import {
  type Chain,
  type ChainEffect,
  type Lists,
  mayBeGranted,
  newestEpoch,
} from '@parley/domain/sealed/chain'
import { readChainEntry } from '@parley/domain/sealed/chain-entry'
import { type DeviceList, extendDeviceList, readListEntry } from '@parley/domain/sealed/device-list'
import { extendChain } from '@parley/domain/sealed/extend-chain'
import { readGrant } from '@parley/domain/sealed/grant-form'
import { type MessagePlace, readMessage, tagOf } from '@parley/domain/sealed/message-form'
import { fromText } from '@parley/domain/sealed/bytes'
import { copyOfChain, headsToName } from '../../src/chain-author.ts'
import { copyOfList } from '../../src/identity.ts'
import { checks } from './checks.ts'

export interface Stored {
  readonly place: MessagePlace
  readonly sealed: string
  readonly epoch: number
  /** How many entries the chain had when it came. */
  readonly after: number
}

interface StoredList {
  readonly entries: Uint8Array[]
  list: DeviceList
}

/** An honest server, in memory: it stores, compares and appends, and checks what it can without keys. */
export class Server {
  /** Of each account its identities, the newest last. */
  readonly lists = new Map<AccountId, StoredList[]>()
  readonly entries: Uint8Array[] = []
  readonly grants = new Map<DeviceId, Uint8Array[]>()
  readonly messages: Stored[] = []
  chain: Chain | null = null

  listOf: Lists = (accountId, identity) =>
    this.lists.get(accountId)?.find(({ list }) => list.identity === identity)?.list ?? null

  newestList(accountId: AccountId): StoredList | null {
    return this.lists.get(accountId)?.at(-1) ?? null
  }

  /** @throws SealedError */
  appendToList(entry: Uint8Array): void {
    const { accountId, index } = readListEntry(entry)
    const stored = index === 0 ? null : this.newestList(accountId)
    const list = extendDeviceList(checks, stored && copyOfList(stored.list), entry)
    if (stored) {
      stored.entries.push(entry)
      stored.list = list
    } else this.lists.set(accountId, [...(this.lists.get(accountId) ?? []), { entries: [entry], list }])
  }

  /** @throws SealedError `head-moved` to who comes second */
  append(entry: Uint8Array): ChainEffect {
    const { authorId, deviceId } = readChainEntry(entry)
    if (this.newestList(authorId)?.list.devices.get(deviceId)?.revokedBy !== null)
      throw new SealedError('device-revoked', 'The device may write nothing.')
    const step = extendChain(checks, this.listOf, this.chain && copyOfChain(this.chain), entry)
    this.chain = step.chain
    this.entries.push(entry)
    return step.effect
  }

  give(grants: readonly Uint8Array[]): void {
    const { chain } = this
    if (!chain) return
    for (const grant of grants) {
      const { accountId, deviceId, lastEpoch } = readGrant(grant)
      const list = this.newestList(accountId)?.list
      if (!list || !mayBeGranted(chain, list, deviceId, lastEpoch)) continue
      this.grants.set(deviceId, [...(this.grants.get(deviceId) ?? []), grant])
    }
  }

  /** @throws SealedError `epoch-over`, `epoch-due`, `device-revoked`, `not-a-member` */
  send(place: MessagePlace, sealed: string): void {
    const { chain } = this
    const { epoch, epochTag, deviceId } = readMessage(fromText(sealed))
    const device = this.newestList(place.authorId)?.list.devices.get(deviceId)
    if (!chain?.members.has(place.authorId)) throw new SealedError('not-a-member', 'No member.')
    if (device?.revokedBy !== null) throw new SealedError('device-revoked', 'Revoked.')
    if (tagOf(newestEpoch(chain).commitment) !== epochTag)
      throw new SealedError('epoch-over', 'An old epoch.')
    if (chain.due !== null || headsToName(chain, this.listOf).length > 0)
      throw new SealedError('epoch-due', 'An epoch is due.')
    this.messages.push({ place, sealed, epoch, after: this.entries.length })
  }
}
