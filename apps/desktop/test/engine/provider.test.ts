import { Browser } from '@parley/testkit/browser'
import { IdentityProvider } from '@parley/testkit/identity-provider'
import { startServer } from '@parley/testkit/start-server'
import { expect, test } from 'vitest'
import { openDevice, refusalOf } from './device.ts'

const client = { clientId: 'parley', clientSecret: 'a secret' }
const ada = { subject: 'ada-1', claims: { preferred_username: 'ada', name: 'Ada Lovelace' } }

async function openStage() {
  const provider = await IdentityProvider.start(client)
  const server = await startServer({
    settings: { oidc: { issuer: provider.issuer, ...client, label: 'Example' } },
  })
  provider.register(`${server.url}/oidc/callback`)
  provider.logsIn = ada
  return {
    provider,
    server,
    async [Symbol.asyncDispose]() {
      await server.close()
      await provider[Symbol.asyncDispose]()
    },
  }
}

/** Resolves with the address that the app has opened in the browser. */
async function opened(desk: { readonly opened: readonly string[] }): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const look = () => {
    const [address] = desk.opened
    if (address === undefined) setImmediate(look)
    else resolve(address)
  }
  look()
  return promise
}

test('somebody signs in at the identity provider, and comes back to the app', async () => {
  await using stage = await openStage()
  await using device = await openDevice()
  const { engine, desk } = device
  const signingIn = engine.servers.signInByProvider.mutate({ url: stage.server.url })
  const { response } = await new Browser().open(await opened(desk), 'nowhere:')
  expect(await response?.text()).toContain('You are signed in.')
  await signingIn
  expect(await engine.app.state.query()).toMatchObject({ kind: 'signed-in', account: { username: 'ada' } })
})

test('P9: who is turned away at the provider is told so, in the app and in the browser', async () => {
  await using stage = await openStage()
  stage.provider.logsIn = null
  await using device = await openDevice()
  const { engine, desk } = device
  const signingIn = refusalOf(engine.servers.signInByProvider.mutate({ url: stage.server.url }))
  const { response } = await new Browser().open(await opened(desk), 'nowhere:')
  expect(await response?.text()).toContain('You were not signed in.')
  expect(await signingIn).toBe('identity-unverified')
  expect(await engine.app.state.query()).toEqual({ kind: 'signed-out' })
})

test('whoever gives up waiting for the browser leaves no listener behind', async () => {
  await using stage = await openStage()
  await using device = await openDevice()
  const { engine, desk } = device
  const giveUp = new AbortController()
  const signingIn = refusalOf(
    engine.servers.signInByProvider.mutate({ url: stage.server.url }, { signal: giveUp.signal }),
  )
  const address = await opened(desk)
  giveUp.abort()
  expect(await signingIn).toBe('aborted')
  // The provider sends the browser back to an address at which nobody listens any more.
  await expect(new Browser().open(address, 'nowhere:')).rejects.toThrow('fetch failed')
  expect(await engine.app.state.query()).toEqual({ kind: 'signed-out' })
})
