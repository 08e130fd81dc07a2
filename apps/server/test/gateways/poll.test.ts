import { Agent, request } from 'node:http'
import { signInByIdentity } from '@parley/chat/accounts/identities'
import { ConversationId } from '@parley/domain/ids'
import { FakeClock } from '@parley/testkit/fake-clock'
import { httpApi, newClientMessageId, signUp } from '@parley/testkit/people'
import { startServer, type ServerOptions, type TestServer } from '@parley/testkit/start-server'
import { describe, expect, test } from 'vitest'
import { inside } from './note-client.ts'
import { PollClient } from './poll-client.ts'

const start = (options: ServerOptions = {}) =>
  startServer({ ...options, settings: { gateways: ['poll'], ...options.settings } })

const failed = (status: number, message: string) => ({
  status,
  body: { error: expect.stringContaining(message) },
})

/** Two people in a room of the first. */
async function room(server: TestServer) {
  const ann = await PollClient.loggedIn(server, 'ann')
  const bob = await PollClient.loggedIn(server, 'bob')
  const chatroomid = await ann.makeRoom()
  await ann.post('message/addToChatroom', { chatroomid, usertoadd: bob.userid })
  return { ann, bob, chatroomid }
}

/** A session without the cost of a password. */
const known = ({ chat }: TestServer, username: string) =>
  signInByIdentity(
    chat,
    { issuer: 'test', subject: username, username, displayName: username, name: '', lastName: '' },
    { deviceName: 'Test', admitted: true },
  )

/** Resolves as soon as so many polls are held. */
async function held(server: TestServer, count: number): Promise<void> {
  while (server.chat.delivery.stats.readers !== count) await new Promise((resolve) => setImmediate(resolve))
}

