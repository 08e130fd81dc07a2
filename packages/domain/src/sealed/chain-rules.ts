import type { Role } from '../conversations.ts'
import type { AccountId } from '../ids.ts'
import { invitesPerConversationMax, membersPerConversationMax } from '../limits.ts'
import { mayRemove } from '../permissions.ts'
import { type Checks, zeroHash } from './bytes.ts'
import { SealedError } from './causes.ts'
import { type Chain, listAt, type Lists, type Membership, newestEpoch } from './chain.ts'
import { admit, beginEpoch, end, fillIn, moveHead } from './chain-changes.ts'
import {
  type ChainChange,
  type ChainEntry,
  invitePart,
  type InviteProof,
  type MemberRef,
} from './chain-entry.ts'

/** An entry that its author signed, and what is known when it is judged. */
export interface Case {
  readonly checks: Checks
  readonly lists: Lists
  readonly chain: Chain | null
  readonly entry: ChainEntry
}

interface Named {
  readonly accountId: AccountId
  readonly role: Role
}

interface Verdict {
  readonly chain: Chain
  readonly joined: readonly Named[]
  readonly left: readonly AccountId[]
  readonly roles: readonly Named[]
}

/** What an entry does. It is made after all of the entry was found right, and applied after that: nothing is half done. */
type Deed = Partial<Omit<Verdict, 'chain'>> & { readonly apply: () => void }

type Change<Op extends ChainChange['op']> = Extract<ChainChange, { op: Op }>

interface Seat {
  readonly chain: Chain
  readonly lists: Lists
  readonly entry: ChainEntry
  readonly author: Membership
}

/** Who may change what: the rules of `docs/encryption.md`. @throws SealedError as `extendChain` says */
export function judge({ checks, lists, chain, entry }: Case): Verdict {
  const { change } = entry
  if (change.op === 'create') return begin(lists, entry, change)
  if (!chain) throw new SealedError('head-moved', 'A chain begins with its making.')
  const { apply, ...done } = deedOf(checks, lists, chain, entry)
  apply()
  return { chain, joined: [], left: [], roles: [], ...done }
}

function deedOf(checks: Checks, lists: Lists, chain: Chain, entry: ChainEntry): Deed {
  const { change } = entry
  if (change.op === 'join') return join(checks, lists, chain, entry, change.proof)
  if (change.op === 'create') throw new SealedError('head-moved', 'A chain is made once.')
  const author = chain.members.get(entry.authorId)
  if (!author) throw new SealedError('not-a-member', 'Only members write into the chain.')
  if (author.identity !== entry.authorHead.identity)
    throw new SealedError('identity-changed', 'The author is not who the chain knows as that account.')
  const seat = { chain, lists, entry, author }
  const moved = moveHead(chain, lists, { accountId: entry.authorId, head: entry.authorHead })
  const deed = byMember(seat, change)
  return {
    ...deed,
    apply: () => {
      const gone = moved()
      deed.apply()
      if (gone && !beginsEpoch(change)) chain.due ??= 'device-revoked'
    },
  }
}

const beginsEpoch = (change: ChainChange): boolean => 'epoch' in change && change.epoch !== null

function byMember(seat: Seat, change: Exclude<ChainChange, { op: 'create' | 'join' }>): Deed {
  switch (change.op) {
    case 'add':
      return add(seat, change)
    case 'leave':
      return leave(seat)
    case 'remove':
      return remove(seat, change)
    case 'role':
      return setRole(seat, change)
    case 'epoch':
      return beginEpochDeed(seat, change)
    case 'policy':
      return setPolicy(seat, change)
    case 'invite':
      return invite(seat, change)
    case 'withdraw':
      return withdraw(seat, change)
  }
}

// What each does

function begin(lists: Lists, entry: ChainEntry, change: Change<'create'>): Verdict {
  const group = change.form === 'group'
  const author = {
    accountId: entry.authorId,
    head: entry.authorHead,
    role: group ? 'founder' : 'member',
  } as const
  const all = [author, ...change.members]
  const rolesFit = change.members.every(({ role }) => role === 'member' || (group && role === 'admin'))
  if (new Set(all.map(({ accountId }) => accountId)).size !== all.length || !rolesFit)
    throw new SealedError('not-permitted', 'Each member is named once, and one is the founder.')
  if (!group && all.length !== 2)
    throw new SealedError('not-permitted', 'A direct conversation is of two people.')
  const { conversationId, index, at, authorId, deviceId } = entry
  const chain: Chain = {
    conversationId,
    form: change.form,
    joinPolicy: change.joinPolicy,
    history: change.history,
    hashes: [],
    members: new Map(),
    past: new Map(),
    removed: new Set(),
    epochs: [{ number: 0, commitment: change.epoch, entry: index, at, authorId, deviceId }],
    due: null,
    cut: new Map(),
    invites: new Map(),
  }
  for (const { accountId, head, role } of all) admit(chain, lists, { accountId, head }, role, 0)
  return { chain, joined: all.map(({ accountId, role }) => ({ accountId, role })), left: [], roles: [] }
}

