import { AccountId } from '@parley/domain/ids'
import { httpApi, makeGroup, newClientMessageId, send, signUp } from '@parley/testkit/people'
import { startServer, type ServerOptions, type TestServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { describe, expect, test } from 'vitest'
import { entriesIn, inside, NoteClient, textIn } from './note-client.ts'

const start = (options: ServerOptions = {}) =>
  startServer({ ...options, settings: { gateways: ['invites'], ...options.settings } })

const Password = 'correct horse battery'

async function post(
  server: TestServer,
  what: 'register' | 'login',
  body: unknown,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${server.url}/gateway/invites/${what}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers,
  })
  const answer: unknown = await response.json()
  return { status: response.status, answer }
}

const connect = (server: TestServer, token: string) =>
  NoteClient.open(server, `/gateway/invites?token=${token}`)

/** Somebody who has registered, logged in and connected. */
async function person(server: TestServer, Username: string) {
  await post(server, 'register', { Username, Password })
  const { answer } = await post(server, 'login', { Username, Password })
  const token = textIn(answer, 'Authentication_Token')
  const client = await connect(server, token)
  return {
    client,
    token,
    UserID: AccountId.parse(inside(answer, 'UserID')),
    [Symbol.dispose]: () => client[Symbol.dispose](),
  }
}

/** Two people with a session, in the note's sense. */
async function talking(server: TestServer) {
  const nanda = await person(server, 'Nanda')
  const winston = await person(server, 'Winston')
  nanda.client.send({ type: 'Search', Username: 'Winston' })
  await winston.client.next()
  winston.client.send({ type: 'request', username: 'Nanda', Accepted: 1 })
  const SessionID = textIn(await winston.client.next(), 'SessionID')
  await nanda.client.next()
  return {
    nanda,
    winston,
    SessionID,
    [Symbol.dispose]: () => (nanda[Symbol.dispose](), winston[Symbol.dispose]()),
  }
}

