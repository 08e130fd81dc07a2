import { finishOidc, startOidc } from '@parley/chat/identity/oidc'
import { oidcFlowMs, signInsPerAddress } from '@parley/domain/limits'
import type { Alteration } from '@parley/testkit/identity-provider'
import { describe, expect, test } from 'vitest'
import { Browser } from '@parley/testkit/browser'
import { caller } from './chat-stage.ts'
import { OidcStage, returnTo } from './oidc-stage.ts'

const ann = { subject: 'subject-of-ann', claims: { preferred_username: 'ann' } }

/** The address of the callback that the provider sends the browser to, before the browser goes there. */
async function callbackOf(stage: OidcStage) {
  const { authorizeUrl, verifier } = await stage.start()
  const { url } = await stage.logIn(authorizeUrl, ann, stage.callbackUrl)
  return { url: new URL(url), verifier }
}

const accounts = (stage: OidcStage) => stage.chat.db.read.accounts.count()

describe('a callback that does not fit', () => {
  test('a state that nobody was sent away with is refused, and spoils nothing', async () => {
    await using stage = await OidcStage.open()
    const { url, verifier } = await callbackOf(stage)
    const forged = new URL(url)
    forged.searchParams.set('state', 'x'.repeat(43))
    expect((await fetch(forged, { redirect: 'manual' })).status).toBe(400)
    const code = new URL((await new Browser().open(url.href, returnTo)).url).searchParams.get('code') ?? ''
    expect((await stage.finish({ code, verifier })).account.username).toBe('ann')
  })

  test('the code of one visit is no good with the state of another', async () => {
    await using stage = await OidcStage.open()
    const [one, other] = [await callbackOf(stage), await callbackOf(stage)]
    other.url.searchParams.set('code', one.url.searchParams.get('code') ?? '')
    const { url } = await new Browser().open(other.url.href, returnTo)
    expect(url).toBe(`${returnTo}?error=identity-unverified`)
    expect(await accounts(stage)).toBe(0)
  })

  test('a callback that is repeated is refused, and the code of the first stays good', async () => {
    await using stage = await OidcStage.open()
    const { url, verifier } = await callbackOf(stage)
    const code = new URL((await new Browser().open(url.href, returnTo)).url).searchParams.get('code') ?? ''
    const repeated = await fetch(url, { redirect: 'manual' })
    expect(repeated.status).toBe(400)
    expect(repeated.headers.get('location')).toBeNull()
    expect((await stage.finish({ code, verifier })).account.username).toBe('ann')
  })

  test('who comes back too late is refused', async () => {
    await using stage = await OidcStage.open()
    const { url } = await callbackOf(stage)
    stage.clock.advance(oidcFlowMs)
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(400)
  })

  test('an answer that names another issuer is refused', async () => {
    await using stage = await OidcStage.open()
    const { url } = await callbackOf(stage)
    url.searchParams.set('iss', 'https://other.example')
    expect((await new Browser().open(url.href, returnTo)).url).toBe(`${returnTo}?error=identity-unverified`)
  })

  test('who refuses to log in is sent back to the client without a code', async () => {
    await using stage = await OidcStage.open()
    expect(await stage.failure(null)).toBe('identity-unverified')
    expect(stage.logged).toContainEqual({
      event: 'issuer-refused',
      fields: { doing: 'exchange', error: 'access_denied' },
    })
  })
})

