import { afterAll, describe, expect, test } from 'vitest'
import { follow, groupOf, refusal, refusalOf, type Someone, Stage } from './stage.ts'
import { say } from './saying.ts'

const stage = await Stage.open()
afterAll(() => stage.close())

const rolesOf = async (by: Someone, conversationId: string) => {
  const { members } = await by.api.conversations.members.query({ conversationId })
  return Object.fromEntries(members.map(({ accountId, role }) => [accountId, role]))
}

describe('a group', () => {
  test('is made with its members, and whoever made it is its founder', async () => {
    const [ada, ben, eve] = await stage.people(3)
    using ofBen = await follow(ben)
    const group = await ada.api.conversations.makeGroup.mutate({
      name: ' Engines ',
      description: 'Analytical\nones',
      members: [ben.id, ben.id, ada.id, eve.id],
      keyMaterial: 'a2V5',
    })
    expect(group).toMatchObject({
      kind: 'group',
      name: 'Engines',
      description: 'Analytical\nones',
      joinPolicy: 'closed',
      listed: false,
      sealed: false,
      founderId: ada.id,
      closedAt: null,
    })
    expect(await rolesOf(ben, group.id)).toEqual({
      [ada.id]: 'founder',
      [ben.id]: 'member',
      [eve.id]: 'member',
    })
    const { members } = await ada.api.conversations.members.query({ conversationId: group.id })
    expect(members.find(({ accountId }) => accountId === ada.id)?.keyMaterial).toBe('a2V5')
    await ofBen.until((each) => each.of('joined').length > 0)
    expect(ofBen.of('joined')).toMatchObject([{ conversation: group, role: 'member' }])
  })

  test('P2: made again under its client id, is the first, also in one moment; of another maker, another', async () => {
    const [ada, ben] = await stage.people(2)
    const input = { name: 'Once', members: [ben.id], clientConversationId: 'of-ada' }
    const twins = await Promise.all([
      ada.api.conversations.makeGroup.mutate(input),
      ada.api.conversations.makeGroup.mutate({ ...input, name: 'Twice' }),
    ])
    expect(twins[0]).toMatchObject({ clientConversationId: 'of-ada' })
    expect(twins[1].id).toBe(twins[0].id)
    const { id: conversationId } = twins[0]
    await ada.api.conversations.handOver.mutate({ conversationId, accountId: ben.id })
    const again = await ada.api.conversations.makeGroup.mutate(input)
    expect(again).toEqual({ ...twins[0], name: again.name, founderId: ben.id })
    const { conversations } = await ada.api.conversations.mine.query({})
    expect(conversations.map(({ conversation }) => conversation)).toEqual([again])

    const other = await ben.api.conversations.makeGroup.mutate(input)
    expect(other.id).not.toBe(conversationId)
    await ada.api.conversations.leave.mutate({ conversationId })
    expect(await refusalOf(ada, 'conversations.makeGroup', input)).toEqual({ kind: 'not-a-member' })
  })

  test('whoever comes into a group is told by which name its maker knows it', async () => {
    const [ada, ben] = await stage.people(2)
    using ofAda = await follow(ada)
    using ofBen = await follow(ben)
    const input = { name: 'Named', members: [ben.id], clientConversationId: 'named' }
    await ada.api.conversations.makeGroup.mutate(input)
    for (const each of [ofAda, ofBen]) {
      await each.until((stream) => stream.of('joined').length > 0)
      expect(each.of('joined')).toMatchObject([{ conversation: { clientConversationId: 'named' } }])
    }
  })

  test.for([
    ['no name', { name: '  ' }, 'name'],
    ['a name of two lines', { name: 'a\nb' }, 'name'],
    ['a policy that there is not', { joinPolicy: 'anybody' }, 'joinPolicy'],
    ['a password without its policy', { password: 'open sesame' }, 'password'],
    ['a policy without its password', { joinPolicy: 'password' }, 'password'],
    ['keys that are no base64url', { keyMaterial: 'a b' }, 'keyMaterial'],
    ['a member who is no id', { members: ['somebody'] }, 'members.0'],
    ['a client id with a space', { clientConversationId: 'a b' }, 'clientConversationId'],
    ['a field that there is not', { color: 'red' }, undefined],
  ] as const)('P9: one with %s is not made', async ([, wrong, field]) => {
    const ada = await stage.person()
    const refused = await refusalOf(ada, 'conversations.makeGroup', { name: 'Engines', ...wrong })
    expect(refused).toEqual(
      field === undefined ? { kind: 'invalid-input' } : { kind: 'invalid-input', field },
    )
    expect((await ada.api.conversations.mine.query({})).conversations).toEqual([])
  })

  test('P9: one with a member who does not exist or is disabled is not made at all', async () => {
    const [ada, ben] = await stage.people(2)
    const bot = await ben.api.bots.make.mutate({ username: 'disabled-bot' })
    await ben.api.bots.disable.mutate({ accountId: bot.account.id })
    for (const id of [`a${'x'.repeat(15)}`, bot.account.id]) {
      const made = ada.api.conversations.makeGroup.mutate({ name: 'Engines', members: [ben.id, id] })
      expect(await refusal(made)).toEqual({ kind: 'not-found', field: 'accountId' })
    }
    expect((await ben.api.conversations.mine.query({})).conversations).toEqual([])
  })

  test('tells its members what becomes of its name, its description and its policy', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    using following = await follow(ben)
    await ada.api.conversations.rename.mutate({ conversationId, name: 'Engines' })
    await ada.api.conversations.describe.mutate({ conversationId, description: 'Of all sorts' })
    const now = await ada.api.conversations.setJoinPolicy.mutate({
      conversationId,
      joinPolicy: 'open',
      listed: true,
    })
    expect(now).toMatchObject({
      name: 'Engines',
      description: 'Of all sorts',
      joinPolicy: 'open',
      listed: true,
    })
    await following.until((each) => each.of('conversation').length === 3)
    expect(following.of('conversation').at(-1)?.conversation).toEqual(now)
    expect((await ben.api.conversations.get.query({ conversationId })).conversation).toEqual(now)
    const { id, name, description, joinPolicy, sealed } = now
    const outsider = await stage.person()
    expect(await outsider.api.conversations.about.query({ conversationId })).toEqual({
      id,
      name,
      description,
      joinPolicy,
      sealed,
    })
  })

  test('P9: what is none is described to nobody, and neither is a direct conversation', async () => {
    const [ada, ben, eve] = await stage.people(3)
    const { id } = await ada.api.conversations.openDirect.mutate({ accountId: ben.id })
    for (const conversationId of [id, `c${'x'.repeat(15)}`]) {
      const about = eve.api.conversations.about.query({ conversationId })
      expect(await refusal(about)).toEqual({ kind: 'not-found', field: 'conversationId' })
    }
  })

  test('that is closed can be read and left, and nothing else; it is listed no more', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben], {
      listed: true,
      joinPolicy: 'open',
      name: 'Soon closed',
    })
    const { messageId } = await say(ben, conversationId, 'the last words')
    await ada.api.conversations.close.mutate({ conversationId })
    const { closedAt } = (await ben.api.conversations.get.query({ conversationId })).conversation
    expect(closedAt).not.toBeNull()
    expect((await ben.api.messages.page.query({ conversationId })).messages).toHaveLength(1)
    expect(await ben.api.messages.markRead.mutate({ conversationId, messageId })).toMatchObject({ unread: 0 })
    expect((await ben.api.conversations.listed.query({ words: 'soon closed' })).groups).toEqual([])
    expect(await refusal(ada.api.conversations.close.mutate({ conversationId }))).toEqual({
      kind: 'conversation-closed',
    })
    // Nobody is left to run it, so its founder may go first.
    await ada.api.conversations.leave.mutate({ conversationId })
    expect(await rolesOf(ben, conversationId)).toEqual({ [ben.id]: 'member' })
  })
})

