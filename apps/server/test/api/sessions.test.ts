import { sessionsPerAccountMax } from '@parley/domain/limits'
import { FakeClock } from '@parley/testkit/fake-clock'
import { openRawSocket } from '@parley/testkit/raw-socket'
import { afterAll, describe, expect, test } from 'vitest'
import { checkedHttp, refusal, type Someone, Stage } from './stage.ts'

const clock = new FakeClock()
const stage = await Stage.open({ clock })
afterAll(() => stage.close())

/** A socket that has been answered, so that the server knows whose it is. */
async function openSocket({ token }: { token: string }) {
  const socket = await openRawSocket(stage.server.url, { token })
  socket.send({ id: 1, method: 'query', params: { path: 'account.me' } })
  await socket.frames(1)
  return socket
}

const sessionEnded = { code: 4401, reason: 'session ended' }

/** That nothing is to be had by the token any more. */
async function expectOver(session: Pick<Someone, 'token'>) {
  const api = checkedHttp(stage.server.url, session.token)
  expect(await refusal(api.account.me.query())).toEqual({ kind: 'signed-out' })
}

describe('the sessions of an account', () => {
  test('are listed with their devices, and say which is here, online, and when it was last used', async () => {
    const ada = await stage.person({ deviceName: 'Laptop' })
    clock.advance(60_000)
    const signedInAt = clock.now()
    const phone = await stage.device(ada, 'Phone')
    clock.advance(60_000)
    await phone.api.account.me.query()
    const sessions = await ada.http.sessions.list.query()
    expect(sessions.toSorted((one, other) => one.createdAt - other.createdAt)).toEqual([
      {
        id: ada.sessionId,
        deviceName: 'Laptop',
        deviceId: null,
        createdAt: ada.account.createdAt,
        lastUsedAt: clock.now(),
        online: false,
        current: true,
      },
      {
        id: phone.sessionId,
        deviceName: 'Phone',
        deviceId: null,
        createdAt: signedInAt,
        lastUsedAt: clock.now(),
        online: true,
        current: false,
      },
    ])
  })

  test('when a session was last used is known after a restart too', async () => {
    const ada = await stage.person()
    clock.advance(60_000)
    const usedAt = clock.now()
    await ada.http.account.me.query()
    const [again] = await stage.restart(ada)
    clock.advance(60_000)
    const phone = await stage.device(again)
    const sessions = await phone.http.sessions.list.query()
    expect(sessions.find(({ id }) => id === ada.sessionId)?.lastUsedAt).toBe(usedAt)
  })

  test('P6: one that is revoked closes, and its token is good for nothing', async () => {
    const ada = await stage.person()
    const phone = await stage.device(ada)
    using ofPhone = await openSocket(phone)
    using ofAda = await openSocket(ada)
    await ada.api.sessions.revoke.mutate({ sessionId: phone.sessionId })
    expect(await ofPhone.closed).toEqual(sessionEnded)
    await expectOver(phone)
    ofAda.send({ id: 2, method: 'query', params: { path: 'account.me' } })
    await ofAda.frames(2)
    expect(await ada.http.sessions.list.query()).toHaveLength(1)
  })

  test('P6: signing out ends the session that it is asked in, and no other', async () => {
    const ada = await stage.person()
    const phone = await stage.device(ada)
    using ofPhone = await openSocket(phone)
    await phone.http.account.signOut.mutate()
    expect(await ofPhone.closed).toEqual(sessionEnded)
    await expectOver(phone)
    expect(await ada.api.account.me.query()).toEqual(ada.account)
  })

  test('P6: signing out over a WebSocket, or revoking the own session, is answered before the socket is closed', async () => {
    const ada = await stage.person()
    for (const path of ['account.signOut', 'sessions.revoke']) {
      const phone = await stage.device(ada)
      using socket = await openSocket(phone)
      using beside = await openSocket(phone)
      const input = path === 'sessions.revoke' ? { sessionId: phone.sessionId } : undefined
      socket.send({ id: 2, method: 'mutation', params: { path, input } })
      expect((await socket.frames(2)).at(-1)).toMatchObject({ id: 2, result: { type: 'data' } })
      expect(await socket.closed).toEqual(sessionEnded)
      expect(await beside.closed).toEqual(sessionEnded)
      await expectOver(phone)
    }
  })

  test('P6: all others can be revoked at once', async () => {
    const ada = await stage.person()
    const devices = await Promise.all([stage.device(ada), stage.device(ada)])
    const sockets = await Promise.all(devices.map(openSocket))
    await ada.api.sessions.revokeOthers.mutate()
    for (const socket of sockets) expect(await socket.closed).toEqual(sessionEnded)
    await Promise.all(devices.map(expectOver))
    expect(await ada.api.sessions.list.query()).toMatchObject([{ id: ada.sessionId }])
  })

  test("P6: nobody revokes another account's session, nor learns that there is one", async () => {
    const [ada, eve] = await Promise.all([stage.person(), stage.person()])
    for (const sessionId of [ada.sessionId, `s${'x'.repeat(15)}`]) {
      const revoked = eve.api.sessions.revoke.mutate({ sessionId })
      expect(await refusal(revoked)).toEqual({ kind: 'not-found', field: 'sessionId' })
    }
    expect(await ada.http.account.me.query()).toEqual(ada.account)
    expect(await eve.api.sessions.list.query()).toMatchObject([{ id: eve.sessionId }])
  })

  test('P5: past the limit the one that was used least lately makes room', async () => {
    const ada = await stage.person()
    const { account: bot, token: first } = await ada.api.bots.make.mutate({ username: 'many-tokens' })
    clock.advance(1_000)
    const makeToken = () => ada.http.bots.makeToken.mutate({ accountId: bot.id })
    const tokens = await Promise.all(Array.from({ length: sessionsPerAccountMax }, makeToken))
    expect(await ada.api.bots.sessions.query({ accountId: bot.id })).toHaveLength(sessionsPerAccountMax)
    await expectOver({ token: first })
    for (const { token } of [tokens[0], tokens.at(-1)].filter((one) => one !== undefined)) {
      expect((await checkedHttp(stage.server.url, token).account.me.query()).id).toBe(bot.id)
    }
  })
})

