import { invitesPerConversationMax, membersPerConversationMax } from '@parley/domain/limits'
import { zeroHash } from '@parley/domain/sealed/bytes'
import { mayRead } from '@parley/domain/sealed/chain'
import type { ChainChange } from '@parley/domain/sealed/chain-entry'
import type { Role } from '@parley/domain/conversations'
import { describe, expect, test } from 'vitest'
import {
  epochDue,
  headsToName,
  inviteFragment,
  newInvite,
  proveInvite,
  readChain,
  readInviteFragment,
  signEntry,
  signJoin,
} from '../src/chain-author.ts'
import { checkJoinProof, signJoinProof } from '../src/join-proof.ts'
import { causeOf } from './causes.ts'
import { accountId, conversationId, listsOf, noon, Person, primitives, Stage } from './people.ts'

/** A founder, an admin, another admin, a member and somebody outside. */
function cast(policy: ConstructorParameters<typeof Stage>[1] = {}) {
  const people = [1, 2, 3, 4, 5].map((number) => new Person(number))
  const [founder, admin, admin2, member, stranger] = people
  if (!founder || !admin || !admin2 || !member || !stranger) throw new RangeError('Five are there.')
  const stage = new Stage([founder, admin, admin2, member], policy)
  stage.people.push(stranger)
  for (const { id } of [admin, admin2]) stage.write(founder, { op: 'role', accountId: id, role: 'admin' })
  return { stage, founder, admin, admin2, member, stranger }
}

const joinBy = (stage: Stage, person: Person, link = null as ReturnType<typeof newInvite> | null) =>
  signJoin(
    person.author(),
    stage.conversationId,
    { index: stage.chain.hashes.length - 1, hash: stage.chain.hashes.at(-1) ?? '' },
    link && proveInvite(link, person.author()),
  )

describe('each change is for those that may, and for nobody else', () => {
  const { stage, founder, admin, admin2, member, stranger } = cast()
  const invite = newInvite(primitives, stage.chain).key.publicKey
  const policy = { op: 'policy', joinPolicy: 'open', history: 'joining' } as const
  const add = { op: 'add', members: [stranger.ref], epoch: null } as const
  const remove = (person: Person): ChainChange => ({
    op: 'remove',
    accountIds: [person.id],
    epoch: stage.newEpoch(),
    heads: [],
  })
  const role = (person: Person, to: Role): ChainChange => ({ op: 'role', accountId: person.id, role: to })
  const epoch = { op: 'epoch', epoch: stage.newEpoch(), heads: [] } as const
  const may: [string, Person, ChainChange][] = [
    ['a founder adds', founder, add],
    ['an admin adds', admin, add],
    ['an admin removes a member', admin, remove(member)],
    ['a founder removes an admin', founder, remove(admin)],
    ['a founder gives a role', founder, role(member, 'admin')],
    ['a founder hands over', founder, role(member, 'founder')],
    ['a member begins an epoch', member, epoch],
    ['a member leaves', member, { op: 'leave' }],
    ['an admin sets the policy', admin, policy],
    ['an admin publishes an invite', admin, { op: 'invite', invite, until: noon }],
  ]
  const mayNot: [string, Person, ChainChange][] = [
    ['a member adds', member, add],
    ['an admin removes an admin', admin, remove(admin2)],
    ['an admin removes the founder', admin, remove(founder)],
    ['an admin removes itself', admin, remove(admin)],
    ['a member removes', member, remove(admin)],
    ['an admin gives a role', admin, role(member, 'admin')],
    ['a founder gives itself a role', founder, role(founder, 'member')],
    ['a founder leaves', founder, { op: 'leave' }],
    ['a member sets the policy', member, policy],
    ['a member publishes an invite', member, { op: 'invite', invite, until: noon }],
  ]
  const taken = (person: Person, change: ChainChange) => {
    const before = structuredClone(stage.chain)
    const entries = stage.entries.length
    const cause = causeOf(() => stage.write(person, change))
    stage.chain = before
    stage.entries.length = entries
    return cause
  }
  test.each(may)('%s', (_, person, change) => expect(taken(person, change)).toBeNull())
  test.each(mayNot)('not: %s', (_, person, change) => expect(taken(person, change)).toBe('not-permitted'))
  test('not: a stranger, whatever it is', () => {
    expect(taken(stranger, epoch)).toBe('not-a-member')
    expect(taken(stranger, add)).toBe('not-a-member')
    expect(taken(founder, { op: 'withdraw', invite })).toBe('no-such-invite')
    expect(taken(founder, remove(stranger))).toBe('not-a-member')
    expect(taken(founder, { op: 'add', members: [member.ref], epoch: null })).toBe('already-a-member')
  })
})

