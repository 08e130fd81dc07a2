import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { OidcStage } from './oidc-stage.ts'

const sub = 'subject-of-ann'
const unverified = { kind: 'identity-unverified' }

describe('an ID token that comes by itself', () => {
  test('it names the identity that signing in gives', async () => {
    await using stage = await OidcStage.open()
    const idToken = await stage.provider.idToken({ sub, preferred_username: 'ann' })
    const identity = await stage.oidc.issuer.verifyIdToken(idToken)
    expect(identity).toMatchObject({ issuer: stage.provider.issuer, subject: sub, username: 'ann' })
    const { account } = await stage.signIn({ subject: sub })
    const found = await stage.chat.db.read.accounts.byIdentity(identity.issuer, identity.subject)
    expect(found?.id).toBe(account.id)
  })

  test('it is good for as long as it says, and a small skew of clocks', async () => {
    await using stage = await OidcStage.open()
    const idToken = await stage.provider.idToken({ sub, exp: Math.floor(stage.clock.now() / 1000) + 60 })
    stage.clock.advance(80_000)
    await expect(stage.oidc.issuer.verifyIdToken(idToken)).resolves.toMatchObject({ subject: sub })
    stage.clock.advance(20_000)
    await expect(stage.oidc.issuer.verifyIdToken(idToken)).rejects.toMatchObject(unverified)
  })

  test.for([
    ['another audience', { aud: 'another' }],
    ['several audiences, asked for by another', { aud: ['parley', 'another'], azp: 'another' }],
    ['several audiences, asked for by nobody', { aud: ['parley', 'another'] }],
    ['another issuer', { iss: 'https://other.example' }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['a subject beyond measure', { sub: 's'.repeat(256) }],
    ['no expiry', { exp: undefined }],
    ['no time of issue', { iat: undefined }],
    ['a beginning that is still to come', { nbf: Math.floor(Date.now() / 1000) + 300 }],
    [
      'what only log-out tokens have',
      { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } },
    ],
  ] satisfies [string, JWTPayload][])('one with %s is refused', async ([, claims]) => {
    await using stage = await OidcStage.open()
    const idToken = await stage.provider.idToken({ sub, ...claims })
    await expect(stage.oidc.issuer.verifyIdToken(idToken)).rejects.toMatchObject(unverified)
  })

  test('one for several audiences is good when this server asked for it', async () => {
    await using stage = await OidcStage.open()
    const idToken = await stage.provider.idToken({ sub, aud: ['another', 'parley'], azp: 'parley' })
    await expect(stage.oidc.issuer.verifyIdToken(idToken)).resolves.toMatchObject({ subject: sub })
  })

  test('one that another key signed is refused', async () => {
    await using stage = await OidcStage.open()
    const idToken = await stage.provider.idToken({ sub }, { key: 'foreign' })
    await expect(stage.oidc.issuer.verifyIdToken(idToken)).rejects.toMatchObject(unverified)
  })

  test('an access token that the issuer signed for this server is no ID token', async () => {
    await using stage = await OidcStage.open()
    const accessToken = await stage.provider.idToken({ sub }, { type: 'at+jwt' })
    await expect(stage.oidc.issuer.verifyIdToken(accessToken)).rejects.toMatchObject(unverified)
    const idToken = await stage.provider.idToken({ sub }, { type: 'JWT' })
    await expect(stage.oidc.issuer.verifyIdToken(idToken)).resolves.toMatchObject({ subject: sub })
  })

  test('one without a signature, or signed with what is no secret of the issuer’s, is refused', async () => {
    await using stage = await OidcStage.open()
    const unsigned = new UnsecuredJWT({ sub })
      .setIssuer(stage.provider.issuer)
      .setAudience('parley')
      .setIssuedAt()
      .setExpirationTime('1h')
    await expect(stage.oidc.issuer.verifyIdToken(unsigned.encode())).rejects.toMatchObject(unverified)
    const bySecret = new SignJWT({ sub })
      .setIssuer(stage.provider.issuer)
      .setAudience('parley')
      .setIssuedAt()
      .setExpirationTime('1h')
    const signed = await bySecret
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from('a secret'.padEnd(32)))
    await expect(stage.oidc.issuer.verifyIdToken(signed)).rejects.toMatchObject(unverified)
  })

  test.for(['', 'x', 'a.b.c', '..', 'é.é.é', `${'a'.repeat(100_000)}.b.c`])(
    'what is no token is refused: %#',
    async (text) => {
      await using stage = await OidcStage.open()
      await expect(stage.oidc.issuer.verifyIdToken(text)).rejects.toMatchObject(unverified)
    },
  )

  test('whether it is good cannot be said while the issuer’s keys cannot be had', async () => {
    await using stage = await OidcStage.open()
    const idToken = await stage.provider.idToken({ sub })
    await stage.start()
    stage.provider.fault = 'failing'
    const unavailable = { kind: 'identity-provider-unavailable' }
    await expect(stage.oidc.issuer.verifyIdToken(idToken)).rejects.toMatchObject(unavailable)
    stage.provider.fault = 'none'
    await expect(stage.oidc.issuer.verifyIdToken(idToken)).resolves.toMatchObject({ subject: sub })
  })
})
