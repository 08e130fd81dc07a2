import { createServer } from 'node:http'
import { once } from 'node:events'
import { refusalKinds } from '@parley/domain/refusal'
import { TRPCClientError } from '@trpc/client'
import { describe, expect, test } from 'vitest'
import { overHttp } from '../src/http.ts'
import { ParleyError } from '../src/parley-error.ts'
import { errorOfShape } from '../src/wire-errors.ts'
import { signIn } from '../src/sign-in.ts'
import { scriptedServer } from './scripted-server.ts'
import { clientOf, deadAddress, errorOf } from './stage.ts'

const shapeOf = (refusal: object | null, httpStatus = 400) => ({
  code: -32600,
  message: 'Said for people',
  data: { code: 'BAD_REQUEST', httpStatus, refusal },
})

describe('P9: an error has a kind, and nobody needs to read its message', () => {
  test.each(refusalKinds)('the refusal %s', (kind) => {
    const error = errorOfShape(shapeOf({ kind, field: 'a.b', retryAfterMs: 5 }))
    expect(error).toBeInstanceOf(ParleyError)
    expect(error).toMatchObject({
      kind,
      field: 'a.b',
      retryAfterMs: 5,
      message: 'Said for people',
      isRefusal: true,
    })
  })

  test('a defect of the server is none', () => {
    expect(errorOfShape(shapeOf(null, 500))).toMatchObject({ kind: 'server-failed', isRefusal: false })
  })

  test('what the two sides do not both know is not understood', () => {
    expect(errorOfShape(shapeOf({ kind: 'not-yet-invented' }))).toMatchObject({
      kind: 'not-understood',
      isRefusal: false,
    })
    expect(errorOfShape(shapeOf(null, 404)).kind).toBe('not-understood')
    expect(errorOfShape('?').kind).toBe('not-understood')
    expect(errorOfShape({}).kind).toBe('not-understood')
  })

  test('it comes out of calls as it is, for those who know tRPC as well', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const refused = errorOf(stage.client.api.account.me.query())
    const peer = await server.peer()
    peer.refuse((await peer.next()).id, 'not-allowed')
    const error = await refused
    expect(error).toMatchObject({ name: 'ParleyError', kind: 'not-allowed' })
    expect(error).toBeInstanceOf(TRPCClientError)
    expect(error.data?.httpStatus).toBe(400)
  })
})

/** An HTTP server that answers everything with this. */
async function answering(
  status: number,
  body: string,
  type = 'application/json',
): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((_request, response) =>
    response.writeHead(status, { 'content-type': type }).end(body),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

describe('over HTTP', () => {
  const credentials = { username: 'ada', password: 'correct horse' }

  test('a server that is not there is unreachable', async () => {
    expect((await errorOf(signIn({ ...(await deadAddress()), ...credentials }))).kind).toBe('unreachable')
  })

  test('so is one behind a proxy that has none', async () => {
    await using proxy = await answering(502, '<h1>Bad gateway</h1>', 'text/html')
    expect((await errorOf(signIn({ url: proxy.url, ...credentials }))).kind).toBe('unreachable')
  })

  test('an address at which there is something else is not understood', async () => {
    await using page = await answering(200, '<h1>Welcome</h1>', 'text/html')
    expect((await errorOf(signIn({ url: page.url, ...credentials }))).kind).toBe('not-understood')
    await using other = await answering(200, '{"welcome":true}')
    expect((await errorOf(signIn({ url: other.url, ...credentials }))).kind).toBe('not-understood')
  })

  test('refusals are what they are', async () => {
    await using server = await answering(
      401,
      JSON.stringify({ error: shapeOf({ kind: 'wrong-credentials' }, 401) }),
    )
    expect((await errorOf(signIn({ url: server.url, ...credentials }))).kind).toBe('wrong-credentials')
  })

  test('an aborted call says so', async () => {
    await using server = await answering(200, '{}')
    const aborted = overHttp({ url: server.url }).server.info.query(undefined, {
      signal: AbortSignal.abort(),
    })
    expect((await errorOf(aborted)).kind).toBe('aborted')
  })

  test('a fetch of the program’s own is used, with the token', async () => {
    const asked: { url: string; authorization: string | null }[] = []
    const answer = overHttp({
      url: 'https://chat.example.org/parley/',
      token: 'a-token',
      fetch: (url, init) => {
        asked.push({
          url: new Request(url).url,
          authorization: new Headers(init?.headers).get('authorization'),
        })
        return Promise.resolve(Response.json({ result: { data: 'fine' } }))
      },
    }).account.me.query()
    expect(await answer).toBe('fine')
    expect(asked).toEqual([
      { url: 'https://chat.example.org/parley/trpc/account.me', authorization: 'Bearer a-token' },
    ])
  })
})
