import { Position } from '@parley/domain/ids'
import { openRawSocket, type RawSocket } from '@parley/testkit/raw-socket'
import { afterAll, describe, expect, test } from 'vitest'
import { Following } from './following.ts'
import { newId, say, sayAll } from './saying.ts'
import { follow, groupOf, type Someone, Stage } from './stage.ts'

const stage = await Stage.open()
afterAll(() => stage.close())

const increasing = (positions: readonly number[]) =>
  positions.every((position, nth) => nth === 0 || position > (positions[nth - 1] ?? 0))

/** Everything that comes over the wire of a stream from a cursor on, as it is. */
async function rawStream({ token }: Pick<Someone, 'token'>, cursor: number): Promise<RawSocket> {
  const socket = await openRawSocket(stage.server.url, { token })
  socket.send({ id: 1, method: 'subscription', params: { path: 'stream.follow', input: { cursor } } })
  await socket.find('"live"')
  return socket
}

const wordsOf = (received: readonly unknown[]) => JSON.stringify(received)

describe('P4: a snapshot and the stream from its cursor', () => {
  test('fit exactly, while writers go on', async () => {
    const people = await stage.people(4)
    const [ada, ben, eve, reader] = people
    const conversationId = await groupOf(ada, [ben, eve, reader])
    let stopped = false
    const writers = [ada, ben, eve].map(async (writer) => {
      const ids: number[] = []
      while (!stopped) ids.push((await say(writer, conversationId, 'again')).messageId)
      return ids
    })
    const taken: { cursor: number; last: number; unread: number; following: Following }[] = []
    for (let nth = 0; nth < 8; nth += 1) {
      const snapshot = await reader.api.stream.snapshot.query()
      const [mine] = snapshot.conversations
      const { cursor, logId } = snapshot
      const following = new Following(reader.api, { cursor, logId })
      taken.push({ cursor, last: mine?.lastMessage?.id ?? 0, unread: mine?.unread ?? 0, following })
      await following.until(({ entries }) => entries.length > 0)
    }
    stopped = true
    const all = (await Promise.all(writers)).flat().toSorted((one, other) => one - other)
    const newest = all.at(-1) ?? 0
    for (const { cursor, last, unread, following } of taken) {
      await following.reach(newest)
      const before = all.filter((id) => id <= cursor)
      expect({ last, unread }).toEqual({ last: before.at(-1) ?? 0, unread: before.length })
      expect(following.of('message').map(({ message }) => message.id)).toEqual(all.slice(before.length))
      expect(increasing(following.positions)).toBe(true)
      following[Symbol.dispose]()
    }
  })

  test('P3: bring everybody the same order, whoever reads live and whoever reads the log', async () => {
    const people = await stage.people(3)
    const [ada, ben, eve] = people
    const conversationId = await groupOf(ada, [ben, eve])
    const { cursor } = await ben.api.stream.snapshot.query()
    using ofBen = await follow(ben)
    await Promise.all(people.map((each) => sayAll(each, conversationId, ['one', 'two', 'three', 'four'])))
    const { messageId } = await say(ada, conversationId, 'the last')
    using ofEve = new Following(eve.api, { cursor })
    await Promise.all([ofBen.reach(messageId), ofEve.reach(messageId)])
    const messages = (following: Following) => following.of('message').map(({ message }) => message.id)
    expect(messages(ofBen)).toHaveLength(13)
    expect(messages(ofEve)).toEqual(messages(ofBen))
    expect(increasing(ofEve.positions)).toBe(true)
  })

  test('a stream can be followed over plain HTTP too', async () => {
    const ada = await stage.person()
    const conversationId = await groupOf(ada)
    await say(ada, conversationId, 'before')
    const input = encodeURIComponent(JSON.stringify({ cursor: 0 }))
    const abort = new AbortController()
    const response = await fetch(`${stage.server.url}/trpc/stream.follow?input=${input}`, {
      headers: { authorization: `Bearer ${ada.token}`, accept: 'text/event-stream' },
      signal: abort.signal,
    })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true })
      if (text.includes('"live"')) await say(ada, conversationId, 'afterwards')
      if (text.includes('afterwards')) break
    }
    abort.abort()
    expect(text.indexOf('before')).toBeGreaterThan(-1)
    expect(text.indexOf('before')).toBeLessThan(text.indexOf('afterwards'))
    expect(text).toMatch(/^id: \d+$/m)
  })
})

