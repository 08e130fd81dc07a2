import { createHash, randomBytes } from 'node:crypto'
import type { RefusalKind } from '@parley/domain/refusal'
import { HostWebApplication } from '@parley/testkit/host-application'
import { IdentityProvider } from '@parley/testkit/identity-provider'
import { httpApi, socketApi } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { describe, expect, test } from 'vitest'
import { Browser } from '@parley/testkit/browser'

const returnTo = 'http://127.0.0.1:9/signed-in'
const ann = { subject: 'subject-of-ann', claims: { preferred_username: 'ann', name: 'Ann Lovelace' } }
const refused = (kind: RefusalKind) => ({ data: { refusal: { kind } } })

describe('signing in by another system, over the API', () => {
  test('a desktop app signs its person in through the issuer, and its token opens a socket', async () => {
    const provider = await IdentityProvider.start({ clientId: 'parley', clientSecret: 'a secret' })
    await using _provider = provider
    await using server = await startServer({
      settings: {
        oidc: { issuer: provider.issuer, clientId: 'parley', clientSecret: 'a secret', label: 'Our people' },
      },
    })
    provider.register(`${server.url}/oidc/callback`)
    provider.logsIn = ann
    const api = httpApi(server.url)
    expect((await api.server.info.query()).signIn).toEqual({
      password: true,
      oidc: { label: 'Our people' },
      bridge: false,
    })

    const verifier = randomBytes(32).toString('base64url')
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const { authorizeUrl } = await api.oidc.start.mutate({ returnTo, challenge })
    const { url } = await new Browser().open(authorizeUrl, returnTo)
    const code = new URL(url).searchParams.get('code') ?? ''
    const { account, token } = await api.oidc.finish.mutate({ code, verifier, deviceName: 'Laptop' })
    expect(account).toMatchObject({ username: 'ann', displayName: 'Ann Lovelace' })

    const socket = socketApi(server.url, token)
    expect(await socket.api.account.me.query()).toMatchObject({ id: account.id })
    await socket.close()
    await expect(api.oidc.finish.mutate({ code, verifier })).rejects.toMatchObject(
      refused('identity-unverified'),
    )
    const page = await fetch(`${server.url}/oidc/callback?state=x&code=y`)
    expect(page.status).toBe(400)
    const foreign = api.oidc.start.mutate({ returnTo: 'https://evil.example/', challenge })
    await expect(foreign).rejects.toMatchObject(refused('invalid-input'))
  })

  test('P9: where passwords are off, nobody signs in or up with one, and the server says so before', async () => {
    await using host = await HostWebApplication.start()
    host.sessions.set('a session', 7)
    await using server = await startServer({
      settings: { passwords: 'off', bridge: { verifyUrl: host.verifyUrl } },
    })
    const api = httpApi(server.url)
    expect((await api.server.info.query()).signIn.password).toBe(false)
    const who = { username: 'ann', password: 'correct horse battery staple' }
    await expect(api.account.signUp.mutate(who)).rejects.toMatchObject(refused('not-allowed'))
    await expect(api.account.signIn.mutate(who)).rejects.toMatchObject(refused('not-allowed'))
    expect(await api.bridge.signIn.mutate({ hostSession: 'a session' })).toMatchObject({
      account: { username: 'user-7' },
    })
  })

  test('a page of the host application signs its person in with the session there', async () => {
    await using host = await HostWebApplication.start()
    host.sessions.set('a session', 7)
    await using server = await startServer({
      settings: { signUp: 'closed', bridge: { verifyUrl: host.verifyUrl } },
    })
    const api = httpApi(server.url)
    expect((await api.server.info.query()).signIn).toEqual({ password: true, oidc: null, bridge: true })
    const { account, token } = await api.bridge.signIn.mutate({ hostSession: 'a session' })
    expect(await httpApi(server.url, token).account.me.query()).toMatchObject({
      id: account.id,
      username: 'user-7',
    })
    await expect(api.bridge.signIn.mutate({ hostSession: 'another' })).rejects.toMatchObject(
      refused('identity-unverified'),
    )
    host.answer = { kind: 'says', status: 500, body: '' }
    const silent = api.bridge.signIn.mutate({ hostSession: 'a session' })
    await expect(silent).rejects.toMatchObject(refused('identity-provider-unavailable'))
    const line = server.logged.find((one) => one.includes('host-application-silent')) ?? ''
    expect(JSON.parse(line)).toMatchObject({ level: 'warn', reason: 'status', status: 500 })
    expect(server.logged.join('')).not.toContain('a session')
  })

  test('a server without issuer and host application says that it has none', async () => {
    await using server = await startServer()
    const api = httpApi(server.url)
    const start = api.oidc.start.mutate({ returnTo, challenge: 'c'.repeat(43) })
    await expect(start).rejects.toMatchObject(refused('not-found'))
    await expect(api.bridge.signIn.mutate({ hostSession: 'a session' })).rejects.toMatchObject(
      refused('not-found'),
    )
    expect((await fetch(`${server.url}/oidc/callback?state=x`)).status).toBe(404)
  })
})
