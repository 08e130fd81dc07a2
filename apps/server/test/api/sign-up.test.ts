import { makeAccount } from '@parley/chat/accounts/operator'
import { inviteLinkKeptMs } from '@parley/domain/limits'
import { FakeClock } from '@parley/testkit/fake-clock'
import { afterAll, describe, expect, test } from 'vitest'
import { refusal, Stage } from './stage.ts'

const password = 'correct horse battery staple'

describe('where anybody may sign up', async () => {
  const stage = await Stage.open()
  afterAll(() => stage.close())

  test('a new account is signed in at once, and is called as it says', async () => {
    const made = await stage.anyone.account.signUp.mutate({
      username: 'Ada',
      password,
      name: ' Ada ',
      lastName: 'Lovelace',
      deviceName: 'Laptop',
    })
    expect(made.account).toMatchObject({
      username: 'Ada',
      displayName: 'Ada Lovelace',
      name: 'Ada',
      bot: false,
      operator: false,
      ownerId: null,
      hasPassword: true,
    })
    const { api } = stage.socket(made.token)
    expect(await api.account.me.query()).toEqual(made.account)
    expect(await api.sessions.list.query()).toMatchObject([{ id: made.sessionId, deviceName: 'Laptop' }])
  })

  test('without names an account is called by its username', async () => {
    const { account } = await stage.anyone.account.signUp.mutate({ username: 'nameless', password })
    expect(account.displayName).toBe('nameless')
  })

  test('P9: a username is taken once, whatever the case of its letters', async () => {
    await stage.person({ username: 'Grace' })
    const again = stage.anyone.account.signUp.mutate({ username: 'gRACE', password })
    expect(await refusal(again)).toEqual({ kind: 'username-taken', field: 'username' })
  })

  test('two who ask for one username at once: one gets it', async () => {
    const both = ['Twin', 'twin'].map((username) =>
      stage.anyone.account.signUp.mutate({ username, password }),
    )
    const settled = await Promise.allSettled(both)
    expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test.for([
    ['a username of one letter', { username: 'x' }, 'username'],
    ['a username with a space', { username: 'a b' }, 'username'],
    ['a username that begins with a dot', { username: '.hidden' }, 'username'],
    ['a short password', { password: 'seven77' }, 'password'],
    ['an endless password', { password: 'x'.repeat(257) }, 'password'],
    ['a name of two lines', { name: 'Ada\nLovelace' }, 'name'],
    ['a device without a name', { deviceName: '  ' }, 'deviceName'],
    ['an empty invite', { invite: '' }, 'invite'],
  ] as const)('P9: %s is refused by its field', async ([, wrong, field]) => {
    const made = stage.anyone.account.signUp.mutate({ username: 'valid', password, ...wrong })
    expect(await refusal(made)).toEqual({ kind: 'invalid-input', field })
  })

  test.for(['password', 'PassWord', '123456789', 'valid-name'])(
    'P9: the password "%s" is refused, as others would try it first',
    async (common) => {
      const made = stage.anyone.account.signUp.mutate({ username: 'valid-name', password: common })
      expect(await refusal(made)).toEqual({ kind: 'password-common', field: 'password' })
    },
  )

  test('P9: an invite that is none is refused, though none is needed', async () => {
    const made = stage.anyone.account.signUp.mutate({ username: 'valid', password, invite: 'made up' })
    expect(await refusal(made)).toEqual({ kind: 'invite-link-invalid', field: 'invite' })
  })
})

describe('where people need an invite link', async () => {
  const clock = new FakeClock()
  const stage = await Stage.open({ settings: { signUp: 'invite' }, clock })
  afterAll(() => stage.close())
  const secret = stage.server.setupSecret ?? ''
  let nth = 0
  const join = (invite?: string) =>
    stage.anyone.account.signUp.mutate({ username: `joiner-${(nth += 1)}`, password, invite })

  test('the link of the first start makes its first user the operator, and nobody after that', async () => {
    expect(await stage.anyone.server.info.query()).toMatchObject({ signUp: 'invite', awaitsOperator: true })
    const settled = await Promise.allSettled([join(secret), join(secret), join(secret)])
    const made = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(made).toMatchObject([{ account: { operator: true } }])
    expect(await refusal(join(secret))).toEqual({ kind: 'invite-link-invalid', field: 'invite' })
    expect((await stage.anyone.server.info.query()).awaitsOperator).toBe(false)

    const { api } = stage.socket(made[0]?.token ?? '')
    expect(await api.admin.inviteLinks.query()).toEqual([])
    await stage.restart()
    expect(stage.server.setupSecret).toBeNull()
  })

  test('P9: without a link nobody comes in', async () => {
    expect(await refusal(join())).toEqual({ kind: 'sign-up-closed' })
  })

  test('a link lets in as many as it says, also when all come at once, and makes no operators', async () => {
    const operator = await operatorOf(stage)
    const { link, secret: invite } = await operator.api.admin.makeInviteLink.mutate({
      uses: 2,
      note: 'Friends',
    })
    expect(link).toMatchObject({ note: 'Friends', usesLeft: 2, makesOperator: false })
    const settled = await Promise.allSettled([join(invite), join(invite), join(invite)])
    expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    expect(settled.find((one) => one.status === 'fulfilled')?.value.account.operator).toBe(false)
    expect(await refusal(join(invite))).toEqual({ kind: 'invite-link-invalid', field: 'invite' })
    expect(await operator.api.admin.inviteLinks.query()).toEqual([])
  })

  test('P9: what is refused for another reason does not use a link up', async () => {
    const operator = await operatorOf(stage)
    const { secret: invite } = await operator.api.admin.makeInviteLink.mutate({})
    const taken = stage.anyone.account.signUp.mutate({ username: operator.username, password, invite })
    expect(await refusal(taken)).toEqual({ kind: 'username-taken', field: 'username' })
    expect((await join(invite)).account.operator).toBe(false)
  })

  test('P9: a link that was taken back lets nobody in', async () => {
    const operator = await operatorOf(stage)
    const { link, secret: invite } = await operator.api.admin.makeInviteLink.mutate({})
    expect(await operator.api.admin.inviteLinks.query()).toEqual([link])
    await operator.api.admin.removeInviteLink.mutate({ inviteLinkId: link.id })
    expect(await refusal(join(invite))).toEqual({ kind: 'invite-link-invalid', field: 'invite' })
    const again = operator.api.admin.removeInviteLink.mutate({ inviteLinkId: link.id })
    expect(await refusal(again)).toEqual({ kind: 'not-found', field: 'inviteLinkId' })
  })

  test('P9: a link lets somebody in until the moment it expires', async () => {
    const { api } = await operatorOf(stage)
    const { link, secret: invite } = await api.admin.makeInviteLink.mutate({ uses: 2 })
    expect(link.expiresAt).toBe(clock.now() + inviteLinkKeptMs)
    await stage.restartAt(new FakeClock(link.expiresAt - 1))
    await join(invite)
    await stage.restartAt(new FakeClock(link.expiresAt))
    expect(await refusal(join(invite))).toEqual({ kind: 'invite-link-invalid', field: 'invite' })
    expect(await (await operatorOf(stage)).api.admin.inviteLinks.query()).toEqual([])
  })
})

describe('where sign-up is closed', async () => {
  const stage = await Stage.open({ settings: { signUp: 'closed' } })
  afterAll(() => stage.close())

  test('only the operator makes accounts, and no link lets anybody in', async () => {
    const operator = await stage.operator()
    expect(operator.account.operator).toBe(true)
    const { secret: invite } = await operator.api.admin.makeInviteLink.mutate({})
    for (const input of [{}, { invite }]) {
      const made = stage.anyone.account.signUp.mutate({ username: 'somebody', password, ...input })
      expect(await refusal(made)).toEqual({ kind: 'sign-up-closed' })
    }
    const account = await operator.api.admin.makeAccount.mutate({ username: 'somebody', password })
    expect(account).toMatchObject({ operator: false, hasPassword: true })
    const signedIn = await stage.anyone.account.signIn.mutate({ username: 'SOMEBODY', password })
    expect(signedIn.account).toEqual(account)
  })
})

/** Made beside the API, as the link of the first start is used up. */
async function operatorOf(stage: Stage) {
  const { chat } = stage.server
  const username = `operator-${crypto.randomUUID().slice(0, 8)}`
  const input = { username, password, name: '', lastName: '', operator: true }
  await makeAccount(chat, input)
  const { token } = await stage.anyone.account.signIn.mutate({ username, password })
  return { username, ...stage.socket(token) }
}