describe('P4: a cursor from which the log does not lead on', () => {
  test.for([
    ['of the future', { cursor: Number.MAX_SAFE_INTEGER }],
    ['of another log', { cursor: 0, logId: 'of another server' }],
  ] as const)('is answered by resync, and the stream is over: one %s', async ([, from]) => {
    const ada = await stage.person()
    using following = await follow(ada, from)
    await following.until(({ ended }) => ended !== null)
    expect(following.ended).toBe('completed')
    expect(following.events).toEqual([{ kind: 'resync', reason: 'cursor-unknown' }])
    // The socket is as good as before.
    expect((await ada.api.account.me.query()).id).toBe(ada.id)
  })

  test('is answered by resync: one before what is kept of the log; the first that is kept is enough', async () => {
    const own = await Stage.open()
    await using _ = own
    const ada = await own.person()
    const conversationId = await groupOf(ada)
    await say(ada, conversationId, 'hello')
    const { chat } = own.server
    const head = chat.db.head()
    await chat.db.write((tx) => tx.log.prune(Position.parse(head), 1_000))
    for (const cursor of [0, head - 1]) {
      using following = await follow(ada, { cursor })
      expect(following.events).toEqual([{ kind: 'resync', reason: 'log-too-short' }])
    }
    using following = await follow(ada, { cursor: head })
    await say(ada, conversationId, 'hello again')
    await following.until(({ entries }) => entries.length > 0)
    expect(following.texts).toEqual(['hello again'])
    // What was said stays, and a new snapshot leads on.
    expect((await ada.api.messages.page.query({ conversationId })).messages).toHaveLength(2)
    expect((await ada.api.stream.snapshot.query()).cursor).toBeGreaterThan(head)
  })

  test.for(['', 'x', '-1', '1.5', '9007199254740992', '9'.repeat(17)])(
    'P9: "%s" is refused as the id of a last event, and the socket goes on',
    async (lastEventId) => {
      const ada = await stage.person()
      using socket = await openRawSocket(stage.server.url, { token: ada.token })
      const params = { path: 'stream.follow', input: { cursor: 0 }, lastEventId }
      socket.send({ id: 1, method: 'subscription', params })
      const [answer] = await socket.frames(1)
      expect(answer).toMatchObject({
        id: 1,
        error: { data: { refusal: { kind: 'invalid-input', field: 'lastEventId' } } },
      })
      socket.send({ id: 2, method: 'query', params: { path: 'account.me' } })
      expect(await socket.find('"id":2')).toMatchObject({ result: { data: { id: ada.id } } })
    },
  )
})

describe('P6: from the commit on', () => {
  test('a removed member gets nothing of the conversation any more, also not of what came before', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    const other = await groupOf(ada, [ben])
    const { cursor } = await ben.api.stream.snapshot.query()
    using raw = await rawStream(ben, cursor)
    await say(ada, conversationId, 'before the removal')
    // In one frame, so that the removal and what follows it are of one commit.
    await Promise.all([
      ada.api.conversations.removeMember.mutate({ conversationId, accountId: ben.id }),
      say(ada, conversationId, 'after the removal'),
    ])
    await ada.api.messages.typing.mutate({ conversationId })
    await say(ada, conversationId, 'some time after')
    await say(ada, other, 'elsewhere')
    await raw.find('elsewhere')
    const came = wordsOf(raw.received)
    expect(came).toContain('before the removal')
    expect(came).toContain('"kind":"left"')
    expect(came).not.toContain('after the removal')
    expect(came).not.toContain('some time after')
    expect(came).not.toContain('"typing"')

    using again = await rawStream(ben, cursor)
    expect(wordsOf(again.received)).toContain('elsewhere')
    expect(wordsOf(again.received)).not.toContain('removal')

    await ada.api.conversations.addMembers.mutate({ conversationId, accountIds: [ben.id] })
    await say(ada, conversationId, 'back again')
    await raw.find('back again')
    expect(wordsOf(raw.received)).not.toContain('some time after')
  })

  test('a revoked session gets nothing at all, in the same commit or later', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    const phone = await stage.device(ben)
    const { cursor } = await ben.api.stream.snapshot.query()
    using raw = await rawStream(phone, cursor)
    await say(ben, conversationId, 'before it was revoked')
    await Promise.all([
      ben.api.sessions.revoke.mutate({ sessionId: phone.sessionId }),
      say(ben, conversationId, 'after it was revoked'),
    ])
    expect(await raw.closed).toEqual({ code: 4401, reason: 'session ended' })
    const came = wordsOf(raw.received)
    expect(came).toContain('before it was revoked')
    expect(came).toContain('"session-ended"')
    expect(came).not.toContain('after it was revoked')
  })

  test('a disabled account gets nothing at all', async () => {
    const own = await Stage.open()
    await using _ = own
    const operator = await own.operator()
    const ben = await own.person()
    const conversationId = await groupOf(operator, [ben])
    using raw = await openRawSocket(own.server.url, { token: ben.token })
    raw.send({ id: 1, method: 'subscription', params: { path: 'stream.follow', input: { cursor: 0 } } })
    await raw.find('"live"')
    await Promise.all([
      operator.api.admin.setDisabled.mutate({ accountId: ben.id, disabled: true }),
      say(operator, conversationId, 'after that'),
    ])
    expect(await raw.closed).toMatchObject({ code: 4401 })
    expect(wordsOf(raw.received)).not.toContain('after that')
  })
})