test('a refused entry changes nothing', () => {
  const { stage, member, stranger } = cast()
  const before = structuredClone(stage.chain)
  const epoch = stage.newEpoch()
  expect(causeOf(() => stage.write(member, { op: 'add', members: [stranger.ref], epoch }))).toBe(
    'not-permitted',
  )
  expect(stage.chain).toEqual(before)
})

test('P8: a removal begins an epoch, which the removed may not read', () => {
  const { stage, founder, member } = cast()
  stage.write(founder, { op: 'remove', accountIds: [member.id], epoch: stage.newEpoch(), heads: [] })
  expect(stage.chain.members.has(member.id)).toBe(false)
  expect(mayRead(stage.chain, member.id, member.list.identity, 0)).toBe(true)
  expect(mayRead(stage.chain, member.id, member.list.identity, 1)).toBe(false)
  expect(mayRead(stage.chain, founder.id, founder.list.identity, 1)).toBe(true)
})

test('who leaves makes an epoch due, and may read none that follows', () => {
  const { stage, founder, member } = cast()
  stage.write(member, { op: 'leave' })
  expect(stage.chain.due).toBe('left')
  stage.write(founder, { op: 'epoch', epoch: stage.newEpoch(), heads: [] })
  expect(stage.chain.due).toBeNull()
  expect(mayRead(stage.chain, member.id, member.list.identity, 1)).toBe(false)
})

describe('history', () => {
  test('with everything, a newcomer may read all epochs, and needs no new one', () => {
    const { stage, founder, stranger } = cast({ history: 'everything' })
    stage.write(founder, { op: 'epoch', epoch: stage.newEpoch(), heads: [] })
    stage.write(founder, { op: 'add', members: [stranger.ref], epoch: null })
    expect([0, 1].map((epoch) => mayRead(stage.chain, stranger.id, stranger.list.identity, epoch))).toEqual([
      true,
      true,
    ])
  })

  test('from joining on, an addition needs an epoch, and opens none before it', () => {
    const { stage, founder, stranger } = cast({ history: 'joining' })
    const add = { op: 'add', members: [stranger.ref] } as const
    expect(causeOf(() => stage.write(founder, { ...add, epoch: null }))).toBe('not-permitted')
    stage.write(founder, { ...add, epoch: stage.newEpoch() })
    expect([0, 1].map((epoch) => mayRead(stage.chain, stranger.id, stranger.list.identity, epoch))).toEqual([
      false,
      true,
    ])
  })

  test('opening it later opens all to those who are members then', () => {
    const { stage, founder, member, stranger } = cast({ history: 'joining' })
    stage.write(founder, { op: 'remove', accountIds: [member.id], epoch: stage.newEpoch(), heads: [] })
    stage.write(founder, { op: 'add', members: [stranger.ref], epoch: stage.newEpoch() })
    stage.write(founder, { op: 'policy', joinPolicy: 'closed', history: 'everything' })
    expect(mayRead(stage.chain, stranger.id, stranger.list.identity, 0)).toBe(true)
    expect(mayRead(stage.chain, member.id, member.list.identity, 1)).toBe(false)
  })
})

