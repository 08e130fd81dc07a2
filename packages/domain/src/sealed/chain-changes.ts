import type { Role } from '../conversations.ts'
import { type Hash, zeroHash } from './bytes.ts'
import { SealedError } from './causes.ts'
import { type Chain, listAt, type Lists, type Membership, newestEpoch } from './chain.ts'
import type { ChainEntry, MemberRef } from './chain-entry.ts'

// What changes a chain once an entry was found right. Nothing here refuses, but `moveHead` before it gives its change back.

export function beginEpoch(chain: Chain, entry: ChainEntry, commitment: Hash): void {
  const { index, at, authorId, deviceId } = entry
  chain.epochs.push({ number: chain.epochs.length, commitment, entry: index, at, authorId, deviceId })
  chain.due = null
}

export function admit(chain: Chain, lists: Lists, ref: MemberRef, role: Role, writesFrom: number): void {
  const { accountId, head } = ref
  const pending = head.identity === zeroHash
  if (!pending) cutRevoked(chain, lists, ref, -1, lastOf(chain, ref))
  chain.removed.delete(accountId)
  chain.members.set(accountId, {
    accountId,
    role,
    identity: pending ? null : head.identity,
    listIndex: pending ? -1 : head.index,
    writesFrom,
    readsFrom: chain.history === 'everything' ? 0 : writesFrom,
    until: null,
  })
}

export function fillIn(chain: Chain, lists: Lists, member: Membership, ref: MemberRef): void {
  cutRevoked(chain, lists, ref, -1, lastOf(chain, ref))
  member.identity = ref.head.identity
  member.listIndex = ref.head.index
}

export function end(chain: Chain, member: Membership, until: number): void {
  member.until = until
  chain.members.delete(member.accountId)
  chain.past.set(member.accountId, [...(chain.past.get(member.accountId) ?? []), member])
}

/** The last epoch of an earlier time of this identity: what its devices wrote then stays theirs. */
const lastOf = (chain: Chain, { accountId, head }: MemberRef): number =>
  (chain.past.get(accountId) ?? [])
    .filter(({ identity }) => identity === head.identity)
    .reduce((last, { until }) => Math.max(last, until ?? -1), -1)

/** Cuts off the devices that the list revoked after `since`, up to the head. */
function cutRevoked(chain: Chain, lists: Lists, ref: MemberRef, since: number, last: number): boolean {
  const list = listAt(lists, ref)
  let some = false
  for (const { id, revokedBy } of list.devices.values()) {
    if (revokedBy === null || revokedBy <= since || revokedBy > ref.head.index) continue
    if (!chain.cut.has(id)) chain.cut.set(id, last)
    some = true
  }
  return some
}

/** Checks a newer head of a member's list; what is given back takes it, and says whether it revokes a device. */
export function moveHead(chain: Chain, lists: Lists, ref: MemberRef): () => boolean {
  const member = chain.members.get(ref.accountId)
  if (!member) throw new SealedError('not-a-member', `${ref.accountId} is no member.`)
  if (member.identity !== ref.head.identity)
    throw new SealedError('identity-changed', `${ref.accountId} is not who the chain knows.`)
  if (ref.head.index < member.listIndex)
    throw new SealedError('not-permitted', 'The head of a list does not go back.')
  listAt(lists, ref)
  return () => {
    const since = member.listIndex
    member.listIndex = ref.head.index
    return cutRevoked(chain, lists, ref, since, newestEpoch(chain).number)
  }
}
