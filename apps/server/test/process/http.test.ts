import { connect } from 'node:net'
import { callsPerBatchMax, httpBodyBytesMax } from '@parley/domain/limits'
import { httpApi, signUp } from '@parley/testkit/people'
import { openRawSocket } from '@parley/testkit/raw-socket'
import { startServer } from '@parley/testkit/start-server'
import { describe, expect, test } from 'vitest'

const foreign = 'https://elsewhere.example.org'
const own = 'https://app.example.org'

const post = (url: string, path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })

describe('the API over plain HTTP', () => {
  test('takes calls by POST and queries by GET, from any language', async () => {
    await using server = await startServer()
    const answer = await post(
      server.url,
      '/trpc/account.signUp',
      '{"username":"ann","password":"a long pass phrase"}',
    )
    expect(answer.status).toBe(200)
    const { result } = (await answer.json()) as { result: { data: { token: string } } }
    const headers = { authorization: `Bearer ${result.data.token}` }
    const me = await fetch(`${server.url}/trpc/account.me`, { headers })
    expect(await me.json()).toMatchObject({ result: { data: { username: 'ann' } } })
  })

  test.each([
    ['no token', undefined, 401],
    ['a token of nobody', 'Bearer abc', 401],
    ['a header of another kind', 'Basic YTpi', 401],
  ])('P9: is refused with %s', async (_, authorization, status) => {
    await using server = await startServer()
    const response = await fetch(`${server.url}/trpc/account.me`, {
      headers: authorization === undefined ? {} : { authorization },
    })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: { data: { refusal: { kind: 'signed-out' } } } })
  })

  test('P5: takes no larger body than its limit', async () => {
    await using server = await startServer()
    const response = await post(
      server.url,
      '/trpc/account.signUp',
      JSON.stringify('x'.repeat(httpBodyBytesMax)),
    )
    expect(response.status).toBe(413)
  })

  test('P5: takes no more calls in a batch than its limit', async () => {
    await using server = await startServer()
    const path = (count: number) =>
      `/trpc/${Array.from({ length: count }, () => 'server.info').join(',')}?batch=1`
    expect((await fetch(server.url + path(callsPerBatchMax))).status).toBe(200)
    expect((await fetch(server.url + path(callsPerBatchMax + 1))).status).toBe(400)
  })
})

describe('pages in browsers', () => {
  test('of allowed origins may call the API, and read what it answers', async () => {
    await using server = await startServer({ settings: { allowedOrigins: [own] } })
    const headers = {
      origin: own,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    }
    const preflight = await fetch(`${server.url}/trpc/account.signIn`, { method: 'OPTIONS', headers })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe(own)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization')
    const answer = await fetch(`${server.url}/trpc/server.info`, { headers: { origin: own } })
    expect(answer.headers.get('access-control-allow-origin')).toBe(own)
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  })

  test('of other origins may not', async () => {
    await using server = await startServer({ settings: { allowedOrigins: [own] } })
    const headers = { origin: foreign, 'access-control-request-method': 'POST' }
    const preflight = await fetch(`${server.url}/trpc/account.signIn`, { method: 'OPTIONS', headers })
    expect(preflight.status).toBe(403)
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
    const answer = await fetch(`${server.url}/trpc/server.info`, { headers: { origin: foreign } })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('open sockets from allowed origins and the server own one, and from no other', async () => {
    const publicUrl = 'https://chat.example.org/'
    await using server = await startServer({ settings: { allowedOrigins: [own], publicUrl } })
    for (const origin of [own, 'https://chat.example.org', server.url]) {
      using _ = await openRawSocket(server.url, { origin })
    }
    await expect(openRawSocket(server.url, { origin: foreign })).rejects.toThrow('403')
    await expect(openRawSocket(server.url, { origin: 'null' })).rejects.toThrow('403')
  })
})

describe('paths', () => {
  test('that lead nowhere are 404 as JSON, for requests and for sockets', async () => {
    await using server = await startServer()
    for (const path of ['/nowhere', '/trp', '/healthz/x', '/%2e%2e/etc']) {
      const response = await fetch(server.url + path)
      expect({ path, status: response.status, body: await response.json() }).toMatchObject({
        status: 404,
        body: { error: { kind: 'not-found' } },
      })
    }
    await expect(openRawSocket(server.url, { path: '/nowhere' })).rejects.toThrow('404')
  })

  test('at their root say what this is, with the name of the server and nothing that runs', async () => {
    await using server = await startServer({ settings: { serverName: 'Us & <them>' } })
    const response = await fetch(server.url)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    const page = await response.text()
    expect(page).toContain('Us &#38; &#60;them&#62;')
    expect(page).not.toContain('<them>')
  })

  test('that are no paths are refused, and the server goes on', async () => {
    await using server = await startServer()
    const { port } = new URL(server.url)
    for (const line of [
      'GET http://elsewhere/ HTTP/1.1\r\nHost: x',
      'OPTIONS * HTTP/1.1\r\nHost: x',
      'nonsense',
    ]) {
      const socket = connect(Number(port), '127.0.0.1')
      socket.end(`${line}\r\nConnection: close\r\n\r\n`)
      let answer = ''
      for await (const chunk of socket as AsyncIterable<Buffer>) answer += chunk.toString()
      expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    }
    expect((await httpApi(server.url).server.info.query()).name).toBe('Parley')
  })
})

describe('what a server tells of itself', () => {
  test('is how one gets in, its limits, and whether it awaits its operator', async () => {
    await using server = await startServer({
      settings: {
        serverName: 'Ours',
        signUp: 'open',
        attachmentBytesMax: 1_000,
        oidc: { issuer: 'https://id.example.org', clientId: 'parley', label: 'Our id' },
        bridge: { verifyUrl: 'https://app.example.org/verify' },
      },
    })
    const info = await httpApi(server.url).server.info.query()
    expect(info).toMatchObject({
      name: 'Ours',
      signUp: 'open',
      awaitsOperator: true,
      signIn: { password: true, oidc: { label: 'Our id' }, bridge: true },
      limits: { attachmentBytes: 1_000 },
    })
    await using _ = await signUp(server)
    expect((await httpApi(server.url).server.info.query()).awaitsOperator).toBe(false)
  })
})
