import { hash } from 'bcryptjs'
import { afterAll, describe, expect, test } from 'vitest'
import { checkedHttp, refusal, Stage } from './stage.ts'

const stage = await Stage.open()
afterAll(() => stage.close())
const operator = await stage.operator()
const password = 'correct horse battery staple'

/** What goes over the wire for a sign-in that is refused, apart from what belongs to the request. */
async function answerTo(input: { username: string; password: string }) {
  const response = await fetch(`${stage.server.url}/trpc/account.signIn`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })
  const { date: _, ...headers } = Object.fromEntries(response.headers)
  return { status: response.status, headers, body: await response.text() }
}

/** Milliseconds of CPU, those of the threads that hash among them. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  return process.cpuUsage(before).user / 1_000
}

describe('signing in', () => {
  test('works by username and password, and makes a session of its own', async () => {
    const ada = await stage.person({ username: 'Ada' })
    const { token, sessionId, account } = await stage.anyone.account.signIn.mutate({
      username: 'aDA',
      password: ada.password,
      deviceName: 'Phone',
    })
    expect(account).toEqual(ada.account)
    expect(token).not.toBe(ada.token)
    expect(sessionId).not.toBe(ada.sessionId)
    const listed = await ada.api.sessions.list.query()
    expect(listed.find(({ id }) => id === sessionId)).toMatchObject({ deviceName: 'Phone', current: false })
  })

  test('P9: a username that nobody has and a wrong password get the very same answer', async () => {
    const { username } = await stage.person()
    const wrong = await answerTo({ username, password })
    expect(wrong).toEqual(await answerTo({ username: 'nobody-has-this', password }))
    expect(wrong).toEqual(await answerTo({ username: 'no username at all \u0000', password }))
    expect(wrong.status).toBe(401)
    expect(JSON.parse(wrong.body)).toMatchObject({
      error: { data: { refusal: { kind: 'wrong-credentials' } } },
    })
  })

  test('a username that nobody has costs as much work as a wrong password', async () => {
    const { username } = await stage.person()
    const bot = await operator.api.bots.make.mutate({ username: 'bot-without-password' })
    const times = 8
    const tries = (name: string) => async () => {
      for (let nth = 0; nth < times; nth += 1) await answerTo({ username: name, password })
    }
    await tries('to-be-warm')()
    const wrong = await cpuOf(tries(username))
    for (const name of ['nobody-has-this', bot.account.username]) {
      const unknown = await cpuOf(tries(name))
      expect(unknown).toBeGreaterThan(wrong * 0.6)
      expect(unknown).toBeLessThan(wrong / 0.6)
    }
  })

  test.for([
    ['no password', { password: '' }, 'password'],
    ['no username', { username: '' }, 'username'],
    ['a device of two lines', { deviceName: 'a\nb' }, 'deviceName'],
  ] as const)('P9: %s is refused by its field', async ([, wrong, field]) => {
    const signIn = stage.anyone.account.signIn.mutate({ username: 'ada', password, ...wrong })
    expect(await refusal(signIn)).toEqual({ kind: 'invalid-input', field })
  })
})

describe('an account whose password comes from another system', () => {
  test('signs in by its bcrypt hash, which gives way to one of ours', async () => {
    const passwordHash = await hash(password, 4)
    const account = await operator.api.admin.makeAccount.mutate({ username: 'brought', passwordHash })
    expect(account.hasPassword).toBe(true)
    const stored = async () => (await stage.server.chat.db.read.accounts.byId(account.id))?.passwordHash
    const wrong = stage.anyone.account.signIn.mutate({ username: 'brought', password: `${password}!` })
    expect(await refusal(wrong)).toEqual({ kind: 'wrong-credentials' })
    expect(await stored()).toBe(passwordHash)

    await stage.anyone.account.signIn.mutate({ username: 'brought', password })
    expect(await stored()).toMatch(/^\$argon2id\$/)
    const again = await stage.anyone.account.signIn.mutate({ username: 'brought', password })
    expect(again.account).toEqual(account)
  })

  test('P9: a hash of a form or cost that we cannot check is refused', async () => {
    for (const passwordHash of [
      await hash(password, 4).then((made) => made.replace('$04$', '$31$')),
      '$1$x',
    ]) {
      const made = operator.api.admin.makeAccount.mutate({ username: 'brought-wrong', passwordHash })
      expect(await refusal(made)).toEqual({ kind: 'invalid-input', field: 'passwordHash' })
    }
  })
})

describe('a disabled account', () => {
  test('P6: nothing of it stays connected, and only who knows its password learns why', async () => {
    const ben = await stage.person()
    const bot = await ben.api.bots.make.mutate({ username: 'bot-of-ben' })
    const ofBot = checkedHttp(stage.server.url, bot.token)
    expect((await ofBot.account.me.query()).ownerId).toBe(ben.id)
    await operator.api.admin.setDisabled.mutate({ accountId: ben.id, disabled: true })

    for (const api of [ben.http, ofBot]) {
      expect(await refusal(api.account.me.query())).toEqual({ kind: 'signed-out' })
    }
    const { username } = ben
    const known = stage.anyone.account.signIn.mutate({ username, password: ben.password })
    expect(await refusal(known)).toEqual({ kind: 'account-disabled' })
    const guessed = stage.anyone.account.signIn.mutate({ username, password })
    expect(await refusal(guessed)).toEqual({ kind: 'wrong-credentials' })
    expect(await operator.api.people.get.query({ accountId: ben.id })).toMatchObject({ disabled: true })
  })

  test('signs in again once it is enabled; its bots stay as they are', async () => {
    const ben = await stage.person()
    const bot = await ben.api.bots.make.mutate({ username: 'another-bot-of-ben' })
    await operator.api.admin.setDisabled.mutate({ accountId: ben.id, disabled: true })
    await operator.api.admin.setDisabled.mutate({ accountId: ben.id, disabled: true })
    await operator.api.admin.setDisabled.mutate({ accountId: ben.id, disabled: false })
    const back = await stage.device(ben)
    expect(await back.api.account.me.query()).toEqual(ben.account)
    const token = back.api.bots.makeToken.mutate({ accountId: bot.account.id })
    expect(await refusal(token)).toEqual({ kind: 'account-disabled' })
  })

  test('P9: an account that there is not cannot be disabled', async () => {
    const unknown = operator.api.admin.setDisabled.mutate({ accountId: `a${'x'.repeat(15)}`, disabled: true })
    expect(await refusal(unknown)).toEqual({ kind: 'not-found', field: 'accountId' })
  })
})

describe('what an operator does with accounts', () => {
  test('accounts are listed by username, page by page, disabled ones among them', async () => {
    const made = await Promise.all(
      ['zz-one', 'zz-two', 'zz-three'].map((username) => operator.api.admin.makeAccount.mutate({ username })),
    )
    const [first] = made
    if (!first) throw new Error('Nothing was made')
    expect(first.hasPassword).toBe(false)
    await operator.api.admin.setDisabled.mutate({ accountId: first.id, disabled: true })
    const seen: string[] = []
    let after: string | null = 'zz'
    while (after !== null) {
      const page: { accounts: { username: string }[]; next: string | null } =
        await operator.api.admin.accounts.query({ after, limit: 2 })
      seen.push(...page.accounts.map(({ username }) => username))
      after = page.next
    }
    expect(seen).toEqual(['zz-one', 'zz-three', 'zz-two'])
    const called = await operator.api.admin.accounts.query({ words: 'ZZ o' })
    expect(called.accounts.map(({ username }) => username)).toEqual(['zz-one'])
    expect(called.next).toBeNull()
  })

  test('P9: an account is not made twice, nor with a common password', async () => {
    const taken = operator.api.admin.makeAccount.mutate({ username: operator.username.toUpperCase() })
    expect(await refusal(taken)).toEqual({ kind: 'username-taken', field: 'username' })
    const common = operator.api.admin.makeAccount.mutate({ username: 'with-common', password: 'password' })
    expect(await refusal(common)).toEqual({ kind: 'password-common', field: 'password' })
  })

  test('P6: a password that is reset ends all sessions, and only the new one signs in', async () => {
    const eve = await stage.person()
    await eve.api.account.me.query()
    await operator.api.admin.resetPassword.mutate({ accountId: eve.id, password })
    expect(await refusal(eve.http.account.me.query())).toEqual({ kind: 'signed-out' })
    const { username } = eve
    const old = stage.anyone.account.signIn.mutate({ username, password: eve.password })
    expect(await refusal(old)).toEqual({ kind: 'wrong-credentials' })
    expect((await stage.anyone.account.signIn.mutate({ username, password })).account).toEqual(eve.account)
    const common = operator.api.admin.resetPassword.mutate({ accountId: eve.id, password: 'password' })
    expect(await refusal(common)).toEqual({ kind: 'password-common', field: 'password' })
    const unknown = operator.api.admin.resetPassword.mutate({ accountId: `a${'x'.repeat(15)}`, password })
    expect(await refusal(unknown)).toEqual({ kind: 'not-found', field: 'accountId' })
  })
})
