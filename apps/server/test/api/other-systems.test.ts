import { createHash, randomBytes } from 'node:crypto'
import { HostWebApplication } from '@parley/testkit/host-application'
import { IdentityProvider } from '@parley/testkit/identity-provider'
import { describe, expect, test } from 'vitest'
import { Browser } from '@parley/testkit/browser'
import { refusal, Stage } from './stage.ts'

const returnTo = 'http://127.0.0.1:9/signed-in'
const ann = { subject: 'subject-of-ann', claims: { preferred_username: 'ann' } }

/** A client's proof that it is the one that started. */
function proof() {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

describe('signing in by an identity provider', () => {
  test('answers as it says, also where people reach the server below a path', async () => {
    await using provider = await IdentityProvider.start({ clientId: 'parley', clientSecret: 'a secret' })
    const oidc = { issuer: provider.issuer, clientId: 'parley', clientSecret: 'a secret', label: 'Ours' }
    await using stage = await Stage.open({ settings: { oidc } })
    provider.register(`${stage.server.url}/oidc/callback`)
    provider.logsIn = ann
    const { verifier, challenge } = proof()
    const start = () => stage.anyone.oidc.start.mutate({ returnTo, challenge })
    const codeOf = async ({ authorizeUrl }: { authorizeUrl: string }) =>
      new URL((await new Browser().open(authorizeUrl, returnTo)).url).searchParams.get('code') ?? ''

    const code = await codeOf(await start())
    const signedIn = await stage.anyone.oidc.finish.mutate({ code, verifier, deviceName: 'Laptop' })
    expect(signedIn.account).toMatchObject({ username: 'ann', hasPassword: false })
    const { api } = stage.socket(signedIn.token)
    expect(await api.sessions.list.query()).toMatchObject([{ deviceName: 'Laptop' }])

    const again = stage.anyone.oidc.finish.mutate({ code, verifier })
    expect(await refusal(again)).toEqual({ kind: 'identity-unverified', field: 'code' })
    const { verifier: ofThief } = proof()
    const stolen = { code: await codeOf(await start()), verifier: ofThief }
    expect(await refusal(stage.anyone.oidc.finish.mutate(stolen))).toEqual({
      kind: 'identity-unverified',
      field: 'verifier',
    })
  })

  test.for([
    ['https://chat.example.org', 'https://chat.example.org/oidc/callback'],
    ['https://example.org/chat', 'https://example.org/chat/oidc/callback'],
    ['https://example.org/chat/', 'https://example.org/chat/oidc/callback'],
  ])('at %s the issuer sends people back to %s', async ([publicUrl = '', callback]) => {
    await using provider = await IdentityProvider.start({ clientId: 'parley', clientSecret: 'a secret' })
    const oidc = { issuer: provider.issuer, clientId: 'parley', clientSecret: 'a secret' }
    await using stage = await Stage.open({ settings: { oidc, publicUrl } })
    const { challenge } = proof()
    const { authorizeUrl } = await stage.anyone.oidc.start.mutate({ returnTo, challenge })
    expect(new URL(authorizeUrl).searchParams.get('redirect_uri')).toBe(callback)
  })
})

describe('signing in by the application beside', () => {
  test('answers as it says, and refuses by kind', async () => {
    await using host = await HostWebApplication.start()
    host.sessions.set('a session', 7)
    await using stage = await Stage.open({ settings: { bridge: { verifyUrl: host.verifyUrl } } })
    const signIn = (hostSession: string, deviceName?: string) =>
      stage.anyone.bridge.signIn.mutate({ hostSession, deviceName })
    const { account, token } = await signIn('a session', ' Browser ')
    expect(account.username).toBe('user-7')
    const { api } = stage.socket(token)
    expect(await api.sessions.list.query()).toMatchObject([{ deviceName: 'Browser' }])
    expect((await signIn('a session')).account).toEqual(account)
    expect(await refusal(signIn('another'))).toEqual({ kind: 'identity-unverified', field: 'hostSession' })
    host.answer = { kind: 'says', status: 500, body: '' }
    expect(await refusal(signIn('a session'))).toEqual({ kind: 'identity-provider-unavailable' })
  })

  test('P9: a device has a name of one line, however one signs in', async () => {
    await using host = await HostWebApplication.start()
    await using stage = await Stage.open({ settings: { bridge: { verifyUrl: host.verifyUrl } } })
    for (const deviceName of ['two\nlines', '\u0007', '  ', 'x'.repeat(81)]) {
      const field = 'deviceName'
      const byBridge = stage.anyone.bridge.signIn.mutate({ hostSession: 'a session', deviceName })
      expect(await refusal(byBridge)).toEqual({ kind: 'invalid-input', field })
      const { verifier } = proof()
      const byIssuer = stage.anyone.oidc.finish.mutate({ code: 'a code', verifier, deviceName })
      expect(await refusal(byIssuer)).toEqual({ kind: 'invalid-input', field })
    }
  })

  test('P9: a server without issuer and host application says that it has none', async () => {
    await using stage = await Stage.open()
    const { verifier, challenge } = proof()
    const { anyone } = stage
    for (const call of [
      anyone.oidc.start.mutate({ returnTo, challenge }),
      anyone.oidc.finish.mutate({ code: 'a code', verifier }),
      anyone.bridge.signIn.mutate({ hostSession: 'a session' }),
    ]) {
      expect(await refusal(call)).toEqual({ kind: 'not-found' })
    }
  })

  test.for(['https://evil.example/', 'http://127.0.0.1.evil.example:1/', 'javascript:alert(1)', 'parley:x'])(
    'P9: nobody is sent to %s',
    async (foreign) => {
      await using stage = await Stage.open()
      const { challenge } = proof()
      const start = stage.anyone.oidc.start.mutate({ returnTo: foreign, challenge })
      expect(await refusal(start)).toEqual({ kind: 'invalid-input', field: 'returnTo' })
    },
  )
})