describe('note 004, path by path', () => {
  test('register, log in by a cookie that pages cannot read, log out', async () => {
    await using server = await start()
    const client = new PollClient(server)
    const credentials = { username: 'ann', password: 'correct horse battery' }
    const registered = await client.post('register', credentials)
    expect(registered).toMatchObject({ status: 200, body: { username: 'ann' }, setCookie: undefined })
    expect(await client.post('register', credentials)).toMatchObject(failed(500, 'taken'))
    expect(await client.post('login', { ...credentials, password: 'wrong one' })).toMatchObject(
      failed(401, ''),
    )
    expect(await client.post('login', { ...credentials, username: 'nobody' })).toMatchObject(failed(401, ''))
    const loggedIn = await client.post('login', credentials)
    expect(loggedIn).toMatchObject({ status: 200, body: registered.body })
    expect(loggedIn.setCookie).toMatch(
      /^parley_poll=[\w-]{43}; Path=\/gateway\/poll\/; HttpOnly; SameSite=Lax$/,
    )
    expect(await client.get('message/chatrooms')).toMatchObject({ status: 200, body: [] })
    const before = client.cookie
    expect(await client.post('logout')).toMatchObject({
      status: 200,
      setCookie: expect.stringContaining('Max-Age=0'),
    })
    client.cookie = before
    expect(await client.get('message/chatrooms')).toMatchObject(failed(401, ''))
  })

  test('the cookie of a server that is reached by HTTPS goes there only', async () => {
    await using server = await start({ settings: { publicUrl: 'https://chat.example.org' } })
    const client = new PollClient(server)
    const credentials = { username: 'ann', password: 'correct horse battery' }
    await client.post('register', credentials)
    expect((await client.post('login', credentials)).setCookie).toContain('; Secure')
  })

  test('make a room, add somebody, see who is in it and what rooms there are', async () => {
    await using server = await start()
    const ann = await PollClient.loggedIn(server, 'ann')
    const bob = await PollClient.loggedIn(server, 'bob')
    const chatroomid = await ann.makeRoom()
    expect(await bob.get('message/chatroomParticipants', { chatroomid })).toMatchObject(
      failed(500, 'chatroomid'),
    )
    const added = await ann.post('message/addToChatroom', { chatroomid, usertoadd: bob.userid })
    const participants = [
      { userid: ann.userid, username: 'ann', name: 'ann' },
      { userid: bob.userid, username: 'bob', name: 'bob' },
    ]
    expect(added).toMatchObject({ status: 200, body: { chatroomid, administrator: ann.userid } })
    expect(inside(added.body, 'participants')).toEqual(expect.arrayContaining(participants))
    const { body } = await bob.get('message/chatroomParticipants', { chatroomid })
    expect(body).toEqual(expect.arrayContaining(participants))
    expect((await ann.get('message/chatrooms')).body).toEqual([chatroomid])
    expect((await bob.get('message/chatrooms')).body).toEqual([chatroomid])
  })

  test('people are found by their name, and nobody is an empty object', async () => {
    await using server = await start()
    const ann = await PollClient.loggedIn(server, 'ann')
    await using bea = await signUp(server, { username: 'bea', name: 'Beatrice', lastName: 'Portinari' })
    const found = [{ userid: bea.account.id, username: 'bea', name: 'Beatrice Portinari' }]
    expect((await ann.get('message/getUser', { name: 'BEA' })).body).toEqual(found)
    expect((await ann.get('message/getUser', { name: 'Beatrice Portinari' })).body).toEqual(found)
    expect(await ann.get('message/getUser', { name: 'nobody' })).toMatchObject({ status: 200, body: {} })
  })

  test('a poll is held until somebody posts, and then has the most recent messages, as has who posted', async () => {
    await using server = await start()
    const { ann, bob, chatroomid } = await room(server)
    await ann.post('message/sendMessage', { chatroomid, message: 'first' })
    const polls = [ann.get('message/longpoll', { chatroomid }), bob.get('message/longpoll', { chatroomid })]
    await held(server, 2)
    const posted = await ann.post('message/sendMessage', { chatroomid, message: 'second' })
    const list = [
      { chatroomid, userid: ann.userid, username: 'ann', message: 'first' },
      { chatroomid, userid: ann.userid, username: 'ann', message: 'second' },
    ]
    expect(posted).toMatchObject({ status: 200, body: list })
    expect(
      Object.keys(Object(inside(posted.body, '0'))).toSorted((one, other) => one.localeCompare(other)),
    ).toEqual(['chatroomid', 'id', 'message', 'timestamp', 'userid', 'username'])
    for (const poll of polls) expect(await poll).toMatchObject({ status: 200, body: posted.body })
    expect(server.chat.delivery.stats.readers).toBe(0)
  })

  test('lists hold the 50 most recent messages, oldest first', async () => {
    await using server = await start()
    const { ann, chatroomid } = await room(server)
    for (let n = 1; n < 60; n += 1) await ann.post('message/sendMessage', { chatroomid, message: `${n}` })
    const { body } = await ann.post('message/sendMessage', { chatroomid, message: '60' })
    const said = Object.values(Object(body)).map((message) => inside(message, 'message'))
    expect(said).toEqual(Array.from({ length: 50 }, (_, n) => `${n + 11}`))
  })

  test('a poll in which nothing happens ends after 25 s with an empty list', async () => {
    const clock = new FakeClock()
    await using server = await start({ clock })
    const { bob, chatroomid } = await room(server)
    const poll = bob.get('message/longpoll', { chatroomid })
    await held(server, 1)
    clock.advance(24_999)
    await bob.get('message/chatrooms')
    expect(server.chat.delivery.stats.readers).toBe(1)
    clock.advance(1)
    expect(await poll).toMatchObject({ status: 200, body: [] })
  })

  test('ending the poll of a room ends one’s own there, and no other', async () => {
    await using server = await start()
    const { ann, bob, chatroomid } = await room(server)
    const elsewhere = await bob.makeRoom()
    await ann.post('message/sendMessage', { chatroomid, message: 'first' })
    const here = bob.get('message/longpoll', { chatroomid })
    const there = bob.get('message/longpoll', { chatroomid: elsewhere })
    const others = ann.get('message/longpoll', { chatroomid })
    await held(server, 3)
    expect(await bob.get('message/endpoll', { chatroomid })).toMatchObject({ status: 200 })
    expect(await here).toMatchObject({ status: 200, body: [{ message: 'first' }] })
    expect(server.chat.delivery.stats.readers).toBe(2)
    await bob.get('message/endpoll', { chatroomid: elsewhere })
    expect(await there).toMatchObject({ status: 200, body: [] })
    await ann.get('message/endpoll', { chatroomid })
    expect(await others).toMatchObject({ status: 200 })
  })

  test('parameters come by the query, a form or JSON', async () => {
    await using server = await start()
    const { ann, chatroomid } = await room(server)
    const fields = { chatroomid, message: 'hello & goodbye' }
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.set(name, value)
    const json = { body: JSON.stringify(fields), headers: { 'content-type': 'application/json' } }
    for (const init of [
      { body: new URLSearchParams(fields) },
      { body: form },
      json,
      { body: JSON.stringify(fields) },
    ]) {
      const { status, body } = await ann.post('message/sendMessage', {}, init)
      expect(status).toBe(200)
      expect(Object.values(Object(body)).at(-1)).toMatchObject({ message: 'hello & goodbye' })
    }
    expect(await ann.post('message/sendMessage', fields)).toMatchObject({ status: 200 })
  })
})