describe('note 002, step by step', () => {
  test('register and log in, with the statuses that the note names', async () => {
    await using server = await start()
    const Username = 'Nanda'
    const registered = await post(server, 'register', { Username, Password })
    expect(registered.status).toBe(200)
    expect((await post(server, 'register', { Username, Password })).status).toBe(409)
    expect((await post(server, 'login', { Username: 'Nobody', Password })).status).toBe(400)
    expect((await post(server, 'login', { Username, Password: 'another password' })).status).toBe(401)
    const { status, answer } = await post(server, 'login', { Username, Password })
    expect(status).toBe(200)
    const UserID = inside(registered.answer, 'UserID')
    const sessions = await httpApi(server.url, textIn(answer, 'Authentication_Token')).sessions.list.query()
    expect(sessions.map(({ deviceName }) => deviceName)).toEqual(['Gateway: invites'])
    expect(answer).toEqual({ Authentication_Token: expect.any(String), UserID, Details: {} })
  })

  test('search, ask, accept: both get the session, each with the other in it', async () => {
    await using server = await start()
    using nanda = await person(server, 'Nanda')
    using winston = await person(server, 'Winston')
    nanda.client.send({ type: 'Search', Username: 'Winston' })
    expect(await winston.client.next()).toEqual({ type: 'Search', UserName: 'Nanda' })
    expect(await nanda.client.saidSoFar()).toEqual([])
    winston.client.send({ type: 'request', username: 'Nanda', Accepted: 1 })
    const toWinston = await winston.client.next()
    const SessionID = textIn(toWinston, 'SessionID')
    expect(toWinston).toEqual({ type: 'Session', SessionID, Users: { [nanda.UserID]: 'Nanda' } })
    expect(await nanda.client.next()).toEqual({
      type: 'Session',
      SessionID,
      Users: { [winston.UserID]: 'Winston' },
    })
    expect(await winston.client.saidSoFar()).toEqual([])
    expect(await nanda.client.saidSoFar()).toEqual([])
  })

  test('who is rejected hears nothing, and there is no session', async () => {
    await using server = await start()
    using nanda = await person(server, 'Nanda')
    using winston = await person(server, 'Winston')
    nanda.client.send({ type: 'Search', Username: 'Winston' })
    await winston.client.next()
    winston.client.send({ type: 'request', username: 'Nanda', Accepted: 0 })
    expect(await winston.client.saidSoFar()).toEqual([])
    expect(await nanda.client.saidSoFar()).toEqual([])
    const { answer } = await post(server, 'login', { Username: 'Nanda', Password })
    expect(inside(answer, 'Details')).toEqual({})
  })

  test.for(['Message', 'Messgae'])(
    'a “%s” goes to everybody in the session, the sender too',
    async (type) => {
      await using server = await start()
      using pair = await talking(server)
      const { nanda, winston, SessionID } = pair
      const Message = { data: 'hello', TimeStamp: '10:15 on Tuesday', Sender: nanda.UserID }
      nanda.client.send({ type, SessionID, Message })
      const received = await winston.client.next()
      const [[MessageID] = ['']] = entriesIn(received, SessionID)
      expect(received).toEqual({ [SessionID]: { [MessageID]: Message } })
      expect(await nanda.client.next()).toEqual(received)
    },
  )

  test('the sender is who is signed in, whatever was sent', async () => {
    await using server = await start()
    using pair = await talking(server)
    const { nanda, winston, SessionID } = pair
    const Message = { data: 'hello', TimeStamp: 5, Sender: winston.UserID }
    nanda.client.send({ type: 'Message', SessionID, Message })
    const [[, told] = []] = entriesIn(await winston.client.next(), SessionID)
    expect(told).toEqual({ ...Message, Sender: nanda.UserID })
  })

  test('logging in loads the sessions, who is in them and what was said', async () => {
    await using server = await start()
    using pair = await talking(server)
    const { nanda, winston, SessionID } = pair
    for (let n = 1; n <= 60; n += 1) {
      nanda.client.send({ type: 'Message', SessionID, Message: { data: `${n}`, TimeStamp: n, Sender: 'me' } })
    }
    await nanda.client.nexts(60)
    const { answer } = await post(server, 'login', { Username: 'Winston', Password })
    expect(entriesIn(answer, 'Details')).toHaveLength(1)
    expect(inside(answer, 'Details', SessionID, 'UserIds')).toEqual({
      [nanda.UserID]: 'Nanda',
      [winston.UserID]: 'Winston',
    })
    const said = entriesIn(answer, 'Details', SessionID, 'Messages')
    expect(said).toHaveLength(50)
    expect(said.map(([, message]) => inside(message, 'data'))).toEqual(
      Array.from({ length: 50 }, (_, n) => `${n + 11}`),
    )
    expect(said[0]?.[1]).toEqual({ data: '11', TimeStamp: 11, Sender: nanda.UserID })
  })

  test('the account is offline when registered, and online while connected', async () => {
    await using server = await start()
    await using watcher = await signUp(server)
    await post(server, 'register', { Username: 'Nanda', Password })
    const isOnline = async () => (await watcher.http.people.search.query({ words: 'Nanda' }))[0]?.online
    expect(await isOnline()).toBe(false)
    const { answer } = await post(server, 'login', { Username: 'Nanda', Password })
    expect(await isOnline()).toBe(false)
    const client = await connect(server, textIn(answer, 'Authentication_Token'))
    await client.saidSoFar()
    expect(await isOnline()).toBe(true)
    await client.leave()
    expect(await isOnline()).toBe(false)
  })
})

describe('what waits for whoever is away', () => {
  test('a search comes when its person connects, at each time until answered, also after a restart', async () => {
    using folder = temporaryFolder()
    const options = { settings: { data: folder.path } }
    const first = await start(options)
    const nanda = await person(first, 'Nanda')
    await post(first, 'register', { Username: 'Winston', Password })
    nanda.client.send({ type: 'Search', Username: 'Winston' })
    await nanda.client.saidSoFar()
    await first.close()
    await using second = await start(options)
    const { answer } = await post(second, 'login', { Username: 'Winston', Password })
    const once = await connect(second, textIn(answer, 'Authentication_Token'))
    expect(await once.next()).toEqual({ type: 'Search', UserName: 'Nanda' })
    await once.leave()
    using again = await connect(second, textIn(answer, 'Authentication_Token'))
    expect(await again.next()).toEqual({ type: 'Search', UserName: 'Nanda' })
    again.send({ type: 'request', username: 'Nanda', Accepted: 0 })
    await again.saidSoFar()
    using third = await connect(second, textIn(answer, 'Authentication_Token'))
    expect(await third.saidSoFar()).toEqual([])
  })

  test('a session comes once to who asked, when next connected, also after a restart', async () => {
    using folder = temporaryFolder()
    const options = { settings: { data: folder.path } }
    const first = await start(options)
    const nanda = await person(first, 'Nanda')
    const winston = await person(first, 'Winston')
    nanda.client.send({ type: 'Search', Username: 'Winston' })
    await winston.client.next()
    await nanda.client.leave()
    winston.client.send({ type: 'request', username: 'Nanda', Accepted: 1 })
    const SessionID = textIn(await winston.client.next(), 'SessionID')
    await first.close()
    await using second = await start(options)
    const once = await connect(second, nanda.token)
    expect(await once.next()).toEqual({ type: 'Session', SessionID, Users: { [winston.UserID]: 'Winston' } })
    expect(await once.saidSoFar()).toEqual([])
    await once.leave()
    using again = await connect(second, nanda.token)
    expect(await again.saidSoFar()).toEqual([])
  })
})