describe('leaving, and handing over', () => {
  test('a member leaves, and is out of it at once', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    using following = await follow(ada)
    await ben.api.conversations.leave.mutate({ conversationId })
    await following.until((each) => each.of('member-left').length > 0)
    expect(following.of('member-left')).toMatchObject([{ accountId: ben.id, memberCount: 1, by: ben.id }])
    expect(await refusal(ben.api.messages.page.query({ conversationId }))).toMatchObject({
      kind: 'not-a-member',
    })
    const again = ben.api.conversations.leave.mutate({ conversationId })
    expect(await refusal(again)).toEqual({ kind: 'not-a-member', field: 'conversationId' })
  })

  test('P9: the founder leaves after handing over, and is an admin between', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    const leave = () => ada.api.conversations.leave.mutate({ conversationId })
    expect(await refusal(leave())).toEqual({ kind: 'founder-must-stay' })
    await ada.api.conversations.handOver.mutate({ conversationId, accountId: ada.id })
    await ada.api.conversations.handOver.mutate({ conversationId, accountId: ben.id })
    expect(await rolesOf(ada, conversationId)).toEqual({ [ada.id]: 'admin', [ben.id]: 'founder' })
    expect((await ada.api.conversations.get.query({ conversationId })).conversation.founderId).toBe(ben.id)
    await leave()
    expect(await rolesOf(ben, conversationId)).toEqual({ [ben.id]: 'founder' })
  })

  test('a group that its last member leaves is closed', async () => {
    const ada = await stage.person()
    const conversationId = await groupOf(ada, [], { joinPolicy: 'open', listed: true })
    await ada.api.conversations.leave.mutate({ conversationId })
    const join = ada.api.conversations.join.mutate({ conversationId })
    expect(await refusal(join)).toEqual({ kind: 'conversation-closed' })
  })

  test('P9: it is handed over to a member only', async () => {
    const [ada, eve] = await stage.people(2)
    const conversationId = await groupOf(ada)
    const handOver = ada.api.conversations.handOver.mutate({ conversationId, accountId: eve.id })
    expect(await refusal(handOver)).toEqual({ kind: 'not-found', field: 'accountId' })
    expect(await rolesOf(ada, conversationId)).toEqual({ [ada.id]: 'founder' })
  })
})

