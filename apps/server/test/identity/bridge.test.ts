import { authenticate } from '@parley/chat/accounts/sessions'
import { setDisabled } from '@parley/chat/accounts/operator'
import { type Bridge, openBridge, signInByBridge } from '@parley/chat/identity/bridge'
import { signInsPerAddress } from '@parley/domain/limits'
import type { SignUpPolicy } from '@parley/domain/server'
import { hostApplication } from '@parley/server/bridge/host-application'
import { type HostAnswer, HostWebApplication } from '@parley/testkit/host-application'
import { describe, expect, test } from 'vitest'
import { caller, ChatStage } from './chat-stage.ts'

const unavailable = { kind: 'identity-provider-unavailable' }
const secretSession = 'session-of-ann-that-nobody-may-log'

class BridgeStage implements AsyncDisposable {
  readonly inner: ChatStage
  readonly host: HostWebApplication
  readonly bridge: Bridge

  private constructor(inner: ChatStage, host: HostWebApplication, verifyMs: number | undefined) {
    this.inner = inner
    this.host = host
    const { log, clock } = inner.chat
    const { verifyUrl } = host
    this.bridge = openBridge(
      clock,
      hostApplication({ verifyUrl, log, ...(verifyMs === undefined ? {} : { verifyMs }) }),
    )
  }

  static async open(options: { signUp?: SignUpPolicy; verifyMs?: number } = {}): Promise<BridgeStage> {
    const host = await HostWebApplication.start()
    host.sessions.set(secretSession, 'ann')
    return new BridgeStage(await ChatStage.open(options.signUp), host, options.verifyMs)
  }

  signIn(hostSession = secretSession) {
    return signInByBridge(this.inner.chat, this.bridge, caller, { hostSession, deviceName: 'Browser' })
  }

  get accounts() {
    return this.inner.chat.db.read.accounts
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host[Symbol.asyncDispose]()
    await this.inner[Symbol.asyncDispose]()
  }
}

describe('signing in with a session of the host application', () => {
  test('the application is asked by POST with the session id as JSON, as note 001 says', async () => {
    await using stage = await BridgeStage.open()
    await stage.signIn()
    expect(stage.host.asked).toEqual([
      {
        method: 'POST',
        path: '/session/verify',
        contentType: 'application/json',
        body: `{"SESSID":"${secretSession}"}`,
      },
    ])
  })

  test('the account of a user id is made when it is first seen, and is the same ever after', async () => {
    await using stage = await BridgeStage.open()
    const first = await stage.signIn()
    expect(first.account).toMatchObject({
      username: 'ann',
      displayName: 'ann',
      hasPassword: false,
      operator: false,
    })
    expect(await authenticate(stage.inner.chat, first.token)).toMatchObject({ accountId: first.account.id })
    stage.host.sessions.set('her next session', 'ann')
    const next = await stage.signIn('her next session')
    expect(next.account.id).toBe(first.account.id)
    expect(next.sessionId).not.toBe(first.sessionId)
    const issuer = `bridge:${new URL(stage.host.verifyUrl).origin}`
    expect(await stage.accounts.byIdentity(issuer, 'ann')).toMatchObject({ id: first.account.id })
  })

  test('people who come for the first time at once, with one user id, have one account', async () => {
    await using stage = await BridgeStage.open()
    const signedIn = await Promise.all(Array.from({ length: 5 }, () => stage.signIn()))
    expect(new Set(signedIn.map(({ account }) => account.id)).size).toBe(1)
  })

  test('a user id may be a number, and is the same as the text of it', async () => {
    await using stage = await BridgeStage.open()
    stage.host.sessions.set('by number', 42).set('by text', '42')
    const [number, text] = [await stage.signIn('by number'), await stage.signIn('by text')]
    expect(number.account.username).toBe('42')
    expect(text.account.id).toBe(number.account.id)
  })

  test('user ids that look alike as usernames are different people', async () => {
    await using stage = await BridgeStage.open()
    stage.host.sessions.set('1', 'Zoë').set('2', 'Zoe').set('3', '✨')
    const names = []
    for (const session of ['1', '2', '3']) names.push((await stage.signIn(session)).account.username)
    expect(names).toEqual(['Zoe', 'Zoe-2', 'user'])
  })

  test('a user id that is somebody’s username here does not give that account', async () => {
    await using stage = await BridgeStage.open()
    const { account } = await stage.signIn()
    await stage.inner.chat.db.write((tx) => tx.accounts.update(account.id, { username: 'boss' }))
    stage.host.sessions.set('of another', 'boss')
    expect((await stage.signIn('of another')).account).toMatchObject({ username: 'boss-2' })
  })

  test.for(['invite', 'closed'] as const)(
    'the application decides who gets in, also where sign-up is %s',
    async (signUp) => {
      await using stage = await BridgeStage.open({ signUp })
      expect((await stage.signIn()).account).toMatchObject({ username: 'ann', operator: false })
    },
  )

  test('who is not logged in there is not signed in, and this is no trouble to log', async () => {
    await using stage = await BridgeStage.open()
    await expect(stage.signIn('unknown')).rejects.toMatchObject({
      kind: 'identity-unverified',
      detail: { field: 'hostSession' },
    })
    expect(stage.inner.logged).toEqual([])
    expect(await stage.accounts.count()).toBe(0)
  })

  test('a disabled account is not signed in', async () => {
    await using stage = await BridgeStage.open()
    const { account } = await stage.signIn()
    await setDisabled(stage.inner.chat, { accountId: account.id, disabled: true })
    await expect(stage.signIn()).rejects.toMatchObject({ kind: 'account-disabled' })
  })

  test('P5: an address may try only so often, and the application is not asked more', async () => {
    await using stage = await BridgeStage.open()
    for (let times = 0; times < signInsPerAddress.points; times += 1) {
      await expect(stage.signIn('unknown')).rejects.toMatchObject({ kind: 'identity-unverified' })
    }
    await expect(stage.signIn()).rejects.toMatchObject({ kind: 'rate-limited' })
    expect(stage.host.asked).toHaveLength(signInsPerAddress.points)
    const other = { address: '192.0.2.2' }
    const input = { hostSession: secretSession, deviceName: 'x' }
    await expect(signInByBridge(stage.inner.chat, stage.bridge, other, input)).resolves.toBeDefined()
  })
})