/**
 * Adds people, says who somebody is that had no devices yet, or takes the new identity of somebody who began again. The
 * last gives keys to whoever says to be that person, so it needs somebody's decision.
 */
function add(seat: Seat, { members, epoch }: Change<'add'>): Deed {
  const { chain, lists, entry, author } = seat
  mustBeDistinct(members.map(({ accountId }) => accountId))
  const news = members.map((member) => ({ ...member, now: chain.members.get(member.accountId) }))
  const fresh = news.filter(({ now }) => !now)
  const again = news.filter(({ now }) => now && now.identity !== null)
  if (fresh.length > 0) mustBeAdmin(seat)
  for (const { accountId, head, now } of again) {
    if (now?.identity === head.identity)
      throw new SealedError('already-a-member', `${accountId} is a member already.`)
    if (chain.form === 'group') mustBeAdmin(seat)
    // The founder has nobody above who could.
    if (now?.role === 'admin' && author.role !== 'founder')
      throw new SealedError('not-permitted', 'The new keys of an admin are taken by the founder.')
    if (accountId === author.accountId)
      throw new SealedError('not-permitted', 'Another member takes a new identity.')
  }
  for (const { accountId, head, now } of news) {
    if (head.identity !== zeroHash) listAt(lists, { accountId, head })
    else if (now) throw new SealedError('not-permitted', 'To name somebody again takes an identity.')
  }
  if (epoch === null && (again.length > 0 || (fresh.length > 0 && chain.history === 'joining')))
    throw new SealedError('not-permitted', 'This needs a new epoch.')
  mustFit(chain, fresh.length)
  return {
    joined: fresh.map(({ accountId }) => ({ accountId, role: 'member' as const })),
    apply: () => {
      const last = newestEpoch(chain).number
      if (epoch !== null) beginEpoch(chain, entry, epoch)
      for (const { accountId, head, now } of news) {
        if (now && now.identity === null) fillIn(chain, lists, now, { accountId, head })
        else {
          if (now) end(chain, now, last)
          admit(chain, lists, { accountId, head }, now?.role ?? 'member', newestEpoch(chain).number)
        }
      }
    },
  }
}

/** Who is no member comes in by itself: where the policy lets everybody in, or by an invite. */
function join(
  checks: Checks,
  lists: Lists,
  chain: Chain,
  entry: ChainEntry,
  proof: InviteProof | null,
): Deed {
  const ref = { accountId: entry.authorId, head: entry.authorHead }
  const now = chain.members.get(ref.accountId)
  listAt(lists, ref)
  if (now?.identity === null) return { apply: () => fillIn(chain, lists, now, ref) }
  if (now?.identity === ref.head.identity) throw new SealedError('already-a-member', 'Is a member already.')
  if (chain.form === 'direct')
    throw new SealedError('not-permitted', 'A direct conversation is of two people.')
  // A new identity comes by itself only as a member: an admin's keys are for the other admins to take anew.
  if (now && now.role !== 'member')
    throw new SealedError('not-permitted', 'The new keys of an admin are taken by another admin.')
  if (chain.removed.has(ref.accountId) && chain.joinPolicy !== 'open')
    throw new SealedError('not-permitted', 'Who was removed is let in by the founder or an admin.')
  if (proof) mustBeInvited(checks, chain, entry, proof)
  else if (chain.joinPolicy !== 'open' && chain.joinPolicy !== 'password')
    throw new SealedError('not-permitted', 'Nobody comes into this conversation by themselves.')
  mustFit(chain, now ? 0 : 1)
  return {
    joined: now ? [] : [{ accountId: ref.accountId, role: 'member' }],
    apply: () => {
      const { number } = newestEpoch(chain)
      const needsEpoch = chain.history === 'joining' || now !== undefined
      if (now) end(chain, now, number)
      admit(chain, lists, ref, 'member', needsEpoch ? number + 1 : number)
      if (needsEpoch) chain.due ??= 'joined'
    },
  }
}

function mustBeInvited(checks: Checks, chain: Chain, entry: ChainEntry, proof: InviteProof): void {
  const until = chain.invites.get(proof.invite)
  if (until === undefined || entry.at > until)
    throw new SealedError('no-such-invite', 'The invite is not in force.')
  const { conversationId, authorId, authorHead } = entry
  const part = invitePart(conversationId, chain.hashes[0] ?? zeroHash, authorId, authorHead.identity)
  if (!checks.verify(proof.invite, part, proof.signature))
    throw new SealedError('bad-signature', "The invite's key did not sign for this account.")
}

