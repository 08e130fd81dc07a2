import { afterAll, describe, expect, test } from 'vitest'
import { say } from './saying.ts'
import { follow, groupOf, refusal, type Someone, Stage } from './stage.ts'

const stage = await Stage.open()
afterAll(() => stage.close())

const join = ({ api }: Someone, conversationId: string, password?: string) =>
  api.conversations.join.mutate({ conversationId, password })

const isIn = async ({ api }: Someone, conversationId: string) =>
  (await api.conversations.mine.query({})).conversations.some(
    ({ conversation }) => conversation.id === conversationId,
  )

describe('going into a group', () => {
  test('that is open: anybody, once, with the keys they bring', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [], { joinPolicy: 'open' })
    await say(ada, conversationId, 'said before')
    using following = await follow(ada)
    const joined = await ben.api.conversations.join.mutate({ conversationId, keyMaterial: 'a2V5' })
    expect(joined).toMatchObject({ id: conversationId, joinPolicy: 'open' })
    await following.until((each) => each.of('member').length > 0)
    expect(following.of('member')).toMatchObject([
      {
        conversationId,
        member: { accountId: ben.id, role: 'member', keyMaterial: 'a2V5' },
        memberCount: 2,
        by: null,
      },
    ])
    expect(await refusal(join(ben, conversationId))).toEqual({ kind: 'already-a-member' })
    // What was said before is read as history.
    expect((await ben.api.messages.page.query({ conversationId })).messages).toHaveLength(1)
  })

  test('P9: that has a password: only with it, and with the one it has now', async () => {
    const [ada, ben] = await stage.people(2)
    const policy = { joinPolicy: 'password' as const, password: 'open sesame' }
    const conversationId = await groupOf(ada, [], policy)
    const wrong = { kind: 'wrong-conversation-password', field: 'password' }
    expect(await refusal(join(ben, conversationId))).toEqual(wrong)
    expect(await refusal(join(ben, conversationId, 'Open Sesame'))).toEqual(wrong)
    await ada.api.conversations.setJoinPolicy.mutate({ conversationId, ...policy, password: 'changed' })
    expect(await refusal(join(ben, conversationId, 'open sesame'))).toEqual(wrong)
    await join(ben, conversationId, 'changed')
    expect(await isIn(ben, conversationId)).toBe(true)
    const { conversation } = await ben.api.conversations.get.query({ conversationId })
    expect(JSON.stringify(conversation)).not.toMatch(/argon|changed/)
  })

  test('P9: that asks for approval, or is closed, or is none: nobody goes in by themselves', async () => {
    const [ada, ben] = await stage.people(2)
    for (const joinPolicy of ['approval', 'closed'] as const) {
      const conversationId = await groupOf(ada, [], { joinPolicy })
      expect(await refusal(join(ben, conversationId))).toEqual({ kind: 'join-policy' })
      expect(await isIn(ben, conversationId)).toBe(false)
    }
    const none = { kind: 'not-found', field: 'conversationId' }
    expect(await refusal(join(ben, `c${'x'.repeat(15)}`))).toEqual(none)
  })

  test('P9: that was left or closed in the same moment: in or out, and never half', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [], { joinPolicy: 'open' })
    const [joined] = await Promise.allSettled([
      join(ben, conversationId),
      ada.api.conversations.close.mutate({ conversationId }),
    ])
    expect(await isIn(ben, conversationId)).toBe(joined.status === 'fulfilled')
  })
})