describe('coming in by oneself', () => {
  test.each(['open', 'password'] as const)('is for everybody where the policy is %s', (joinPolicy) => {
    const { stage, stranger } = cast({ joinPolicy })
    stage.take(joinBy(stage, stranger))
    expect(stage.chain.members.get(stranger.id)?.role).toBe('member')
  })

  test.each(['approval', 'closed'] as const)('is for nobody where the policy is %s', (joinPolicy) => {
    const { stage, stranger } = cast({ joinPolicy })
    expect(causeOf(() => stage.take(joinBy(stage, stranger)))).toBe('not-permitted')
  })

  test('from joining on, it makes an epoch due, and opens none before', () => {
    const { stage, member, stranger } = cast({ joinPolicy: 'open', history: 'joining' })
    stage.take(joinBy(stage, stranger))
    expect(stage.chain.due).toBe('joined')
    stage.write(member, { op: 'epoch', epoch: stage.newEpoch(), heads: [] })
    expect([0, 1].map((epoch) => mayRead(stage.chain, stranger.id, stranger.list.identity, epoch))).toEqual([
      false,
      true,
    ])
  })

  test('with an invite it is for whoever has the link, while it is in force', () => {
    const { stage, founder, stranger } = cast({ joinPolicy: 'closed' })
    const made = newInvite(primitives, stage.chain)
    const link = readInviteFragment(primitives, stage.conversationId, inviteFragment(made))
    if (!link) throw new RangeError('A fragment is read as it was written.')
    expect(causeOf(() => stage.take(joinBy(stage, stranger, link)))).toBe('no-such-invite')
    stage.write(founder, { op: 'invite', invite: link.key.publicKey, until: noon })
    const forged = { ...link, chain: zeroHash }
    expect(causeOf(() => stage.take(joinBy(stage, stranger, forged)))).toBe('bad-signature')
    const late = { ...stranger.author(), at: noon + 1 }
    const after = { index: stage.chain.hashes.length - 1, hash: stage.chain.hashes.at(-1) ?? '' }
    const tooLate = signJoin(late, stage.conversationId, after, proveInvite(link, late))
    expect(causeOf(() => stage.take(tooLate))).toBe('no-such-invite')
    stage.take(joinBy(stage, stranger, link))
    expect(stage.chain.members.has(stranger.id)).toBe(true)
  })

  test('who was removed comes in by no invite and no password, but by the hand of an admin', () => {
    const { stage, founder, member } = cast({ joinPolicy: 'password' })
    const invite = newInvite(primitives, stage.chain)
    stage.write(founder, { op: 'invite', invite: invite.key.publicKey, until: noon })
    stage.write(founder, { op: 'remove', accountIds: [member.id], epoch: stage.newEpoch(), heads: [] })
    expect(causeOf(() => stage.take(joinBy(stage, member, invite)))).toBe('not-permitted')
    expect(causeOf(() => stage.take(joinBy(stage, member)))).toBe('not-permitted')
    stage.write(founder, { op: 'add', members: [member.ref], epoch: stage.newEpoch() })
    stage.write(member, { op: 'leave' })
    stage.take(joinBy(stage, member, invite))
    expect(stage.chain.members.has(member.id)).toBe(true)
  })

  test('into an open group anybody comes, who was removed as well', () => {
    const { stage, founder, member } = cast({ joinPolicy: 'open' })
    stage.write(founder, { op: 'remove', accountIds: [member.id], epoch: stage.newEpoch(), heads: [] })
    stage.take(joinBy(stage, member))
    expect(stage.chain.members.has(member.id)).toBe(true)
  })

  test('invites are bounded, and each is published once', () => {
    const { stage, founder } = cast()
    const publish = (invite = primitives.signingKey().publicKey) =>
      causeOf(() => stage.write(founder, { op: 'invite', invite, until: noon }))
    const [known] = Array.from({ length: invitesPerConversationMax - 1 }, () => {
      const invite = primitives.signingKey().publicKey
      stage.chain.invites.set(invite, noon)
      return invite
    })
    expect(publish(known)).toBe('too-many')
    expect(publish()).toBeNull()
    expect(publish()).toBe('too-many')
  })

  test('an invite that was withdrawn lets nobody in', () => {
    const { stage, founder, stranger } = cast({ joinPolicy: 'closed' })
    const link = newInvite(primitives, stage.chain)
    const invite = link.key.publicKey
    stage.write(founder, { op: 'invite', invite, until: noon })
    stage.write(founder, { op: 'withdraw', invite })
    expect(causeOf(() => stage.take(joinBy(stage, stranger, link)))).toBe('no-such-invite')
  })

  test('an invite proof of somebody else lets nobody in', () => {
    const { stage, founder, stranger } = cast({ joinPolicy: 'closed' })
    const link = newInvite(primitives, stage.chain)
    stage.write(founder, { op: 'invite', invite: link.key.publicKey, until: noon })
    const after = { index: stage.chain.hashes.length - 1, hash: stage.chain.hashes.at(-1) ?? '' }
    const stolen = proveInvite(link, founder.author())
    const entry = signJoin(stranger.author(), stage.conversationId, after, stolen)
    expect(causeOf(() => stage.take(entry))).toBe('bad-signature')
  })
})

