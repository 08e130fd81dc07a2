import { toTRPCError } from '@parley/api/errors'
import { Refusal, refusalKinds } from '@parley/domain/refusal'
import { openRawSocket } from '@parley/testkit/raw-socket'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { say } from './saying.ts'
import { groupOf, Stage } from './stage.ts'

describe('P9: every refusal has an HTTP status that fits', () => {
  const statuses = {
    'invalid-input': 400,
    'signed-out': 401,
    'wrong-credentials': 401,
    'account-disabled': 403,
    'sign-up-closed': 403,
    'invite-link-invalid': 403,
    'username-taken': 409,
    'password-common': 400,
    'not-allowed': 403,
    'not-found': 404,
    'not-a-member': 403,
    'already-a-member': 409,
    'already-decided': 409,
    'conversation-closed': 409,
    'conversation-full': 409,
    'wrong-conversation-password': 403,
    'join-policy': 403,
    'founder-must-stay': 409,
    'message-deleted': 409,
    'content-mismatch': 400,
    'head-moved': 409,
    'chain-refused': 400,
    'chain-needed': 409,
    'epoch-outdated': 409,
    'device-unknown': 403,
    'attachment-missing': 404,
    'too-large': 413,
    'too-many': 429,
    'rate-limited': 429,
    'identity-unverified': 401,
    'identity-provider-unavailable': 502,
    'storage-full': 503,
    'shutting-down': 503,
  } as const satisfies Record<(typeof refusalKinds)[number], number>

  test.for(refusalKinds)('%s', (kind) => {
    expect(getHTTPStatusCodeFromError(toTRPCError(new Refusal(kind, 'Said to people.')))).toBe(statuses[kind])
  })
})

const Failed = z.object({
  error: z.strictObject({
    message: z.literal('Internal server error'),
    code: z.literal(-32603),
    data: z.strictObject({
      code: z.literal('INTERNAL_SERVER_ERROR'),
      httpStatus: z.literal(500),
      path: z.string(),
      refusal: z.null(),
    }),
  }),
})

describe('a defect of ours', () => {
  test('says nothing of itself to whoever called, and all to the log', async () => {
    const stage = await Stage.open()
    afterAll(() => stage.close())
    const ada = await stage.person()
    const conversationId = await groupOf(ada)
    using socket = await openRawSocket(stage.server.url, { token: ada.token })
    socket.send({ id: 1, method: 'query', params: { path: 'account.me' } })
    await socket.frames(1)
    // A call that the process answers after its database is gone: nothing of ours expects that.
    await stage.server.chat.db.close()
    const input = { conversationId }
    socket.send({ id: 2, method: 'query', params: { path: 'conversations.about', input } })
    const [, overSocket] = await socket.frames(2)
    expect(Failed.parse(overSocket).error.data.path).toBe('conversations.about')

    const lines = stage.server.logged.map((line): unknown => JSON.parse(line))
    const failed = lines.filter((line) => JSON.stringify(line).includes('call-failed'))
    expect(failed).toEqual([
      expect.objectContaining({ level: 'error', path: 'conversations.about', type: 'query' }),
    ])
    expect(JSON.stringify(failed)).toContain('database connection is not open')
    expect(JSON.stringify(overSocket)).not.toContain('database')
  })
})

describe('P9: misuse of the transport is refused, and the server goes on', async () => {
  const stage = await Stage.open()
  afterAll(() => stage.close())
  const ada = await stage.person()
  const authorization = `Bearer ${ada.token}`
  const json = { authorization, 'content-type': 'application/json' }
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${stage.server.url}/trpc/${path}`, { headers: json, ...init })

  test.for([
    ['a procedure that there is not', 'account.nothing', {}, 404],
    ['a name of what every object has', 'constructor', {}, 404],
    ['a mutation by GET', 'account.signOut', {}, 405],
    ['a query by POST', 'account.me', { method: 'POST' }, 405],
    ['a body that is no JSON', 'account.updateProfile', { method: 'POST', body: '{' }, 400],
    ['an input that is no JSON', 'people.get?input={', {}, 400],
    [
      'a text as body',
      'account.updateProfile',
      { method: 'POST', body: 'x', headers: { authorization } },
      415,
    ],
    ['a method that there is not', 'account.me', { method: 'PATCH' }, 405],
    ['too large a body', 'account.updateProfile', { method: 'POST', body: 'x'.repeat(300_000) }, 413],
    ['an address of nonsense', '%00%ff', {}, 400],
  ] as const)('%s', async ([, path, init, status]) => {
    const response = await call(path, init)
    const body = await response.text()
    expect(response.status, body).toBe(status)
    expect(body).not.toMatch(/\bat .+:\d+:\d+|node_modules/)
    expect((await ada.http.account.me.query()).id).toBe(ada.id)
  })

  test('P5: more calls in a batch than one may have are refused as one', async () => {
    const paths = Array.from({ length: 21 }, () => 'account.me').join(',')
    const response = await call(`${paths}?batch=1&input={}`)
    expect(response.status).toBe(400)
    const batch = Array.from({ length: 20 }, () => 'account.me').join(',')
    expect((await call(`${batch}?batch=1&input={}`)).status).toBe(200)
  })

  test('a message that was accepted is the same by every way of reading it', async () => {
    const conversationId = await groupOf(ada)
    const text = '"\\/\b\f\u2028\u{1f600} </script> \u0085'.replace('\b', '').replace('\f', '')
    const { messageId } = await say(ada, conversationId, text, { statedTime: '"\\\u0000\ud800' })
    const input = { conversationId, messageId }
    const message = await ada.api.messages.get.query(input)
    expect(message).toMatchObject({ content: { text }, statedTime: '"\\\u0000\ud800' })
    expect(await ada.http.messages.get.query(input)).toEqual(message)
    for (const api of [ada.api, ada.http]) {
      expect((await api.messages.page.query({ conversationId })).messages).toEqual([message])
      expect((await api.conversations.get.query({ conversationId })).lastMessage).toEqual(message)
      expect((await api.messages.search.query({ words: 'script', conversationId })).messages).toEqual([
        message,
      ])
    }
  })
})
