import { makeGroup, signUp as person } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { StreamEvent } from '@parley/domain/stream'
import { describe, expect, test } from 'vitest'
import { connect } from '../../src/connect.ts'
import { overHttp } from '../../src/http.ts'
import { signIn, signOut, signUp } from '../../src/sign-in.ts'
import { errorOf } from '../stage.ts'

const ada = { username: 'ada', password: 'a long enough phrase', deviceName: 'Laptop' }

async function readToEnd(events: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const _ of events) count += 1
  return count
}

describe('signing in and out', () => {
  test('a new account is signed in, and its token connects', async () => {
    await using server = await startServer()
    const { token, account } = await signUp({ url: server.url, ...ada })
    await using client = connect({ url: server.url, token })
    expect(await client.api.account.me.query()).toEqual(account)
    const again = await signIn({ url: server.url, ...ada, deviceName: 'Phone' })
    const sessions = await client.api.sessions.list.query()
    expect(sessions.map(({ deviceName }) => deviceName).toSorted()).toEqual(['Laptop', 'Phone'])
    expect(await overHttp({ url: server.url, token: again.token }).account.me.query()).toEqual(account)
  })

  test('P9: what is refused is refused by kind', async () => {
    await using server = await startServer()
    await signUp({ url: server.url, ...ada })
    const { url } = server
    expect((await errorOf(signUp({ url, ...ada }))).kind).toBe('username-taken')
    expect((await errorOf(signUp({ url, ...ada, username: 'a b' }))).kind).toBe('invalid-input')
    expect((await errorOf(signUp({ url, ...ada, username: 'a b' }))).field).toBe('username')
    expect((await errorOf(signUp({ url, ...ada, username: 'bob', password: 'password' }))).kind).toBe(
      'password-common',
    )
    expect((await errorOf(signIn({ url, ...ada, password: 'not this one' }))).kind).toBe('wrong-credentials')
    expect((await errorOf(overHttp({ url }).account.me.query())).kind).toBe('signed-out')
    expect((await errorOf(overHttp({ url, token: 'made-up' }).account.me.query())).kind).toBe('signed-out')
  })

  test('a rate limit says how long it lasts', async () => {
    await using server = await startServer({ settings: { rateFactor: 1 } })
    const { url } = server
    await signUp({ url, ...ada })
    const tries = Array.from({ length: 12 }, () => errorOf(signIn({ url, ...ada, password: 'not this one' })))
    const limited = (await Promise.all(tries)).filter(({ kind }) => kind === 'rate-limited')
    expect(limited.length).toBeGreaterThan(0)
    expect(limited[0]?.retryAfterMs).toBeGreaterThan(0)
  })

  test('a token that is of no session is refused for good', async () => {
    await using server = await startServer()
    await using client = connect({ url: server.url, token: 'made-up' })
    expect((await errorOf(client.api.account.me.query())).kind).toBe('signed-out')
    expect(client.state.kind).toBe('refused')
  })

  test('P6: signing out ends what the session has open, and doing it twice is no error', async () => {
    await using server = await startServer()
    const { token } = await signUp({ url: server.url, ...ada })
    await using client = connect({ url: server.url, token })
    const { cursor, logId } = await client.api.stream.snapshot.query()
    const events = client.follow({ cursor, logId })
    expect((await events.next()).value).toMatchObject({ kind: 'live' })
    const ended = errorOf(readToEnd(events))
    await signOut({ url: server.url, token })
    expect((await ended).kind).toBe('signed-out')
    expect(client.state).toMatchObject({ kind: 'refused', error: { kind: 'signed-out' } })
    await signOut({ url: server.url, token })
  })

  test('P6: a session that another device ends learns it by the end of its stream', async () => {
    await using server = await startServer()
    await using someone = await person(server)
    const { username, password } = someone
    const { token, sessionId } = await signIn({ url: server.url, username, password })
    await using client = connect({ url: server.url, token })
    const { cursor, logId } = await client.api.stream.snapshot.query()
    const events = client.follow({ cursor, logId })
    await events.next()
    const ended = errorOf(readToEnd(events))
    await someone.api.sessions.revoke.mutate({ sessionId })
    expect((await ended).kind).toBe('signed-out')
    expect((await errorOf(client.send('c'.repeat(16), 'too late'))).kind).toBe('signed-out')
  })
})

describe('against the real server', () => {
  test('a message that one sends is read by the other, as the types say', async () => {
    await using server = await startServer()
    await using one = await person(server)
    await using other = await person(server)
    const conversationId = await makeGroup(one, [other])
    await using sender = connect({ url: server.url, token: one.token })
    await using reader = connect({ url: server.url, token: other.token })
    const { cursor, logId } = await reader.api.stream.snapshot.query()
    const sent = await sender.send(conversationId, 'hello', { mentions: [other.account.id] })
    expect(sent.repeated).toBe(false)
    for await (const { cursor: reached, ...event } of reader.follow({ cursor, logId })) {
      StreamEvent.parse(event)
      if (event.kind !== 'entries') continue
      expect(event.entries.map((entry) => entry.kind === 'message' && entry.message)).toEqual([
        expect.objectContaining({ id: sent.messageId, content: { kind: 'plain', text: 'hello' } }),
      ])
      expect(reached).toBe(sent.messageId)
      break
    }
    const page = await reader.api.messages.page.query({ conversationId })
    expect(page.messages.map(({ id }) => id)).toEqual([sent.messageId])
  })

  test('P2: a message under a name that was used is not said again', async () => {
    await using server = await startServer()
    await using one = await person(server)
    const conversationId = await makeGroup(one)
    await using client = connect({ url: server.url, token: one.token })
    const first = await client.send(conversationId, 'once', { clientMessageId: 'the-name' })
    const again = await client.send(conversationId, 'once', { clientMessageId: 'the-name' })
    expect(again).toEqual({ ...first, repeated: true })
  })

  test('P9: refusals of the server come through by kind', async () => {
    await using server = await startServer()
    await using one = await person(server)
    await using client = connect({ url: server.url, token: one.token })
    expect((await errorOf(client.send('c'.repeat(16), 'to nobody'))).kind).toBe('not-a-member')
    expect(await errorOf(client.send('nonsense', 'to nobody'))).toMatchObject({
      kind: 'invalid-input',
      field: 'conversationId',
    })
    const conversationId = await makeGroup(one)
    expect(await errorOf(client.send(conversationId, ' '))).toMatchObject({
      kind: 'invalid-input',
      field: 'content',
    })
    expect((await errorOf(client.api.admin.inviteLinks.query())).kind).toBe('not-allowed')
  })

  test('P5: many more calls at once than a batch may have are all answered', async () => {
    await using server = await startServer()
    await using one = await person(server)
    await using client = connect({ url: server.url, token: one.token })
    const answers = await Promise.all(Array.from({ length: 500 }, () => client.api.account.me.query()))
    expect(new Set(answers.map(({ id }) => id))).toEqual(new Set([one.account.id]))
  })

  test.each([
    { title: 'a cursor that its log has not reached', cursor: 1_000_000, logId: undefined },
    { title: 'a log that is not this one', cursor: 0, logId: 'of another server' },
  ])('P4: $title is answered by resync, and that is the end', async ({ cursor, logId }) => {
    await using server = await startServer()
    await using one = await person(server)
    await using client = connect({ url: server.url, token: one.token })
    const events = client.follow({ cursor, logId })
    expect((await events.next()).value).toEqual({ kind: 'resync', reason: 'cursor-unknown', cursor })
    expect((await events.next()).done).toBe(true)
    expect(client.state.kind).toBe('online')
  })
})