describe('what a stream brings', () => {
  test('of what concerns an account alone, nobody else gets anything', async () => {
    const [ada, ben, eve] = await stage.people(3)
    const { cursor } = await eve.api.stream.snapshot.query()
    const conversationId = await groupOf(ada, [ben, eve])
    const { messageId } = await say(ada, conversationId, 'hello')
    await ben.api.messages.markRead.mutate({ conversationId, messageId })
    const phone = await stage.device(ben)
    await phone.http.account.signOut.mutate()
    await ada.api.invitations.send.mutate({ accountId: ben.id })
    await ben.api.conversations.leave.mutate({ conversationId })
    const { messageId: last } = await say(ada, conversationId, 'the end')
    using following = new Following(eve.api, { cursor })
    await following.reach(last)
    const kinds = new Set(following.entries.map(({ kind }) => kind))
    expect(kinds).toEqual(new Set(['joined', 'member', 'message', 'member-left']))
    expect(following.of('joined')).toHaveLength(1)
  })

  test('content that was edited away or deleted is in no replay of the log', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    const { cursor } = await ada.api.stream.snapshot.query()
    const [deleted = 0, edited = 0] = await sayAll(ada, conversationId, ['first secret', 'second secret'])
    const { messageId: edits } = await say(ada, conversationId, 'third')
    const edit = (messageId: number, text: string) =>
      ada.api.messages.edit.mutate({ conversationId, messageId, content: { kind: 'plain', text } })
    await edit(deleted, 'another secret')
    await edit(edited, 'nothing special')
    await edit(edits, 'fourth')
    await ada.api.messages.delete.mutate({ conversationId, messageId: deleted })
    for (const from of [cursor, 0]) {
      using raw = await rawStream(ben, from)
      const came = wordsOf(raw.received)
      expect(came).not.toContain('secret')
      expect(came).toContain('nothing special')
      expect(came).toContain('"deleted"')
    }
  })

  test('one account may have several streams, on one socket and on others; each gets all', async () => {
    const ada = await stage.person()
    const conversationId = await groupOf(ada)
    const phone = await stage.device(ada)
    const streams = await Promise.all([follow(ada), follow(ada), follow(phone)])
    const { messageId } = await say(ada, conversationId, 'to all')
    await Promise.all(streams.map((each) => each.reach(messageId)))
    for (const stream of streams) {
      expect(stream.texts).toEqual(['to all'])
      stream[Symbol.dispose]()
    }
  })

  test('a refused write leaves no trace in it, nor do its neighbours of the same commit miss one', async () => {
    const [ada, eve] = await stage.people(2)
    const conversationId = await groupOf(ada)
    using following = await follow(ada)
    const settled = await Promise.allSettled([
      say(ada, conversationId, 'one'),
      say(eve, conversationId, 'refused'),
      ada.api.conversations.addMembers.mutate({ conversationId, accountIds: [eve.id, `a${'x'.repeat(15)}`] }),
      say(ada, conversationId, 'two', { clientMessageId: newId() }),
    ])
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
    const { messageId } = await say(ada, conversationId, 'three')
    await following.reach(messageId)
    expect(following.texts).toEqual(['one', 'two', 'three'])
    expect(following.entries.map(({ kind }) => kind)).toEqual(['message', 'message', 'message'])
  })
})
