import { describe, expect, test } from 'vitest'
import { Browser } from '@parley/testkit/browser'
import { OidcStage } from './oidc-stage.ts'

const ann = { subject: 'subject-of-ann' }

const expectSafe = ({ headers }: Response) => {
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('x-frame-options')).toBe('DENY')
  expect(headers.get('content-security-policy')).toContain("default-src 'none'")
}

describe('the page that browsers come back to', () => {
  test('it sends the browser on to the client, and keeps its address from everybody else', async () => {
    await using stage = await OidcStage.open()
    const { authorizeUrl } = await stage.start()
    const { url } = await stage.logIn(authorizeUrl, ann, stage.callbackUrl)
    const response = await fetch(url, { redirect: 'manual' })
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toMatch(/^http:\/\/127\.0\.0\.1:9\/signed-in\?code=[\w-]{43}$/)
    expectSafe(response)
  })

  test('without a sign-in under way it says so, and shows nothing of the request', async () => {
    await using stage = await OidcStage.open()
    const evil = '<script>alert(1)</script>'
    const query = new URLSearchParams({ state: evil, error: evil, error_description: evil })
    const response = await fetch(`${stage.callbackUrl}?${query}`)
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expectSafe(response)
    const page = await response.text()
    expect(page).toContain('start it again')
    expect(page).not.toContain('script')
    expect(page).not.toContain('alert')
  })

  test.for(['', '?', '?state', '?state=&state=', '?code=x', '?state=__proto__'])(
    '%j is answered with that page',
    async (query) => {
      await using stage = await OidcStage.open()
      expect((await fetch(stage.callbackUrl + query)).status).toBe(400)
    },
  )

  test('two states, of which the first is right, sign nobody in', async () => {
    await using stage = await OidcStage.open()
    const { authorizeUrl } = await stage.start()
    const { url } = await stage.logIn(authorizeUrl, ann, stage.callbackUrl)
    const response = await fetch(`${url}&state=another`, { redirect: 'manual' })
    expect(response.headers.get('location')).toContain('?error=identity-unverified')
  })

  test.for(['POST', 'HEAD', 'DELETE'])('%s is refused, and the sign-in stays under way', async (method) => {
    await using stage = await OidcStage.open()
    const { authorizeUrl } = await stage.start()
    const { url } = await stage.logIn(authorizeUrl, ann, stage.callbackUrl)
    const response = await fetch(url, { method, redirect: 'manual' })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET'])
    expect((await new Browser().open(url, 'http://127.0.0.1:9/')).url).toContain('?code=')
  })
})