describe('refusals', () => {
  test('without a session everything but registering and logging in is 401', async () => {
    await using server = await start()
    const nobody = new PollClient(server)
    for (const cookie of ['', 'parley_poll=nonsense', 'other=1']) {
      nobody.cookie = cookie
      for (const action of ['logout', 'message/sendMessage', 'message/newChatroom', 'message/addToChatroom'])
        expect(await nobody.post(action), action).toMatchObject(failed(401, ''))
      for (const action of ['chatrooms', 'getUser', 'longpoll', 'endpoll', 'chatroomParticipants'])
        expect(await nobody.get(`message/${action}`), action).toMatchObject(failed(401, ''))
    }
  })

  test('what is missing or wrong is 500, and the error names it', async () => {
    await using server = await start()
    const { ann, bob, chatroomid } = await room(server)
    const nowhere = `c${'x'.repeat(15)}`
    expect(await ann.post('register')).toMatchObject(failed(500, 'username'))
    expect(await ann.post('register', { username: 'cid' })).toMatchObject(failed(500, 'password'))
    expect(await ann.post('register', { username: 'cid', password: 'short' })).toMatchObject(
      failed(500, 'password'),
    )
    expect(await ann.post('login')).toMatchObject(failed(500, 'username'))
    for (const action of ['longpoll', 'endpoll', 'chatroomParticipants']) {
      expect(await ann.get(`message/${action}`), action).toMatchObject(failed(500, 'chatroomid'))
      expect(await ann.get(`message/${action}`, { chatroomid: nowhere }), action).toMatchObject(
        failed(500, 'chatroomid'),
      )
      expect(await ann.get(`message/${action}`, { chatroomid: '1' }), action).toMatchObject(
        failed(500, 'chatroomid'),
      )
    }
    const post = (query: Record<string, string>) => ann.post('message/sendMessage', query)
    expect(await post({ chatroomid })).toMatchObject(failed(500, 'message'))
    expect(await post({ message: 'x' })).toMatchObject(failed(500, 'chatroomid'))
    expect(await post({ chatroomid, message: ' ' })).toMatchObject(failed(500, 'message'))
    expect(await post({ chatroomid: nowhere, message: 'x' })).toMatchObject(failed(500, 'chatroomid'))
    const long = { body: JSON.stringify({ chatroomid, message: 'x'.repeat(20_001) }) }
    expect(await ann.post('message/sendMessage', {}, long)).toMatchObject(failed(500, 'message'))
    expect(await ann.post('message/sendMessage', {}, { body: 'nonsense' })).toMatchObject(failed(500, 'JSON'))
    expect(await ann.post('message/sendMessage', {}, { body: 'x'.repeat(300_000) })).toMatchObject(
      failed(500, 'bytes'),
    )
    expect(await ann.get('message/getUser')).toMatchObject(failed(500, 'name'))
    const add = (query: Record<string, string>) => ann.post('message/addToChatroom', query)
    expect(await add({ chatroomid })).toMatchObject(failed(500, 'usertoadd'))
    expect(await add({ chatroomid, usertoadd: `a${'x'.repeat(15)}` })).toMatchObject(failed(500, 'usertoadd'))
    const byBob = await bob.post('message/addToChatroom', { chatroomid, usertoadd: ann.userid })
    expect(byBob).toMatchObject(failed(500, 'role'))
    expect(await ann.get('nothing')).toMatchObject(failed(404, ''))
    expect(await ann.get('message/sendMessage')).toMatchObject(failed(405, 'POST'))
  })

  test('a page of a foreign origin is refused, one of an allowed origin is not', async () => {
    await using server = await start({ settings: { allowedOrigins: ['https://ours.example'] } })
    const { ann, chatroomid } = await room(server)
    const from = (origin: string) =>
      ann.post('message/sendMessage', { chatroomid, message: 'x' }, { headers: { origin } })
    expect(await from('https://evil.example')).toMatchObject(failed(403, 'origin'))
    expect(await from('null')).toMatchObject(failed(403, 'origin'))
    expect(await from('https://ours.example')).toMatchObject({ status: 200 })
    expect(await from(server.url)).toMatchObject({ status: 200 })
  })

  test('an account has at most 50 polls held', async () => {
    await using server = await start()
    const { ann, bob, chatroomid } = await room(server)
    const polls = Array.from({ length: 50 }, () => bob.get('message/longpoll', { chatroomid }))
    await held(server, 50)
    expect(await bob.get('message/longpoll', { chatroomid })).toMatchObject(failed(500, '50'))
    await ann.post('message/sendMessage', { chatroomid, message: 'x' })
    for (const poll of polls) expect(await poll).toMatchObject({ status: 200 })
  })
})

