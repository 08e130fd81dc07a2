import { describe, expect, test } from 'vitest'
import { Browser } from '@parley/testkit/browser'
import { OidcStage, returnTo } from './oidc-stage.ts'

const ann = { subject: 'subject-of-ann', claims: { preferred_username: 'ann' } }
const hourMs = 3_600_000
/** Waited for in full by the tests of an issuer that stalls; room for one that does not, on a busy machine. */
const requestMs = 1_000

const unavailable = { kind: 'identity-provider-unavailable' }

describe('an issuer in trouble', () => {
  test.for(['stalled', 'failing', 'endless'] as const)(
    'one that is %s refuses the start in bounded time, and the next start works when it is well',
    async (fault) => {
      await using stage = await OidcStage.open({ requestMs })
      stage.provider.fault = fault
      await expect(stage.start()).rejects.toMatchObject(unavailable)
      expect(stage.logged.map(({ event }) => event)).toEqual(['issuer-not-discovered'])
      stage.provider.fault = 'none'
      expect((await stage.signIn(ann)).account.username).toBe('ann')
    },
  )

  test('one at whose address nothing listens refuses the start', async () => {
    await using stage = await OidcStage.open()
    await stage.provider[Symbol.asyncDispose]()
    await expect(stage.start()).rejects.toMatchObject(unavailable)
    expect(stage.logged).toMatchObject([
      { event: 'issuer-not-discovered', fields: { reason: 'ECONNREFUSED' } },
    ])
  })

  test.for(['stalled', 'failing', 'endless'] as const)(
    'one that is %s when the browser comes back sends it on to the client with the reason',
    async (fault) => {
      await using stage = await OidcStage.open({ requestMs })
      const { authorizeUrl } = await stage.start()
      const { url } = await stage.logIn(authorizeUrl, ann, stage.callbackUrl)
      stage.provider.fault = fault
      expect((await new Browser().open(url, returnTo)).url).toBe(
        `${returnTo}?error=identity-provider-unavailable`,
      )
      expect(stage.logged.map(({ event }) => event)).toEqual(['issuer-silent'])
    },
  )

  test('one that only does not tell names costs no more than the names', async () => {
    await using stage = await OidcStage.open({ namesInIdToken: false, scopes: ['openid'] })
    expect((await stage.signIn(ann)).account.username).toBe('user')
  })

  test('one that does not know this server’s secret is unavailable, and the log says why', async () => {
    await using stage = await OidcStage.open({ knownSecret: 'another secret' })
    expect(await stage.failure(ann)).toBe('identity-provider-unavailable')
    expect(stage.logged).toMatchObject([
      { event: 'issuer-refused', fields: { error: 'invalid_client', status: 401 } },
    ])
  })

  test('people who start at once ask for its metadata once', async () => {
    await using stage = await OidcStage.open()
    await Promise.all(Array.from({ length: 20 }, () => stage.start()))
    expect(stage.provider.asked).toEqual(['/.well-known/openid-configuration'])
  })
})

describe('what is known of the issuer', () => {
  test('it is asked for when somebody signs in, and not before', async () => {
    await using stage = await OidcStage.open()
    expect(stage.provider.asked).toEqual([])
  })

  test('after an hour it is asked for again, and new keys of the issuer are good', async () => {
    await using stage = await OidcStage.open()
    await stage.signIn(ann)
    await stage.provider.changeKeys()
    stage.clock.advance(hourMs)
    const { account } = await stage.signIn(ann)
    expect(account.username).toBe('ann')
    expect(stage.provider.asked.filter((path) => path.endsWith('openid-configuration'))).toHaveLength(2)
  })

  test('while the issuer cannot be asked again, what was known stays good', async () => {
    await using stage = await OidcStage.open()
    await stage.signIn(ann)
    stage.clock.advance(hourMs)
    stage.provider.fault = 'failing'
    const { authorizeUrl } = await stage.start()
    expect(stage.logged.map(({ event }) => event)).toEqual(['issuer-not-discovered'])
    stage.provider.fault = 'none'
    expect((await stage.logIn(authorizeUrl, ann)).url).toContain('?code=')
  })
})