describe('changing a password', () => {
  const next = 'another horse battery staple'

  test('P6: ends all other sessions, and only the new one signs in', async () => {
    const ada = await stage.person()
    const phone = await stage.device(ada)
    using ofPhone = await openSocket(phone)
    await ada.api.account.changePassword.mutate({ current: ada.password, next })
    expect(await ofPhone.closed).toEqual(sessionEnded)
    await expectOver(phone)
    expect(await ada.api.account.me.query()).toEqual(ada.account)
    const { username } = ada
    const old = stage.anyone.account.signIn.mutate({ username, password: ada.password })
    expect(await refusal(old)).toEqual({ kind: 'wrong-credentials' })
    expect((await stage.anyone.account.signIn.mutate({ username, password: next })).account.id).toBe(ada.id)
  })

  test('P9: needs the current one, and a good new one; what is refused changes nothing', async () => {
    const ada = await stage.person()
    const phone = await stage.device(ada)
    const { password } = ada
    const change = (input: { current: string; next: string }) =>
      refusal(ada.api.account.changePassword.mutate(input))
    expect(await change({ current: next, next })).toEqual({ kind: 'wrong-credentials', field: 'current' })
    expect(await change({ current: password, next: 'short' })).toEqual({
      kind: 'invalid-input',
      field: 'next',
    })
    expect(await change({ current: password, next: 'password' })).toEqual({
      kind: 'password-common',
      field: 'next',
    })
    expect(await phone.http.account.me.query()).toEqual(ada.account)
    await stage.device(ada)
  })

  test('P9: a bot has none to change', async () => {
    const ada = await stage.person()
    const { token } = await ada.api.bots.make.mutate({ username: 'no-password' })
    const changed = checkedHttp(stage.server.url, token).account.changePassword.mutate({
      current: next,
      next,
    })
    expect(await refusal(changed)).toEqual({ kind: 'wrong-credentials', field: 'current' })
  })
})
