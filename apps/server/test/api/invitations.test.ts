import { afterAll, describe, expect, test } from 'vitest'
import { follow, refusal, type Someone, Stage } from './stage.ts'

const stage = await Stage.open()
afterAll(() => stage.close())

describe('an invitation to talk', () => {
  const invite = ({ api }: Someone, to: Someone) =>
    api.invitations.send.mutate({ accountId: to.id, keyMaterial: 'a2V5' })

  test('waits for the one who is away, over a restart too, and the answer for who sent it', async () => {
    const [ada, ben] = await stage.people(2)
    const sent = await invite(ada, ben)
    expect(sent).toMatchObject({
      fromId: ada.id,
      toId: ben.id,
      state: 'waiting',
      conversationId: null,
      keyMaterial: 'a2V5',
    })
    const [benBack] = await stage.restart(ben)
    expect((await benBack.api.stream.snapshot.query()).requests.invitations).toEqual([sent])
    const direct = await benBack.api.invitations.accept.mutate({ fromId: ada.id })
    expect(direct.directWith?.toSorted()).toEqual([ada.id, ben.id].toSorted())

    const [adaBack] = await stage.restart(ada)
    const { requests, conversations } = await adaBack.api.stream.snapshot.query()
    expect(requests.invitations).toMatchObject([{ state: 'accepted', conversationId: direct.id }])
    expect(conversations).toMatchObject([{ conversation: { id: direct.id } }])
  })

  test('is declined, withdrawn and sent again, and both learn of each step', async () => {
    const [ada, ben] = await stage.people(2)
    using ofAda = await follow(ada)
    using ofBen = await follow(ben)
    await invite(ada, ben)
    await ben.api.invitations.decline.mutate({ fromId: ada.id })
    await invite(ada, ben)
    expect((await invite(ada, ben)).state).toBe('waiting')
    await ada.api.invitations.withdraw.mutate({ accountId: ben.id })
    for (const stream of [ofAda, ofBen]) {
      await stream.until((each) => each.of('invitation').length === 4)
      expect(stream.of('invitation').map(({ invitation }) => invitation.state)).toEqual([
        'waiting',
        'declined',
        'waiting',
        'withdrawn',
      ])
    }
    const accept = ben.api.invitations.accept.mutate({ fromId: ada.id })
    expect(await refusal(accept)).toEqual({ kind: 'already-decided' })
    const decline = ben.api.invitations.decline.mutate({ fromId: ada.id })
    expect(await refusal(decline)).toEqual({ kind: 'already-decided' })
    const withdraw = ada.api.invitations.withdraw.mutate({ accountId: ben.id })
    expect(await refusal(withdraw)).toEqual({ kind: 'already-decided' })
  })

  test('of two who invite each other makes the conversation, and so does one where there is one', async () => {
    const [ada, ben] = await stage.people(2)
    const [one, other] = await Promise.all([invite(ada, ben), invite(ben, ada)])
    const states = [one.state, other.state].toSorted()
    expect(states).toEqual(['accepted', 'waiting'])
    const { conversations } = await ada.api.conversations.mine.query({})
    expect(conversations).toHaveLength(1)
    expect(await invite(ben, ada)).toMatchObject({
      state: 'accepted',
      conversationId: conversations[0]?.conversation.id,
    })
  })

  test('P6: is answered by the one it is for, and withdrawn by the one who sent it', async () => {
    const [ada, ben, eve] = await stage.people(3)
    await invite(ada, ben)
    const none = { kind: 'not-found' }
    for (const by of [ada, eve]) {
      expect(await refusal(by.api.invitations.accept.mutate({ fromId: ada.id }))).toEqual(none)
      expect(await refusal(by.api.invitations.decline.mutate({ fromId: ada.id }))).toEqual(none)
    }
    for (const by of [ben, eve]) {
      expect(await refusal(by.api.invitations.withdraw.mutate({ accountId: ben.id }))).toEqual(none)
    }
    expect((await eve.api.joinRequests.all.query()).invitations).toEqual([])
    expect((await ben.api.joinRequests.all.query()).invitations).toMatchObject([{ state: 'waiting' }])
  })

  test('P9: goes to somebody else who is there', async () => {
    const ada = await stage.person()
    const field = 'accountId'
    expect(await refusal(invite(ada, ada))).toEqual({ kind: 'invalid-input', field })
    const nobody = ada.api.invitations.send.mutate({ accountId: `a${'x'.repeat(15)}` })
    expect(await refusal(nobody)).toEqual({ kind: 'not-found', field })
  })

  test('the answer is new until it has been seen by who sent it', async () => {
    const [ada, ben] = await stage.people(2)
    const markSeen = (by: Someone, accountId: string) => by.api.invitations.markSeen.mutate({ accountId })
    const nothing = { kind: 'not-found', field: 'accountId' }
    expect(await refusal(markSeen(ada, ben.id))).toEqual(nothing)
    await invite(ada, ben)
    expect(await refusal(markSeen(ada, ben.id))).toEqual(nothing)
    await ben.api.invitations.decline.mutate({ fromId: ada.id })
    expect(await refusal(markSeen(ben, ada.id))).toEqual(nothing)
    await markSeen(ada, ben.id)
    await markSeen(ada, ben.id)
    expect((await ada.api.joinRequests.all.query()).invitations).toMatchObject([{ seen: true }])
    expect((await invite(ada, ben)).seen).toBeUndefined()
  })
})