describe('a direct conversation', () => {
  test('is made once, though both ask for it again and again at the same time', async () => {
    const [ada, ben] = await stage.people(2)
    using following = await follow(ben)
    const asked = await Promise.all(
      Array.from({ length: 10 }, (_, nth) =>
        nth % 2 === 0
          ? ada.api.conversations.openDirect.mutate({ accountId: ben.id })
          : ben.http.conversations.openDirect.mutate({ accountId: ada.id }),
      ),
    )
    const [first] = asked
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1)
    expect(first).toMatchObject({ kind: 'direct', name: '', founderId: null, joinPolicy: 'closed' })
    expect(first?.directWith?.toSorted()).toEqual([ada.id, ben.id].toSorted())
    for (const one of [ada, ben]) {
      expect((await one.api.conversations.mine.query({})).conversations).toHaveLength(1)
    }
    await following.until((each) => each.of('joined').length > 0)
    expect(following.of('joined')).toHaveLength(1)
    const [again] = await stage.restart(ada)
    expect(await again.api.conversations.openDirect.mutate({ accountId: ben.id })).toEqual(first)
  })

  test('P9: is with somebody else who is there', async () => {
    const ada = await stage.person()
    const openWith = (accountId: string) => ada.api.conversations.openDirect.mutate({ accountId })
    expect(await refusal(openWith(ada.id))).toEqual({ kind: 'invalid-input', field: 'accountId' })
    expect(await refusal(openWith(`a${'x'.repeat(15)}`))).toEqual({ kind: 'not-found', field: 'accountId' })
    const bot = await ada.api.bots.make.mutate({ username: 'gone-bot' })
    await ada.api.bots.disable.mutate({ accountId: bot.account.id })
    expect(await refusal(openWith(bot.account.id))).toEqual({ kind: 'not-found', field: 'accountId' })
  })
})

describe('members', () => {
  test('are listed page by page, each with the person and whether they are there', async () => {
    const [ada, ben, ...others] = await stage.people(5)
    const conversationId = await groupOf(ada, [ben, ...others])
    await ben.api.account.me.query()
    const seen: { accountId: string; online: boolean }[] = []
    let after: string | undefined
    do {
      const page: Awaited<ReturnType<typeof ada.api.conversations.members.query>> =
        await ada.api.conversations.members.query({ conversationId, after, limit: 2 })
      seen.push(...page.members.map(({ accountId, person }) => ({ accountId, online: person.online })))
      after = page.next ?? undefined
    } while (after !== undefined)
    expect(seen.map(({ accountId }) => accountId)).toEqual(
      [ada, ben, ...others].map(({ id }) => id).toSorted(),
    )
    const online = seen.filter((one) => one.online).map(({ accountId }) => accountId)
    expect(online.toSorted()).toEqual([ada.id, ben.id].toSorted())
  })

  test('are added, and those who are in it already stay as they are', async () => {
    const [ada, ben, eve] = await stage.people(3)
    const conversationId = await groupOf(ada, [ben])
    await ada.api.conversations.setRole.mutate({ conversationId, accountId: ben.id, role: 'admin' })
    await ben.api.conversations.addMembers.mutate({ conversationId, accountIds: [eve.id, ben.id, eve.id] })
    expect(await rolesOf(eve, conversationId)).toEqual({
      [ada.id]: 'founder',
      [ben.id]: 'admin',
      [eve.id]: 'member',
    })
  })

  test('P9: of people who are added with one who does not exist, nobody is', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada)
    const accountIds = [ben.id, `a${'x'.repeat(15)}`]
    const added = ada.api.conversations.addMembers.mutate({ conversationId, accountIds })
    expect(await refusal(added)).toEqual({ kind: 'not-found', field: 'accountId' })
    expect(await rolesOf(ada, conversationId)).toEqual({ [ada.id]: 'founder' })
    expect((await ben.api.conversations.mine.query({})).conversations).toEqual([])
  })

  test('get and lose roles, as the founder says; the others learn of it', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    using following = await follow(ben)
    for (const role of ['admin', 'admin', 'member'] as const) {
      await ada.api.conversations.setRole.mutate({ conversationId, accountId: ben.id, role })
      expect((await ben.api.conversations.get.query({ conversationId })).role).toBe(role)
    }
    await following.until((each) => each.of('member').length === 2)
    expect(following.of('member').map(({ member }) => member.role)).toEqual(['admin', 'member'])
  })

  test('P9: roles are for members, and the founder’s own changes hands by handing over alone', async () => {
    const [ada, eve] = await stage.people(2)
    const conversationId = await groupOf(ada)
    const setRole = (accountId: string) =>
      refusal(ada.api.conversations.setRole.mutate({ conversationId, accountId, role: 'member' }))
    expect(await setRole(ada.id)).toEqual({ kind: 'founder-must-stay', field: 'accountId' })
    expect(await setRole(eve.id)).toEqual({ kind: 'not-found', field: 'accountId' })
    const removed = ada.api.conversations.removeMember.mutate({ conversationId, accountId: eve.id })
    expect(await refusal(removed)).toEqual({ kind: 'not-found', field: 'accountId' })
  })
})