describe('refusals', () => {
  const error = (code: string, message = '') => ({
    type: 'error',
    code,
    message: expect.stringContaining(message),
  })

  test('each names the kind and the field or the reason, and the connection goes on', async () => {
    await using server = await start()
    using pair = await talking(server)
    using outsider = await person(server, 'Mallory')
    const { nanda, SessionID } = pair
    const Message = { data: 'x', TimeStamp: 1, Sender: 'y' }
    const without = (field: keyof typeof Message) =>
      Object.fromEntries(Object.entries(Message).filter(([name]) => name !== field))
    const type = 'Message'
    const cases: [object, object][] = [
      [{ type, Message }, error('invalid-input', 'SessionID')],
      [{ type, SessionID: 12345, Message }, error('invalid-input', 'SessionID')],
      [{ type, SessionID }, error('invalid-input', 'Message')],
      [{ type, SessionID, Message: without('data') }, error('invalid-input', 'Message.data')],
      [{ type, SessionID, Message: without('TimeStamp') }, error('invalid-input', 'Message.TimeStamp')],
      [{ type, SessionID, Message: without('Sender') }, error('invalid-input', 'Message.Sender')],
      [{ type, SessionID, Message: { ...Message, data: '' } }, error('invalid-input', 'Message.data')],
      [
        { type, SessionID, Message: { ...Message, data: 'x'.repeat(20_001) } },
        error('invalid-input', 'Message.data'),
      ],
      [{ type: 'Search' }, error('invalid-input', 'Username')],
      [{ type: 'Search', Username: 'Nobody' }, error('not-found', 'Username')],
      [{ type: 'Search', Username: 'Nanda' }, error('invalid-input', 'Username')],
      [{ type: 'request', username: 'Winston' }, error('invalid-input', 'Accepted')],
      [{ type: 'request', username: 'Winston', Accepted: 2 }, error('invalid-input', 'Accepted')],
      [{ type: 'request', username: 'Nobody', Accepted: 1 }, error('not-found', 'username')],
      [{ type: 'request', username: 'Mallory', Accepted: 1 }, error('not-found', 'invitation')],
      [{ type: 'shout' }, error('invalid-input', 'Message, Messgae, Search, request')],
    ]
    for (const [given, refusal] of cases)
      expect(await nanda.client.ask(given), JSON.stringify(given)).toEqual(refusal)
    nanda.client.socket.send('nonsense')
    expect(await nanda.client.next()).toEqual(error('invalid-input', 'JSON'))
    expect(await outsider.client.ask({ type, SessionID, Message })).toEqual(
      error('not-a-member', 'SessionID'),
    )
    nanda.client.send({ type, SessionID, Message })
    expect(await nanda.client.next()).toHaveProperty(SessionID)
  })

  test('over HTTP: what is missing, mistyped, too weak, no JSON, or no POST', async () => {
    await using server = await start()
    const refused = (status: number, code: string, message: string) => ({
      status,
      answer: error(code, message),
    })
    const register = (body: unknown) => post(server, 'register', body)
    expect(await register({ Password })).toEqual(refused(400, 'invalid-input', 'Username'))
    expect(await register({ Username: 7, Password })).toEqual(refused(400, 'invalid-input', 'Username'))
    expect(await register({ Username: 'Nanda' })).toEqual(refused(400, 'invalid-input', 'Password'))
    expect(await register({ Username: 'Nanda', Password: 'short' })).toEqual(
      refused(400, 'invalid-input', 'Password'),
    )
    expect(await register({ Username: 'Nanda', Password: 'password' })).toEqual(
      refused(400, 'password-common', ''),
    )
    expect(await register('nonsense')).toEqual(refused(400, 'invalid-input', 'JSON'))
    expect(await register('[]')).toEqual(refused(400, 'invalid-input', 'JSON'))
    expect(await register('x'.repeat(300_000))).toEqual(refused(413, 'too-large', 'bytes'))
    expect((await fetch(`${server.url}/gateway/invites/login`)).status).toBe(405)
    const foreign = await post(
      server,
      'login',
      { Username: 'Nanda', Password },
      { origin: 'https://evil.example' },
    )
    expect(foreign).toEqual(refused(403, 'not-allowed', 'origin'))
  })

  test('a token of no session opens no connection', async () => {
    await using server = await start()
    for (const query of ['', '?token=', '?token=nonsense']) {
      using client = await NoteClient.open(server, `/gateway/invites${query}`)
      expect(await client.next()).toEqual(error('signed-out', 'token'))
      expect(await client.closed).toBe(4401)
    }
  })

  test('who tries too many passwords is told to wait', async () => {
    await using server = await start({ settings: { rateFactor: 1 } })
    await post(server, 'register', { Username: 'Nanda', Password })
    const tries = Array.from({ length: 11 }, () =>
      post(server, 'login', { Username: 'Nanda', Password: 'wrong one' }),
    )
    const statuses = (await Promise.all(tries)).map(({ status }) => status)
    expect(statuses).toContain(429)
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
  })
})