describe('a join request', () => {
  test('says who asks, and whether a link vouches for the keys', () => {
    const { stage, founder, stranger } = cast({ joinPolicy: 'approval' })
    const link = newInvite(primitives, stage.chain)
    stage.write(founder, { op: 'invite', invite: link.key.publicKey, until: noon })
    const author = stranger.author()
    const check = (bytes: Uint8Array) => checkJoinProof(primitives, stage.lists, stage.chain, bytes).invited
    expect(check(signJoinProof(author, stage.conversationId, proveInvite(link, author)))).toBe(true)
    expect(check(signJoinProof(author, stage.conversationId, null))).toBe(false)
    const stolen = proveInvite(link, founder.author())
    expect(check(signJoinProof(author, stage.conversationId, stolen))).toBe(false)
  })

  test('of another conversation, account or device is refused', () => {
    const { stage, stranger, member } = cast({ joinPolicy: 'approval' })
    const check = (bytes: Uint8Array) =>
      causeOf(() => checkJoinProof(primitives, stage.lists, stage.chain, bytes))
    expect(check(signJoinProof(stranger.author(), conversationId(2), null))).toBe('malformed')
    const swapped = { ...stranger.author(), keys: { ...stranger.device, signing: member.device.signing } }
    expect(check(signJoinProof(swapped, stage.conversationId, null))).toBe('bad-signature')
    const unknown = { ...stranger.author(), head: { ...stranger.head, identity: zeroHash } }
    expect(check(signJoinProof(unknown, stage.conversationId, null))).toBe('needs-list')
  })
})

describe('people without devices', () => {
  const pending = (person: Person) => ({
    accountId: person.id,
    head: { identity: zeroHash, index: 0, hash: zeroHash },
  })

  test('are members by name, and any member says who they are once they have some', () => {
    const { stage, founder, member, stranger } = cast()
    stage.write(founder, { op: 'add', members: [pending(stranger)], epoch: null })
    expect(stage.chain.members.get(stranger.id)?.identity).toBeNull()
    stage.write(member, { op: 'add', members: [stranger.ref], epoch: null })
    expect(stage.chain.members.get(stranger.id)?.identity).toBe(stranger.list.identity)
    expect(causeOf(() => stage.write(member, { op: 'add', members: [stranger.ref], epoch: null }))).toBe(
      'already-a-member',
    )
  })

  test('say themselves who they are, whatever the policy', () => {
    const { stage, founder, stranger } = cast({ joinPolicy: 'closed', history: 'joining' })
    stage.write(founder, { op: 'add', members: [pending(stranger)], epoch: stage.newEpoch() })
    stage.take(joinBy(stage, stranger))
    expect(stage.chain.members.get(stranger.id)?.identity).toBe(stranger.list.identity)
    expect(stage.chain.due).toBeNull()
  })

  test('are not named again without devices, by whoever comes in beside them', () => {
    const { stage, founder, stranger } = cast()
    stage.write(founder, { op: 'add', members: [pending(stranger)], epoch: null })
    const other = new Person(6)
    stage.people.push(other)
    const before = structuredClone(stage.chain)
    const change = { op: 'add', members: [other.ref, pending(stranger)], epoch: null } as const
    expect(causeOf(() => stage.write(founder, change))).toBe('not-permitted')
    expect(stage.chain).toEqual(before)
  })

  test('are not what somebody with devices becomes', () => {
    const { stage, founder, member } = cast()
    const change = { op: 'add', members: [pending(member)], epoch: stage.newEpoch() } as const
    expect(causeOf(() => stage.write(founder, change))).toBe('not-permitted')
  })
})