function leave({ chain, author }: Seat): Deed {
  if (chain.form === 'direct' || author.role === 'founder')
    throw new SealedError('not-permitted', 'Neither founders nor the two of a direct conversation leave.')
  return {
    left: [author.accountId],
    apply: () => {
      end(chain, author, newestEpoch(chain).number)
      chain.due = 'left'
    },
  }
}

function remove(seat: Seat, { accountIds, epoch, heads }: Change<'remove'>): Deed {
  const { chain, entry, author } = seat
  mustBeAdmin(seat)
  mustBeDistinct(accountIds)
  if (accountIds.length === 0) throw new SealedError('not-permitted', 'A removal removes somebody.')
  const targets = accountIds.map((id) => {
    const target = chain.members.get(id)
    if (!target) throw new SealedError('not-a-member', `${id} is no member.`)
    if (!mayRemove(author.role, target.role))
      throw new SealedError('not-permitted', 'Somebody is removed by a higher role.')
    return target
  })
  const moves = moveHeads(seat, heads)
  return {
    left: accountIds,
    apply: () => {
      const last = newestEpoch(chain).number
      moves()
      for (const target of targets) {
        end(chain, target, last)
        chain.removed.add(target.accountId)
      }
      beginEpoch(chain, entry, epoch)
    },
  }
}

function setRole(seat: Seat, { accountId, role }: Change<'role'>): Deed {
  const { chain, author } = seat
  const target = chain.members.get(accountId)
  if (!target) throw new SealedError('not-a-member', `${accountId} is no member.`)
  if (author.role !== 'founder' || target === author)
    throw new SealedError('not-permitted', 'Roles are given by the founder, to others.')
  if (role === 'founder' && target.identity === null)
    throw new SealedError('not-permitted', 'A founder has devices.')
  const handed = role === 'founder' ? [{ accountId: author.accountId, role: 'admin' as const }] : []
  return {
    roles: [{ accountId, role }, ...handed],
    apply: () => {
      target.role = role
      if (role === 'founder') author.role = 'admin'
    },
  }
}

function beginEpochDeed(seat: Seat, { epoch, heads }: Change<'epoch'>): Deed {
  const { chain, entry } = seat
  const moves = moveHeads(seat, heads)
  return {
    apply: () => {
      moves()
      beginEpoch(chain, entry, epoch)
    },
  }
}

/** Opening the history opens it to those who are members now; closing it takes nothing away. */
function setPolicy(seat: Seat, { joinPolicy, history }: Change<'policy'>): Deed {
  const { chain } = seat
  mustBeAdmin(seat)
  return {
    apply: () => {
      chain.joinPolicy = joinPolicy
      chain.history = history
      if (history === 'everything') for (const member of chain.members.values()) member.readsFrom = 0
    },
  }
}

function invite(seat: Seat, change: Change<'invite'>): Deed {
  const { chain } = seat
  mustBeAdmin(seat)
  if (chain.invites.has(change.invite) || chain.invites.size >= invitesPerConversationMax)
    throw new SealedError('too-many', `At most ${invitesPerConversationMax} invites, each once.`)
  return { apply: () => void chain.invites.set(change.invite, change.until) }
}

function withdraw(seat: Seat, change: Change<'withdraw'>): Deed {
  const { chain } = seat
  mustBeAdmin(seat)
  if (!chain.invites.has(change.invite)) throw new SealedError('no-such-invite', 'There is no such invite.')
  return { apply: () => void chain.invites.delete(change.invite) }
}

// What they have in common

function mustBeAdmin({ chain, author }: Seat): void {
  if (chain.form === 'direct' || author.role === 'member')
    throw new SealedError('not-permitted', 'This is for the founder and the admins of a group.')
}

function mustBeDistinct(ids: readonly AccountId[]): void {
  if (new Set(ids).size !== ids.length) throw new SealedError('not-permitted', 'Somebody is named twice.')
}

function mustFit(chain: Chain, more: number): void {
  if (chain.members.size + more > membersPerConversationMax)
    throw new SealedError('too-many', `A conversation has at most ${membersPerConversationMax} members.`)
}

function moveHeads(seat: Seat, heads: readonly MemberRef[]): () => void {
  mustBeDistinct(heads.map(({ accountId }) => accountId))
  const moves = heads.map((ref) => moveHead(seat.chain, seat.lists, ref))
  return () => {
    for (const move of moves) move()
  }
}
