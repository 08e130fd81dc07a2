import { botsPerAccountMax } from '@parley/domain/limits'
import { openRawSocket } from '@parley/testkit/raw-socket'
import { afterAll, describe, expect, test } from 'vitest'
import { checkedHttp, groupOf, refusal, Stage } from './stage.ts'

const stage = await Stage.open()
afterAll(() => stage.close())
const operator = await stage.operator()

let bots = 0
const username = () => `bot-${(bots += 1)}`

describe('a bot', () => {
  test('is an account with a token and an owner, and talks as people do', async () => {
    const ada = await stage.person()
    const made = await ada.api.bots.make.mutate({ username: 'helper', displayName: 'The helper' })
    expect(made.account).toMatchObject({ username: 'helper', displayName: 'The helper', bot: true })
    const { api } = stage.socket(made.token)
    expect(await api.account.me.query()).toMatchObject({
      ...made.account,
      ownerId: ada.id,
      hasPassword: false,
      operator: false,
    })
    const conversationId = await groupOf(ada)
    await ada.api.conversations.addMembers.mutate({ conversationId, accountIds: [made.account.id] })
    const sent = await api.messages.send.mutate({
      conversationId,
      clientMessageId: crypto.randomUUID(),
      content: { kind: 'plain', text: 'I help' },
    })
    expect((await ada.api.messages.get.query({ conversationId, messageId: sent.messageId })).authorId).toBe(
      made.account.id,
    )
    expect(await ada.api.bots.list.query()).toEqual([made.account])
  })

  test('P6: cannot sign in by a password, nor make bots', async () => {
    const ada = await stage.person()
    const { account, token } = await ada.api.bots.make.mutate({ username: username() })
    const api = checkedHttp(stage.server.url, token)
    expect(await refusal(api.bots.make.mutate({ username: username() }))).toEqual({ kind: 'not-allowed' })
    const signIn = stage.anyone.account.signIn.mutate({ username: account.username, password: 'x'.repeat(8) })
    expect(await refusal(signIn)).toEqual({ kind: 'wrong-credentials' })
    expect(await api.bots.list.query()).toEqual([])
  })

  test('P9: is not made under a name that is taken, nor past the limit of its owner', async () => {
    const ada = await stage.person()
    const taken = ada.api.bots.make.mutate({ username: ada.username })
    expect(await refusal(taken)).toEqual({ kind: 'username-taken', field: 'username' })
    const make = () => ada.http.bots.make.mutate({ username: username() })
    const settled = await Promise.allSettled(Array.from({ length: botsPerAccountMax + 1 }, make))
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(botsPerAccountMax)
    expect(await refusal(make())).toEqual({ kind: 'too-many' })
    expect(await ada.api.bots.list.query()).toHaveLength(botsPerAccountMax)
  })

  test('P6: its tokens are listed for its owner, revoked one by one, and void when it is disabled', async () => {
    const ada = await stage.person()
    const { account, token, sessionId } = await ada.api.bots.make.mutate({ username: username() })
    const accountId = account.id
    const second = await ada.api.bots.makeToken.mutate({ accountId, deviceName: 'Second' })
    const third = await ada.api.bots.makeToken.mutate({ accountId })
    const sessions = await ada.api.bots.sessions.query({ accountId })
    expect(sessions.map(({ deviceName }) => deviceName).toSorted()).toEqual(['Bot', 'Bot', 'Second'])
    expect(sessions.every(({ current }) => !current)).toBe(true)

    using socket = await openRawSocket(stage.server.url, { token: second.token })
    await ada.api.sessions.revoke.mutate({ sessionId: second.sessionId })
    expect(await socket.closed).toMatchObject({ code: 4401 })
    await ada.api.bots.disable.mutate({ accountId })
    await ada.api.bots.disable.mutate({ accountId })
    for (const dead of [token, second.token, third.token]) {
      expect(await refusal(checkedHttp(stage.server.url, dead).account.me.query())).toEqual({
        kind: 'signed-out',
      })
    }
    const revoked = ada.api.sessions.revoke.mutate({ sessionId })
    expect(await refusal(revoked)).toEqual({ kind: 'not-found', field: 'sessionId' })
    expect(await refusal(ada.api.bots.makeToken.mutate({ accountId }))).toEqual({ kind: 'account-disabled' })
    expect(await ada.api.bots.list.query()).toMatchObject([{ id: accountId, disabled: true }])
  })

  test('P6: is its owner’s and the operators’ alone', async () => {
    const [ada, eve] = await Promise.all([stage.person(), stage.person()])
    const { account, token } = await ada.api.bots.make.mutate({ username: username() })
    const missing = { kind: 'not-found', field: 'accountId' }
    // A person is nobody's bot either, not even the operator's.
    for (const [by, accountId] of [
      [eve, account.id],
      [eve, ada.id],
      [operator, ada.id],
      [ada, `a${'x'.repeat(15)}`],
    ] as const) {
      expect(await refusal(by.api.bots.makeToken.mutate({ accountId }))).toEqual(missing)
      expect(await refusal(by.api.bots.sessions.query({ accountId }))).toEqual(missing)
      expect(await refusal(by.api.bots.disable.mutate({ accountId }))).toEqual(missing)
    }
    expect(await operator.api.bots.sessions.query({ accountId: account.id })).toHaveLength(1)
    await operator.api.bots.makeToken.mutate({ accountId: account.id })
    await operator.api.bots.disable.mutate({ accountId: account.id })
    expect(await refusal(checkedHttp(stage.server.url, token).account.me.query())).toEqual({
      kind: 'signed-out',
    })
  })
})