describe('a host application in trouble', () => {
  const says = (body: unknown, status = 200, headers = {}): HostAnswer => ({
    kind: 'says',
    status,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers,
  })
  const good = { loggedin: true, uID: 'ann' }
  const troubles: [string, HostAnswer, Record<string, unknown>][] = [
    ['takes the question and says nothing', { kind: 'stalls' }, { reason: 'TimeoutError' }],
    ['stops halfway through its answer', { kind: 'stalls-halfway' }, { reason: 'TimeoutError' }],
    ['hangs up', { kind: 'hangs-up' }, { reason: 'TypeError', code: 'UND_ERR_SOCKET' }],
    ['answers without end', { kind: 'floods' }, { reason: 'AnswerTooLarge' }],
    ['answers more than fits', says({ ...good, more: 'x'.repeat(20_000) }), { reason: 'AnswerTooLarge' }],
    ['fails', says(good, 500), { reason: 'status', status: 500 }],
    ['does not let this server ask', says(good, 403), { reason: 'status', status: 403 }],
    ['knows nothing of the address', says('<h1>Not found</h1>', 404), { reason: 'status', status: 404 }],
    [
      'sends elsewhere',
      says(good, 307, { location: 'http://127.0.0.1:9/' }),
      { reason: 'status', status: 307 },
    ],
    ['answers with no content', says('', 204), { reason: 'not-json' }],
    ['answers with a page', says('<h1>Log in</h1>'), { reason: 'not-json' }],
    ['answers with something else', says({ user: 'ann' }), { reason: 'not-as-agreed' }],
    ['answers with a list', says([good]), { reason: 'not-as-agreed' }],
    ['says yes in other words', says({ loggedin: 'true', uID: 'ann' }), { reason: 'not-as-agreed' }],
    ['says yes, and not who', says({ loggedin: true }), { reason: 'not-as-agreed' }],
    ['names nobody', says({ loggedin: true, uID: '' }), { reason: 'not-as-agreed' }],
    ['names null', says({ loggedin: true, uID: null }), { reason: 'not-as-agreed' }],
    [
      'names by a number that JSON cannot carry',
      says('{"loggedin":true,"uID":9007199254740993}'),
      { reason: 'not-as-agreed' },
    ],
    [
      'names by a text beyond measure',
      says({ loggedin: true, uID: 'u'.repeat(256) }),
      { reason: 'not-as-agreed' },
    ],
  ]

  test.for(troubles)(
    'one that %s signs nobody in, and is logged without the session',
    async ([, answer, why]) => {
      await using stage = await BridgeStage.open({ verifyMs: 300 })
      stage.host.answer = answer
      await expect(stage.signIn()).rejects.toMatchObject(unavailable)
      expect(stage.inner.logged).toMatchObject([{ event: 'host-application-silent', fields: why }])
      expect(JSON.stringify(stage.inner.logged)).not.toContain(secretSession)
      expect(await stage.accounts.count()).toBe(0)
      stage.host.answer = { kind: 'answers' }
      await expect(stage.signIn()).resolves.toBeDefined()
    },
  )

  test('one that has recovered signs people in again', async () => {
    await using stage = await BridgeStage.open()
    stage.host.answer = { kind: 'hangs-up' }
    await expect(stage.signIn()).rejects.toMatchObject(unavailable)
    stage.host.answer = { kind: 'answers' }
    await expect(stage.signIn()).resolves.toBeDefined()
  })

  test('one that is gone signs nobody in, and the log says so', async () => {
    await using stage = await BridgeStage.open()
    await stage.host[Symbol.asyncDispose]()
    await expect(stage.signIn()).rejects.toMatchObject(unavailable)
    expect(stage.inner.logged).toMatchObject([
      { event: 'host-application-silent', fields: { code: 'ECONNREFUSED' } },
    ])
  })

  test('one that is slow does not hold up sign-in by other means', async () => {
    await using stage = await BridgeStage.open({ verifyMs: 300 })
    stage.host.answer = { kind: 'stalls' }
    const slow = Array.from({ length: 50 }, () => stage.signIn())
    const link = stage.inner.chat.db.write((tx) => tx.accounts.count())
    expect(await Promise.race([link, ...slow])).toBe(0)
    for (const attempt of await Promise.allSettled(slow)) expect(attempt.status).toBe('rejected')
  })
})
