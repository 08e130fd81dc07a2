import { authenticate, listSessions } from '@parley/chat/accounts/sessions'
import { makeInviteLink, makeSetupLink } from '@parley/chat/accounts/invite-links'
import { setDisabled } from '@parley/chat/accounts/operator'
import { StartOidc } from '@parley/domain/server'
import { describe, expect, test } from 'vitest'
import { Browser } from '@parley/testkit/browser'
import { OidcStage, returnTo } from './oidc-stage.ts'

const ann = {
  subject: 'subject-of-ann',
  claims: { preferred_username: 'ann', name: 'Ann Lovelace', given_name: 'Ann', family_name: 'Lovelace' },
}

describe('signing in with OpenID Connect', () => {
  test('the first sign-in makes the account, with the names that the provider tells', async () => {
    await using stage = await OidcStage.open()
    const { account, token, sessionId } = await stage.signIn(ann)
    expect(account).toMatchObject({
      username: 'ann',
      displayName: 'Ann Lovelace',
      name: 'Ann',
      lastName: 'Lovelace',
    })
    expect(account).toMatchObject({ operator: false, bot: false, hasPassword: false })
    const actor = await authenticate(stage.chat, token)
    expect(actor).toMatchObject({ accountId: account.id, sessionId })
    if (!actor) return
    expect(await listSessions(stage.chat, actor)).toMatchObject([
      { deviceName: "Ann's laptop", current: true },
    ])
  })

  test('a later sign-in gives the same account, also when its names and e-mail address have changed', async () => {
    await using stage = await OidcStage.open()
    const first = await stage.signIn(ann)
    const later = await stage.signIn({
      subject: ann.subject,
      claims: { preferred_username: 'annie', email: 'other@example.org' },
    })
    expect(later.account.id).toBe(first.account.id)
    expect(later.account.username).toBe('ann')
    expect(later.token).not.toBe(first.token)
    expect(await stage.chat.db.read.accounts.count()).toBe(1)
  })

  test('two subjects with one e-mail address are two people', async () => {
    await using stage = await OidcStage.open()
    const claims = { email: 'ann@example.org', email_verified: true }
    const one = await stage.signIn({ subject: 'one', claims })
    const other = await stage.signIn({ subject: 'other', claims })
    expect(other.account.id).not.toBe(one.account.id)
    expect([one.account.username, other.account.username]).toEqual(['ann', 'ann-2'])
  })

  test('people who want the same username at the same moment get one each', async () => {
    await using stage = await OidcStage.open()
    const arrived = []
    for (const subject of ['1', '2', '3']) arrived.push(await stage.codeOf({ subject, claims: ann.claims }))
    const signedIn = await Promise.all(arrived.map((one) => stage.finish(one)))
    expect(signedIn.map(({ account }) => account.username).toSorted()).toEqual(['ann', 'ann-2', 'ann-3'])
    expect(new Set(signedIn.map(({ account }) => account.id)).size).toBe(3)
  })

  test('the same person finishing on two devices at once has one account', async () => {
    await using stage = await OidcStage.open()
    const arrived = [await stage.codeOf(ann), await stage.codeOf(ann)]
    const [one, other] = await Promise.all(arrived.map((code) => stage.finish(code)))
    expect(one?.account.id).toBe(other?.account.id)
    expect(one?.sessionId).not.toBe(other?.sessionId)
  })

  test('names that stand at the userinfo endpoint only are fetched there', async () => {
    await using stage = await OidcStage.open({ namesInIdToken: false })
    expect((await stage.signIn(ann)).account).toMatchObject({ username: 'ann', displayName: 'Ann Lovelace' })
    expect(stage.provider.asked).toContain('/me')
  })

  test('names that stand in the ID token are not asked for again', async () => {
    await using stage = await OidcStage.open()
    await stage.signIn(ann)
    expect(stage.provider.asked).not.toContain('/me')
  })

  test('who has no names gets an account all the same', async () => {
    await using stage = await OidcStage.open()
    expect((await stage.signIn({ subject: 'one' })).account).toMatchObject({
      username: 'user',
      displayName: 'user',
    })
    expect((await stage.signIn({ subject: 'other' })).account.username).toBe('user-2')
  })

  test('a public client signs people in without a secret', async () => {
    await using stage = await OidcStage.open({ secret: null })
    expect((await stage.signIn(ann)).account.username).toBe('ann')
  })

  test('a browser that is still logged in at the provider comes back without being asked', async () => {
    await using stage = await OidcStage.open()
    const browser = new Browser()
    stage.provider.logsIn = ann
    await browser.open((await stage.start()).authorizeUrl, returnTo)
    stage.provider.logsIn = null
    const { authorizeUrl, verifier } = await stage.start()
    const { url } = await browser.open(authorizeUrl, returnTo)
    const code = new URL(url).searchParams.get('code') ?? ''
    expect((await stage.finish({ code, verifier })).account.username).toBe('ann')
  })
})