describe('polls that are held', () => {
  test('a client that goes away leaves nothing behind', async () => {
    await using server = await start()
    const { ann, bob, chatroomid } = await room(server)
    const gone = new AbortController()
    const polls = Array.from({ length: 20 }, () => bob.get('message/longpoll', { chatroomid }, gone.signal))
    await held(server, 20)
    expect(server.chat.presences.onlineCount).toBe(1)
    gone.abort()
    expect((await Promise.allSettled(polls)).every(({ status }) => status === 'rejected')).toBe(true)
    await held(server, 0)
    expect(server.chat.presences.onlineCount).toBe(0)
    expect(await ann.post('message/sendMessage', { chatroomid, message: 'x' })).toMatchObject({ status: 200 })
  })

  test('P6: who is removed from the room gets 500, and nothing of what is said then', async () => {
    await using server = await start()
    const { ann, bob, chatroomid } = await room(server)
    const poll = bob.get('message/longpoll', { chatroomid })
    await held(server, 1)
    const api = httpApi(server.url, ann.cookie.split('=')[1])
    const { id: accountId } = await httpApi(server.url, bob.cookie.split('=')[1]).account.me.query()
    await api.conversations.removeMember.mutate({
      conversationId: ConversationId.parse(chatroomid),
      accountId,
    })
    expect(await poll).toMatchObject(failed(500, 'chatroomid'))
  })

  test('P6: who logs out elsewhere gets 401', async () => {
    await using server = await start()
    const { bob, chatroomid } = await room(server)
    const poll = bob.get('message/longpoll', { chatroomid })
    await held(server, 1)
    await httpApi(server.url, bob.cookie.split('=')[1]).account.signOut.mutate()
    expect(await poll).toMatchObject(failed(401, ''))
  })

  test('what is said by the typed API ends a poll, and what is said in other rooms does not', async () => {
    await using server = await start()
    const { ann, bob, chatroomid } = await room(server)
    const elsewhere = await bob.makeRoom()
    const poll = bob.get('message/longpoll', { chatroomid })
    await held(server, 1)
    await bob.post('message/sendMessage', { chatroomid: elsewhere, message: 'not here' })
    expect(server.chat.delivery.stats.readers).toBe(1)
    await httpApi(server.url, ann.cookie.split('=')[1]).messages.send.mutate({
      conversationId: ConversationId.parse(chatroomid),
      clientMessageId: newClientMessageId(),
      content: { kind: 'plain', text: 'from the app' },
    })
    expect(await poll).toMatchObject({ status: 200, body: [{ message: 'from the app' }] })
  })

  test('a server that stops lets them go', async () => {
    await using server = await start()
    const { bob, chatroomid } = await room(server)
    const poll = bob.get('message/longpoll', { chatroomid })
    await held(server, 1)
    await server.close()
    expect(await poll).toMatchObject({ status: 200, body: [] })
  })

  test('2,000 are held at once and let go by one post, and none is lost', async () => {
    // They come through a proxy, as so many of one address do not come in by themselves.
    await using server = await start({ settings: { trustedProxies: ['127.0.0.1'] } })
    const { ann, chatroomid } = await room(server)
    const people = await Promise.all(Array.from({ length: 40 }, (_, n) => known(server, `person-${n}`)))
    for (const { account } of people)
      await ann.post('message/addToChatroom', { chatroomid, usertoadd: account.id })
    using polls = new ManyPolls(server, chatroomid)
    for (let n = 0; n < 2_000; n += 1) polls.start(`parley_poll=${people[n % people.length]?.token}`)
    await held(server, 2_000)
    const posted = await ann.post('message/sendMessage', { chatroomid, message: 'to all' })
    const answers = await Promise.all(polls.answers)
    expect(answers).toHaveLength(2_000)
    for (const answer of answers) expect(answer).toEqual({ status: 200, body: JSON.stringify(posted.body) })
    expect(server.chat.delivery.stats.readers).toBe(0)
  })
})

/** Polls by connections of their own. */
class ManyPolls implements Disposable {
  readonly answers: Promise<{ status: number | undefined; body: string }>[] = []
  readonly #agent = new Agent({ keepAlive: false, maxSockets: Infinity })
  readonly #url: string

  constructor(server: TestServer, chatroomid: string) {
    this.#url = `${server.url}/gateway/poll/message/longpoll/?chatroomid=${chatroomid}`
  }

  start(cookie: string): void {
    const answer = Promise.withResolvers<{ status: number | undefined; body: string }>()
    const asked = request(this.#url, { agent: this.#agent, headers: { cookie } }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () => answer.resolve({ status: response.statusCode, body }))
    })
    asked.on('error', answer.reject)
    asked.end()
    this.answers.push(answer.promise)
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }
}