describe('asking to be let in', () => {
  const ask = ({ api }: Someone, conversationId: string) =>
    api.joinRequests.ask.mutate({ conversationId, keyMaterial: 'a2V5' })

  test('waits for whoever decides, over a restart too, and the answer waits for who asked', async () => {
    const [founder, ben] = await stage.people(2)
    const conversationId = await groupOf(founder, [], { joinPolicy: 'approval', name: 'By approval' })
    const asked = await ask(ben, conversationId)
    expect(asked).toMatchObject({
      conversationId,
      conversationName: 'By approval',
      accountId: ben.id,
      state: 'waiting',
      keyMaterial: 'a2V5',
      decidedAt: null,
    })
    const [founderBack] = await stage.restart(founder)
    expect((await founderBack.api.stream.snapshot.query()).requests.toDecide).toEqual([asked])
    expect(await founderBack.api.joinRequests.list.query({ conversationId })).toEqual([asked])
    const accountId = ben.id
    await founderBack.api.joinRequests.approve.mutate({ conversationId, accountId, grant: 'Z3JhbnQ' })

    const [benBack] = await stage.restart(ben)
    const { requests, conversations } = await benBack.api.stream.snapshot.query()
    expect(requests.mine).toMatchObject([{ state: 'approved', decidedBy: founder.id, grant: 'Z3JhbnQ' }])
    expect(conversations).toMatchObject([{ conversation: { id: conversationId }, grant: 'Z3JhbnQ' }])
    const { members } = await benBack.api.conversations.members.query({ conversationId })
    expect(members.find((member) => member.accountId === ben.id)).toMatchObject({
      keyMaterial: 'a2V5',
      grant: 'Z3JhbnQ',
    })
  })

  test('reaches the founder and the admins on their streams, and nobody else; so does the answer', async () => {
    const [founder, admin, member, ben] = await stage.people(4)
    const conversationId = await groupOf(founder, [admin, member], { joinPolicy: 'approval' })
    await founder.api.conversations.setRole.mutate({ conversationId, accountId: admin.id, role: 'admin' })
    const streams = await Promise.all([founder, admin, member, ben].map((each) => follow(each)))
    const [ofFounder, ofAdmin, ofMember, ofBen] = streams
    await ask(ben, conversationId)
    await admin.api.joinRequests.decline.mutate({ conversationId, accountId: ben.id })
    for (const stream of [ofFounder, ofAdmin, ofBen]) {
      await stream?.until((each) => each.of('join-request').length === 2)
      expect(stream?.of('join-request').map(({ request }) => request.state)).toEqual(['waiting', 'declined'])
    }
    const { messageId } = await say(founder, conversationId, 'after all that')
    await ofMember?.reach(messageId)
    expect(ofMember?.of('join-request')).toEqual([])
    expect(await isIn(ben, conversationId)).toBe(false)
    for (const stream of streams) stream[Symbol.dispose]()
  })

  test('twice is once; after a no one may ask again, and it is decided once', async () => {
    const [founder, ben] = await stage.people(2)
    const conversationId = await groupOf(founder, [], { joinPolicy: 'approval' })
    await ask(ben, conversationId)
    await ask(ben, conversationId)
    const accountId = ben.id
    expect(await founder.api.joinRequests.list.query({ conversationId })).toHaveLength(1)
    const decline = () => founder.api.joinRequests.decline.mutate({ conversationId, accountId })
    const approve = () => founder.api.joinRequests.approve.mutate({ conversationId, accountId })
    await decline()
    expect(await refusal(decline())).toEqual({ kind: 'already-decided' })
    expect(await refusal(approve())).toEqual({ kind: 'already-decided' })
    await ask(ben, conversationId)
    const [one, other] = await Promise.allSettled([approve(), decline()])
    expect([one.status, other.status].toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await isIn(ben, conversationId)).toBe(one.status === 'fulfilled')
  })

  test('can be taken back while nobody has decided', async () => {
    const [founder, ben] = await stage.people(2)
    const conversationId = await groupOf(founder, [], { joinPolicy: 'approval' })
    const cancel = () => ben.api.joinRequests.cancel.mutate({ conversationId })
    expect(await refusal(cancel())).toEqual({ kind: 'not-found', field: 'accountId' })
    await ask(ben, conversationId)
    await cancel()
    expect(await refusal(cancel())).toEqual({ kind: 'already-decided' })
    expect(await founder.api.joinRequests.list.query({ conversationId })).toEqual([])
    const approve = founder.api.joinRequests.approve.mutate({ conversationId, accountId: ben.id })
    expect(await refusal(approve)).toEqual({ kind: 'already-decided' })
    expect((await ben.api.joinRequests.all.query()).mine).toMatchObject([{ state: 'cancelled' }])
  })

  test('is answered by being added, or by the group being opened', async () => {
    const [founder, ben, eve] = await stage.people(3)
    const conversationId = await groupOf(founder, [], { joinPolicy: 'approval' })
    await ask(ben, conversationId)
    await ask(eve, conversationId)
    await founder.api.conversations.addMembers.mutate({ conversationId, accountIds: [ben.id] })
    await founder.api.conversations.setJoinPolicy.mutate({ conversationId, joinPolicy: 'open' })
    await join(eve, conversationId)
    for (const each of [ben, eve]) {
      expect((await each.api.joinRequests.all.query()).mine).toMatchObject([{ state: 'approved' }])
    }
    expect((await founder.api.joinRequests.all.query()).toDecide).toEqual([])
  })

  test('P9: is for groups that take requests, and for who is not in them', async () => {
    const [founder, ben] = await stage.people(2)
    for (const policy of [
      { joinPolicy: 'open' as const },
      { joinPolicy: 'closed' as const },
      { joinPolicy: 'password' as const, password: 'open sesame' },
    ]) {
      expect(await refusal(ask(ben, await groupOf(founder, [], policy)))).toEqual({ kind: 'join-policy' })
    }
    const conversationId = await groupOf(founder, [], { joinPolicy: 'approval' })
    expect(await refusal(ask(founder, conversationId))).toEqual({ kind: 'already-a-member' })
    const unknown = founder.api.joinRequests.approve.mutate({ conversationId, accountId: ben.id })
    expect(await refusal(unknown)).toEqual({ kind: 'not-found', field: 'accountId' })
    await founder.api.conversations.close.mutate({ conversationId })
    expect(await refusal(ask(ben, conversationId))).toEqual({ kind: 'conversation-closed' })
    const none = ask(ben, `c${'x'.repeat(15)}`)
    expect(await refusal(none)).toEqual({ kind: 'not-found', field: 'conversationId' })
  })

  test('the answer is new until it has been seen, on every device', async () => {
    const [founder, ben] = await stage.people(2)
    const conversationId = await groupOf(founder, [], { joinPolicy: 'approval' })
    const markSeen = () => ben.api.joinRequests.markSeen.mutate({ conversationId })
    const nothing = { kind: 'not-found', field: 'conversationId' }
    expect(await refusal(markSeen())).toEqual(nothing)
    await ask(ben, conversationId)
    expect(await refusal(markSeen())).toEqual(nothing)
    await founder.api.joinRequests.decline.mutate({ conversationId, accountId: ben.id })
    using otherDevice = await follow(ben)
    await markSeen()
    await markSeen()
    await otherDevice.until((each) => each.of('join-request').length > 0)
    expect(otherDevice.of('join-request')).toMatchObject([{ request: { state: 'declined', seen: true } }])
    expect((await ben.api.joinRequests.all.query()).mine).toMatchObject([{ seen: true }])
    await ask(ben, conversationId)
    expect((await ben.api.joinRequests.all.query()).mine[0]).not.toHaveProperty('seen')
  })
})