describe('where the browser goes back to', () => {
  test.for([
    'http://127.0.0.1:49152/cb',
    'http://[::1]:49152',
    'http://localhost:8080/',
    'parley://signed-in',
  ])('an app that listens at %s gets the code there', async (address) => {
    await using stage = await OidcStage.open()
    const input = StartOidc.parse({ returnTo: address, challenge: 'c'.repeat(43) })
    const { authorizeUrl, verifier } = await stage.start({ returnTo: input.returnTo })
    const { url } = await stage.logIn(authorizeUrl, ann, address)
    const code = new URL(url).searchParams.get('code') ?? ''
    expect(url).toBe(`${new URL(address).href}?code=${code}`)
    expect((await stage.finish({ code, verifier })).account.username).toBe('ann')
  })

  test.for([
    'https://evil.example/cb',
    'http://evil.example:80/cb',
    'http://127.0.0.1.evil.example:80/cb',
    'http://127.0.0.1:80@evil.example/cb',
    'http://127.0.0.1/cb',
    'http://127.0.0.1:8080/cb?next=https://evil.example',
    'http://127.0.0.1:8080/cb#fragment',
    'http://127.0.0.1:8080/\r\nSet-Cookie: a=b',
    'parley://a?code=stolen',
    'javascript:alert(1)',
  ])('%j is refused as foreign', (address) => {
    expect(StartOidc.safeParse({ returnTo: address, challenge: 'c'.repeat(43) }).success).toBe(false)
  })
})

describe('who may have an account by OpenID Connect', () => {
  test('where sign-up is by invitation, an invite link is needed, and used up', async () => {
    await using stage = await OidcStage.open({ signUp: 'invite' })
    const { secret } = await makeInviteLink(stage.chat, { uses: 1, note: '' })
    await expect(stage.signIn(ann)).rejects.toMatchObject({ kind: 'sign-up-closed' })
    expect((await stage.signIn(ann, { invite: secret })).account).toMatchObject({
      username: 'ann',
      operator: false,
    })
    const ben = { subject: 'subject-of-ben' }
    await expect(stage.signIn(ben, { invite: secret })).rejects.toMatchObject({
      kind: 'invite-link-invalid',
      detail: { field: 'invite' },
    })
    expect(await stage.chat.db.read.accounts.count()).toBe(1)
  })

  test('who has an account needs no invite link, and uses none up', async () => {
    await using stage = await OidcStage.open({ signUp: 'invite' })
    const { secret } = await makeInviteLink(stage.chat, { uses: 2, note: '' })
    const first = await stage.signIn(ann, { invite: secret })
    expect((await stage.signIn(ann)).account.id).toBe(first.account.id)
    expect((await stage.signIn(ann, { invite: secret })).account.id).toBe(first.account.id)
    expect(await stage.chat.db.read.inviteLinks.all()).toMatchObject([{ usesLeft: 1 }])
  })

  test('where sign-up is closed, no invite link helps', async () => {
    await using stage = await OidcStage.open({ signUp: 'closed' })
    const { secret } = await makeInviteLink(stage.chat, { uses: 1, note: '' })
    await expect(stage.signIn(ann)).rejects.toMatchObject({ kind: 'sign-up-closed' })
    await expect(stage.signIn(ann, { invite: secret })).rejects.toMatchObject({ kind: 'sign-up-closed' })
    expect(await stage.chat.db.read.accounts.count()).toBe(0)
  })

  test('the one-time link of the first start makes an operator, also where sign-up is closed', async () => {
    await using stage = await OidcStage.open({ signUp: 'closed' })
    const secret = (await makeSetupLink(stage.chat)) ?? ''
    expect((await stage.signIn(ann, { invite: secret })).account.operator).toBe(true)
  })

  test('a disabled account is not signed in, and gets no second one', async () => {
    await using stage = await OidcStage.open()
    const { account, token } = await stage.signIn(ann)
    await setDisabled(stage.chat, { accountId: account.id, disabled: true })
    await expect(stage.signIn(ann)).rejects.toMatchObject({ kind: 'account-disabled' })
    expect(await authenticate(stage.chat, token)).toBeNull()
    expect(await stage.chat.db.read.accounts.count()).toBe(1)
  })
})