describe('beside everything else', () => {
  test('the typed API sees the same session, and what is said there comes here', async () => {
    await using server = await start()
    using pair = await talking(server)
    const { nanda, winston } = pair
    const api = httpApi(server.url, winston.token)
    const [mine] = (await api.conversations.mine.query({})).conversations
    if (!mine) throw new Error('There is no conversation')
    expect(mine.conversation).toMatchObject({ id: pair.SessionID, kind: 'direct' })
    const { sentAt, messageId } = await api.messages.send.mutate({
      conversationId: mine.conversation.id,
      clientMessageId: newClientMessageId(),
      content: { kind: 'plain', text: 'from the app' },
    })
    expect(await nanda.client.next()).toEqual({
      [pair.SessionID]: { [messageId]: { data: 'from the app', TimeStamp: sentAt, Sender: winston.UserID } },
    })
  })

  test('an invitation sent and accepted in the app is told here', async () => {
    await using server = await start()
    using nanda = await person(server, 'Nanda')
    await using ann = await signUp(server, { username: 'ann' })
    await ann.http.invitations.send.mutate({ accountId: nanda.UserID })
    expect(await nanda.client.next()).toEqual({ type: 'Search', UserName: 'ann' })
    nanda.client.send({ type: 'Search', Username: 'ann' })
    const Users = { [ann.account.id]: 'ann' }
    expect(await nanda.client.next()).toMatchObject({ type: 'Session', Users })
  })

  test('two connections of an account both hear', async () => {
    await using server = await start()
    using pair = await talking(server)
    const { nanda, winston, SessionID } = pair
    using other = await connect(server, winston.token)
    await other.saidSoFar()
    nanda.client.send({ type: 'Message', SessionID, Message: { data: 'x', TimeStamp: 1, Sender: 'y' } })
    expect(await winston.client.next()).toHaveProperty(SessionID)
    expect(await other.next()).toHaveProperty(SessionID)
  })

  test('P6: a removed member hears nothing more of a group', async () => {
    await using server = await start()
    await using ann = await signUp(server)
    await using bob = await signUp(server)
    const id = await makeGroup(ann, [bob])
    using client = await connect(server, bob.token)
    await send(ann, id, 'before')
    expect(await client.next()).toHaveProperty(id)
    await ann.http.conversations.removeMember.mutate({ conversationId: id, accountId: bob.account.id })
    await send(ann, id, 'after')
    expect(await client.saidSoFar()).toEqual([])
  })

  test('P6: signing out closes the connection with 4401', async () => {
    await using server = await start()
    using nanda = await person(server, 'Nanda')
    await nanda.client.saidSoFar()
    await httpApi(server.url, nanda.token).account.signOut.mutate()
    expect(await nanda.client.closed).toBe(4401)
  })
})
