import type { JoinPolicy, Role } from '../conversations.ts'
import type { AccountId, ConversationId, DeviceId } from '../ids.ts'
import { type Hash, type PublicKey, zeroHash } from './bytes.ts'
import { type SealedCause, SealedError } from './causes.ts'
import type { ChainEntry, HistoryPolicy, MemberRef } from './chain-entry.ts'
import type { DeviceList } from './device-list.ts'

/** A time of membership. Who comes back has another one, and so has who comes with another identity. */
export interface Membership {
  readonly accountId: AccountId
  role: Role
  /** Null while the account has no devices yet. */
  identity: Hash | null
  /** Up to where the chain knows the account's device list. */
  listIndex: number
  readonly writesFrom: number
  readsFrom: number
  /** The last epoch that it may read; null while it lasts. */
  until: number | null
}

export interface Epoch {
  readonly number: number
  readonly commitment: Hash
  /** The chain's entry that began it. */
  readonly entry: number
  readonly at: number
  readonly authorId: AccountId
  readonly deviceId: DeviceId
}

export type EpochDue = 'left' | 'joined' | 'device-revoked'

/** What a chain says, read from its first entry on. It moves by `extendChain` (`extend-chain.ts`) alone. */
export interface Chain {
  readonly conversationId: ConversationId
  readonly form: 'direct' | 'group'
  joinPolicy: JoinPolicy
  history: HistoryPolicy
  readonly hashes: Hash[]
  readonly members: Map<AccountId, Membership>
  readonly past: Map<AccountId, Membership[]>
  /** Who was removed, and not added since: no invite and no password lets them in. */
  readonly removed: Set<AccountId>
  readonly epochs: Epoch[]
  /** Why an epoch has to begin before anything more is sealed. */
  due: EpochDue | null
  /** The last epoch that a revoked device may have; -1 where it was revoked before its account came in. */
  readonly cut: Map<DeviceId, number>
  /** Those in force, with the time until which they are. */
  readonly invites: Map<PublicKey, number>
}

/** What an entry changed, for whoever keeps members in a table. */
export interface ChainEffect {
  readonly entry: ChainEntry
  readonly hash: Hash
  readonly joined: readonly { readonly accountId: AccountId; readonly role: Role }[]
  readonly left: readonly AccountId[]
  readonly roles: readonly { readonly accountId: AccountId; readonly role: Role }[]
}

/** The device lists that the checking program knows. */
export type Lists = (accountId: AccountId, identity: Hash) => DeviceList | null

/** Every list head that an entry names: what has to be known before it can be checked. */
export function headsNamed(entry: ChainEntry): MemberRef[] {
  const { change } = entry
  const author = { accountId: entry.authorId, head: entry.authorHead }
  const named = 'members' in change ? change.members : 'heads' in change ? change.heads : []
  return [author, ...named.filter(({ head }) => head.identity !== zeroHash)]
}

/**
 * The list that a head names, known at least up to it.
 * @throws SealedError `needs-list`, `list-broken`
 */
export function listAt(lists: Lists, { accountId, head }: MemberRef): DeviceList {
  const list = lists(accountId, head.identity)
  const hash = list?.hashes[head.index]
  if (!list || hash === undefined)
    throw new SealedError('needs-list', `The device list of ${accountId} is not known up to ${head.index}.`)
  if (hash !== head.hash)
    throw new SealedError(
      'list-broken',
      `The device list of ${accountId} is another one than was shown here.`,
    )
  return list
}

export const newestEpoch = (chain: Chain): Epoch => {
  const epoch = chain.epochs.at(-1)
  if (!epoch) throw new SealedError('malformed', 'A chain has an epoch from its first entry on.')
  return epoch
}

/** All times of membership of an account, the oldest first. */
export const membershipsOf = (chain: Chain, accountId: AccountId): Membership[] => {
  const now = chain.members.get(accountId)
  return [...(chain.past.get(accountId) ?? []), ...(now ? [now] : [])]
}

/** Whether an account, as this identity, may read an epoch: what its entitlement says. */
export const mayRead = (chain: Chain, accountId: AccountId, identity: Hash, epoch: number): boolean =>
  epoch < chain.epochs.length &&
  membershipsOf(chain, accountId).some(
    (membership) =>
      membership.identity === identity &&
      membership.readsFrom <= epoch &&
      (membership.until === null || epoch <= membership.until),
  )

/** Whether an epoch's key may be sealed to a device now: it is in force, and its account may read the epoch. */
export function mayBeGranted(chain: Chain, list: DeviceList, deviceId: DeviceId, epoch: number): boolean {
  const device = list.devices.get(deviceId)
  return (
    device?.revokedBy === null &&
    epoch <= (chain.cut.get(deviceId) ?? Infinity) &&
    mayRead(chain, list.accountId, list.identity, epoch)
  )
}

/** Why a device could not have sealed under an epoch; null when it could. */
export function whyNotFrom(
  chain: Chain,
  list: DeviceList,
  deviceId: DeviceId,
  epoch: number,
): SealedCause | null {
  if (epoch >= chain.epochs.length) return 'epoch-unknown'
  const wrote = membershipsOf(chain, list.accountId).some(
    ({ identity, writesFrom, until }) =>
      identity === list.identity && writesFrom <= epoch && (until === null || epoch <= until),
  )
  if (!wrote) return 'sender-not-member'
  if (!list.devices.has(deviceId)) return 'device-not-verified'
  return epoch <= (chain.cut.get(deviceId) ?? Infinity) ? null : 'device-revoked'
}