describe('somebody who began again', () => {
  test('is taken by an admin with a new epoch, and the old identity reads on no more', () => {
    const { stage, admin, member } = cast()
    const again = new Person(4)
    stage.people.push(again)
    const add = { op: 'add', members: [again.ref] } as const
    expect(causeOf(() => stage.write(admin, { ...add, epoch: null }))).toBe('not-permitted')
    stage.write(admin, { ...add, epoch: stage.newEpoch() })
    expect(mayRead(stage.chain, member.id, member.list.identity, 1)).toBe(false)
    expect(mayRead(stage.chain, member.id, again.list.identity, 1)).toBe(true)
  })

  test('cannot write as who it was', () => {
    const { stage } = cast()
    const again = new Person(4)
    stage.people.push(again)
    const change = { op: 'epoch', epoch: stage.newEpoch(), heads: [] } as const
    expect(causeOf(() => stage.write(again, change))).toBe('identity-changed')
  })

  test('is not taken by members, and an admin is taken by the founder alone', () => {
    const { stage, founder, admin2, member } = cast()
    const again = new Person(2)
    stage.people.push(again)
    const add = () => ({ op: 'add', members: [again.ref], epoch: stage.newEpoch() }) as const
    expect(causeOf(() => stage.write(member, add()))).toBe('not-permitted')
    expect(causeOf(() => stage.write(admin2, add()))).toBe('not-permitted')
    stage.write(founder, add())
    expect(stage.chain.members.get(again.id)?.role).toBe('admin')
  })

  test('comes in by itself as a member where everybody does, but not as an admin, nor by its old devices', () => {
    const { stage, founder, admin } = cast({ joinPolicy: 'open' })
    const members = [new Person(4), new Person(2)]
    stage.people.push(...members)
    const [again, adminAgain] = members
    if (!again || !adminAgain) throw new RangeError('Two began again.')
    expect(causeOf(() => stage.take(joinBy(stage, adminAgain)))).toBe('not-permitted')
    const own = { op: 'add', members: [adminAgain.ref], epoch: stage.newEpoch() } as const
    expect(causeOf(() => stage.write(admin, own))).toBe('not-permitted')
    const founderAgain = new Person(1)
    stage.people.push(founderAgain)
    const itself = { op: 'add', members: [founderAgain.ref], epoch: stage.newEpoch() } as const
    expect(causeOf(() => stage.write(founder, itself))).toBe('not-permitted')
    stage.take(joinBy(stage, again))
    expect(stage.chain.members.get(again.id)?.identity).toBe(again.list.identity)
    expect(stage.chain.due).toBe('joined')
  })

  test('in a direct conversation is taken by the other', () => {
    const [ada, bob] = [new Person(1), new Person(2)]
    const stage = new Stage([ada, bob], { form: 'direct' })
    const again = new Person(2)
    const third = new Person(3)
    stage.people.push(again, third)
    expect(
      causeOf(() => stage.write(ada, { op: 'add', members: [third.ref], epoch: stage.newEpoch() })),
    ).toBe('not-permitted')
    expect(causeOf(() => stage.take(joinBy(stage, third)))).toBe('not-permitted')
    expect(causeOf(() => stage.take(joinBy(stage, again)))).toBe('not-permitted')
    stage.write(ada, { op: 'add', members: [again.ref], epoch: stage.newEpoch() })
    expect(stage.chain.members.get(again.id)?.identity).toBe(again.list.identity)
  })
})

describe('revoked devices', () => {
  test('make an epoch due when the chain hears of it, and write nothing any more', () => {
    const { stage, founder, member } = cast()
    const lost = member.add()
    member.revoke(lost)
    expect(headsToName(stage.chain, stage.lists)).toEqual([member.ref])
    expect(
      causeOf(() => stage.write(member, { op: 'epoch', epoch: stage.newEpoch(), heads: [] }, lost)),
    ).toBe('device-revoked')
    stage.write(founder, { op: 'epoch', epoch: stage.newEpoch(), heads: [member.ref] })
    expect(headsToName(stage.chain, stage.lists)).toEqual([])
    expect(stage.chain.cut.get(lost.id)).toBe(0)
    expect(stage.chain.due).toBeNull()
  })

  test('make an epoch due by whatever their account writes next', () => {
    const { stage, admin } = cast()
    admin.revoke(admin.add())
    stage.write(admin, { op: 'policy', joinPolicy: 'open', history: 'everything' })
    expect(stage.chain.due).toBe('device-revoked')
  })
})

test('a conversation has a bounded number of members', () => {
  const { stage, founder, member, stranger } = cast({ joinPolicy: 'open' })
  const filler = stage.chain.members.get(member.id)
  if (!filler) throw new RangeError('The member is there.')
  for (let number = 100; stage.chain.members.size < membersPerConversationMax; number += 1)
    stage.chain.members.set(accountId(number), { ...filler, accountId: accountId(number) })
  expect(causeOf(() => stage.write(founder, { op: 'add', members: [stranger.ref], epoch: null }))).toBe(
    'too-many',
  )
  expect(causeOf(() => stage.take(joinBy(stage, stranger)))).toBe('too-many')
  stage.chain.members.delete(accountId(100))
  expect(causeOf(() => stage.take(joinBy(stage, stranger)))).toBeNull()
})