describe('a code that does not fit', () => {
  test('a code is good once', async () => {
    await using stage = await OidcStage.open()
    const arrived = await stage.codeOf(ann)
    await stage.finish(arrived)
    await expect(stage.finish(arrived)).rejects.toMatchObject({
      kind: 'identity-unverified',
      detail: { field: 'code' },
    })
    expect(await accounts(stage)).toBe(1)
  })

  test('of two who present one code at once, one is signed in', async () => {
    await using stage = await OidcStage.open()
    const arrived = await stage.codeOf(ann)
    const outcomes = await Promise.allSettled([stage.finish(arrived), stage.finish(arrived)])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('a code without the verifier that began it is refused, and used up by the attempt', async () => {
    await using stage = await OidcStage.open()
    const { code, verifier } = await stage.codeOf(ann)
    const wrong = { code, verifier: 'w'.repeat(43) }
    await expect(stage.finish(wrong)).rejects.toMatchObject({
      kind: 'identity-unverified',
      detail: { field: 'verifier' },
    })
    await expect(stage.finish({ code, verifier })).rejects.toMatchObject({ detail: { field: 'code' } })
    expect(await accounts(stage)).toBe(0)
  })

  test('the verifier of another visit of the same client is refused', async () => {
    await using stage = await OidcStage.open()
    const [one, other] = [await stage.codeOf(ann), await stage.codeOf(ann)]
    await expect(stage.finish({ code: one.code, verifier: other.verifier })).rejects.toMatchObject({
      detail: { field: 'verifier' },
    })
  })

  test('a code that was fetched too late is refused', async () => {
    await using stage = await OidcStage.open()
    const arrived = await stage.codeOf(ann)
    stage.clock.advance(oidcFlowMs)
    await expect(stage.finish(arrived)).rejects.toMatchObject({
      kind: 'identity-unverified',
      detail: { field: 'code' },
    })
  })

  test('the code of the provider is no code of ours', async () => {
    await using stage = await OidcStage.open()
    const { url, verifier } = await callbackOf(stage)
    const code = url.searchParams.get('code') ?? ''
    await expect(stage.finish({ code, verifier })).rejects.toMatchObject({ detail: { field: 'code' } })
  })
})

describe('an ID token that does not fit', () => {
  const seconds = () => Math.floor(Date.now() / 1000)
  const alterations: [string, Alteration][] = [
    ['is signed with a key that is not the issuer’s', (claims) => ({ claims, key: 'foreign' })],
    ['is made for another client', (claims) => ({ claims: { ...claims, aud: 'another' } })],
    ['is of another issuer', (claims) => ({ claims: { ...claims, iss: 'https://other.example' } })],
    ['has expired', (claims) => ({ claims: { ...claims, iat: seconds() - 900, exp: seconds() - 300 } })],
    ['never expires', ({ exp: _, ...claims }) => ({ claims: { ...claims, exp: undefined } })],
    ['is not good yet', (claims) => ({ claims: { ...claims, nbf: seconds() + 300 } })],
    ['answers another visit', (claims) => ({ claims: { ...claims, nonce: 'another' } })],
    ['answers no visit', ({ nonce: _, ...claims }) => ({ claims })],
    ['names nobody', ({ sub: _, ...claims }) => ({ claims })],
    [
      'is for several clients, of which another asked for it',
      (claims) => ({ claims: { ...claims, aud: ['parley', 'another'], azp: 'another' } }),
    ],
  ]

  test.for(alterations)('one that %s signs nobody in', async ([, alters]) => {
    await using stage = await OidcStage.open()
    stage.provider.alters = alters
    expect(await stage.failure(ann)).toBe('identity-unverified')
    expect(stage.logged.map(({ event }) => event)).toEqual(['identity-unverified'])
    expect(await accounts(stage)).toBe(0)
  })

  test('one that the provider signed again, unaltered, signs in', async () => {
    await using stage = await OidcStage.open()
    stage.provider.alters = (claims) => ({ claims })
    expect((await stage.signIn(ann)).account.username).toBe('ann')
  })
})

describe('limits and logs', () => {
  test('P5: an address may start only so often; others are not held up', async () => {
    await using stage = await OidcStage.open()
    const start = { returnTo, challenge: 'c'.repeat(43) }
    for (let times = 0; times < signInsPerAddress.points; times += 1)
      await startOidc(stage.chat, stage.oidc, caller, start)
    await expect(startOidc(stage.chat, stage.oidc, caller, start)).rejects.toMatchObject({
      kind: 'rate-limited',
    })
    const finish = { code: 'guessed', verifier: 'v'.repeat(43), deviceName: 'x' }
    await expect(finishOidc(stage.chat, stage.oidc, caller, finish)).rejects.toMatchObject({
      kind: 'rate-limited',
    })
    const other = { address: '192.0.2.2' }
    await expect(startOidc(stage.chat, stage.oidc, other, start)).resolves.toBeDefined()
    await expect(finishOidc(stage.chat, stage.oidc, other, finish)).rejects.toMatchObject({
      kind: 'identity-unverified',
    })
  })

  test('what is logged of a failure holds no code, token or secret', async () => {
    await using stage = await OidcStage.open()
    stage.provider.alters = (claims) => ({ claims: { ...claims, aud: 'another' } })
    const { url } = await callbackOf(stage)
    await new Browser().open(url.href, returnTo)
    const kept = stage.logged.map((line) => JSON.stringify(line)).join('\n')
    expect(kept).toContain('identity-unverified')
    expect(kept).toContain('aud')
    const { code, state } = Object.fromEntries(url.searchParams)
    for (const secret of [code, state, 'a secret', ann.subject, 'eyJ']) expect(kept).not.toContain(secret)
  })
})