describe('a chain begins', () => {
  const [ada, bob, carol] = [new Person(1), new Person(2), new Person(3)]
  const begin = (form: 'direct' | 'group', ...members: { person: Person; role: Role }[]) => {
    const named = members.map(({ person, role }) => ({ ...person.ref, role }))
    const policy = { joinPolicy: 'closed', history: 'everything' } as const
    const change = { op: 'create', form, ...policy, epoch: zeroHash, members: named } as const
    const entry = signEntry(ada.author(), conversationId(1), null, change)
    return causeOf(() => readChain(primitives, listsOf(ada, bob, carol), [entry]))
  }

  test('with members and admins, each once, and its author as the founder', () => {
    expect(begin('group', { person: bob, role: 'admin' }, { person: carol, role: 'member' })).toBeNull()
    expect(begin('group')).toBeNull()
    expect(begin('group', { person: bob, role: 'founder' })).toBe('not-permitted')
    expect(begin('group', { person: bob, role: 'member' }, { person: bob, role: 'member' })).toBe(
      'not-permitted',
    )
    expect(begin('group', { person: ada, role: 'member' })).toBe('not-permitted')
  })

  test('with two people where it is direct, neither of them an admin', () => {
    expect(begin('direct', { person: bob, role: 'member' })).toBeNull()
    expect(begin('direct')).toBe('not-permitted')
    expect(begin('direct', { person: bob, role: 'admin' })).toBe('not-permitted')
    expect(begin('direct', { person: bob, role: 'member' }, { person: carol, role: 'member' })).toBe(
      'not-permitted',
    )
  })

  test('once', () => {
    const stage = new Stage([ada, bob])
    const [first] = stage.entries
    expect(causeOf(() => stage.take(first ?? new Uint8Array()))).toBe('head-moved')
  })
})

test('what makes no sense is refused: joining twice, removing nobody, a role for a stranger, a founder without devices', () => {
  const { stage, founder, admin, member, stranger } = cast({ joinPolicy: 'open' })
  expect(causeOf(() => stage.take(joinBy(stage, member)))).toBe('already-a-member')
  const nobody = { op: 'remove', accountIds: [], epoch: stage.newEpoch(), heads: [] } as const
  expect(causeOf(() => stage.write(admin, nobody))).toBe('not-permitted')
  const role = { op: 'role', accountId: stranger.id, role: 'admin' } as const
  expect(causeOf(() => stage.write(founder, role))).toBe('not-a-member')
  const pending = { accountId: stranger.id, head: { identity: zeroHash, index: 0, hash: zeroHash } }
  stage.write(founder, { op: 'add', members: [pending], epoch: null })
  expect(causeOf(() => stage.write(founder, { ...role, role: 'founder' }))).toBe('not-permitted')
  expect(causeOf(() => stage.write(founder, role))).toBeNull()
})

test('heads are named of members, as who the chain knows, and each once', () => {
  const { stage, founder, member, stranger } = cast()
  const again = new Person(4)
  stage.people.push(again)
  const naming = (...heads: (typeof member.ref)[]) =>
    causeOf(() => stage.write(founder, { op: 'epoch', epoch: stage.newEpoch(), heads }))
  expect(naming(stranger.ref)).toBe('not-a-member')
  expect(naming(again.ref)).toBe('identity-changed')
  expect(naming(member.ref, member.ref)).toBe('not-permitted')
  expect(naming(member.ref)).toBeNull()
})

test('heads of lists never go back', () => {
  const { stage, founder, member } = cast()
  const before = member.ref
  member.add()
  stage.write(founder, { op: 'epoch', epoch: stage.newEpoch(), heads: [member.ref] })
  const back = { op: 'epoch', epoch: stage.newEpoch(), heads: [before] } as const
  expect(causeOf(() => stage.write(founder, back))).toBe('not-permitted')
})

test('an epoch is over after a thousand messages, or seven days', () => {
  const { stage } = cast()
  expect(epochDue(stage.chain, { messages: 999, now: noon + 604_799_999 })).toBeNull()
  expect(epochDue(stage.chain, { messages: 1_000, now: noon })).toBe('messages')
  expect(epochDue(stage.chain, { messages: 0, now: noon + 604_800_000 })).toBe('age')
})
