import { FakeClock } from '@parley/testkit/fake-clock'
import { type HostAnswer, HostWebApplication } from '@parley/testkit/host-application'
import { httpApi, newClientMessageId, signUp } from '@parley/testkit/people'
import { startServer, type ServerOptions, type TestServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { describe, expect, test } from 'vitest'
import { inside, NoteClient } from './note-client.ts'

const accepted = { type: 'auth-response', response: true }
const rejected = { type: 'auth-response', response: false }
const sent = (id: string | number) => ({ type: 'send-request-response', response: { id, value: true } })
const notConnected = (id: string | number) => ({
  type: 'send-request-response',
  response: { id, value: false, reason: 'receiving-user-not-connected' },
})
const error = (code: string, message = '') => ({
  type: 'error',
  code,
  message: expect.stringContaining(message),
})

class DirectStage implements AsyncDisposable {
  readonly host: HostWebApplication
  readonly server: TestServer

  private constructor(host: HostWebApplication, server: TestServer) {
    this.host = host
    this.server = server
  }

  static async open({ clock, settings }: ServerOptions = {}): Promise<DirectStage> {
    const host = await HostWebApplication.start()
    host.sessions.set('aoeuaoeu', '293482').set('another', '234324').set('a third', 7)
    const server = await startServer({
      ...(clock && { clock }),
      settings: {
        gateways: ['direct'],
        signUp: 'closed',
        bridge: { verifyUrl: host.verifyUrl },
        ...settings,
      },
    })
    return new DirectStage(host, server)
  }

  connect(): Promise<NoteClient> {
    return NoteClient.open(this.server, '/gateway/direct')
  }

  async signedIn(SESSID: string): Promise<NoteClient> {
    const client = await this.connect()
    const answer = await client.ask({ type: 'auth-request', SESSID })
    if (inside(answer, 'response') !== true) throw new Error(`${SESSID} is not signed in`)
    return client
  }

  /** The account of a user of the application. */
  async accountOf(uID: string) {
    const issuer = `bridge:${new URL(this.host.verifyUrl).origin}`
    const account = await this.server.chat.db.read.accounts.byIdentity(issuer, uID)
    if (!account) throw new Error(`${uID} has no account`)
    return account
  }

  /** A session of theirs at the typed API. */
  async api(hostSession: string) {
    const { token } = await httpApi(this.server.url).bridge.signIn.mutate({ hostSession })
    return httpApi(this.server.url, token)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close()
    await this.host[Symbol.asyncDispose]()
  }
}

describe('note 001, message by message', () => {
  test('a session of the web application is good here, another is not', async () => {
    await using stage = await DirectStage.open()
    using client = await stage.connect()
    expect(await client.ask({ type: 'auth-request', SESSID: 'unknown' })).toEqual(rejected)
    expect(await client.ask({ type: 'auth-request', SESSID: 'aoeuaoeu' })).toEqual(accepted)
    expect(stage.host.asked.map(({ method, body }) => [method, body])).toEqual([
      ['POST', '{"SESSID":"unknown"}'],
      ['POST', '{"SESSID":"aoeuaoeu"}'],
    ])
    expect(await stage.accountOf('293482')).toMatchObject({ username: '293482' })
  })

  test('a message goes to every connection of the user it is for, is confirmed, and is stored', async () => {
    await using stage = await DirectStage.open()
    using from = await stage.signedIn('aoeuaoeu')
    using to = await stage.signedIn('another')
    using toAsWell = await stage.signedIn('another')
    const request = {
      type: 'message-send-request',
      id: '21',
      message: { timeStamp: '23', touID: '234324', content: 'Hej' },
    }
    expect(await from.ask(request)).toEqual(sent('21'))
    const message = {
      type: 'message',
      message: { timeStamp: '23', fromuID: '293482', touID: '234324', content: 'Hej' },
    }
    expect(await to.next()).toEqual(message)
    expect(await toAsWell.next()).toEqual(message)
    expect(await from.saidSoFar()).toEqual([])
    const api = await stage.api('another')
    const { conversations } = await api.conversations.mine.query({})
    expect(conversations).toMatchObject([
      {
        conversation: { kind: 'direct' },
        lastMessage: { content: { kind: 'plain', text: 'Hej' }, statedTime: '23' },
      },
    ])
  })

  test('ids and times come back as they were sent, numbers too', async () => {
    await using stage = await DirectStage.open()
    using from = await stage.signedIn('aoeuaoeu')
    using to = await stage.signedIn('a third')
    const message = { timeStamp: 1_700_000_000_000.5, touID: 7, content: 'Hej' }
    expect(await from.ask({ type: 'message-send-request', id: 21, message })).toEqual(sent(21))
    expect(await to.next()).toMatchObject({ message: { timeStamp: 1_700_000_000_000.5, touID: '7' } })
  })

  test('to a user who is not connected nothing is sent, and nothing stored', async () => {
    await using stage = await DirectStage.open()
    using from = await stage.signedIn('aoeuaoeu')
    const request = (id: string, touID: string) => ({
      type: 'message-send-request',
      id,
      message: { timeStamp: '23', touID, content: 'Hej' },
    })
    expect(await from.ask(request('1', '234324'))).toEqual(notConnected('1'))
    const to = await stage.signedIn('another')
    await to.leave()
    expect(await from.ask(request('2', '234324'))).toEqual(notConnected('2'))
    expect(await from.ask(request('3', `a${'x'.repeat(15)}`))).toEqual(notConnected('3'))
    const api = await stage.api('aoeuaoeu')
    expect((await api.conversations.mine.query({})).conversations).toEqual([])
  })

  test('who is not signed in gets no reply to a message, and nothing is stored', async () => {
    await using stage = await DirectStage.open()
    using to = await stage.signedIn('another')
    using nobody = await stage.connect()
    const message = { timeStamp: '23', touID: '234324', content: 'Hej' }
    nobody.send({ type: 'message-send-request', id: '21', message })
    expect(await nobody.saidSoFar()).toEqual([])
    expect(await to.saidSoFar()).toEqual([])
    const api = await stage.api('another')
    expect((await api.conversations.mine.query({})).conversations).toEqual([])
  })

  test('an account and its messages outlive the server', async () => {
    using folder = temporaryFolder()
    await using host = await HostWebApplication.start()
    host.sessions.set('one', '1').set('two', '2')
    const settings = {
      gateways: ['direct' as const],
      data: folder.path,
      bridge: { verifyUrl: host.verifyUrl },
    }
    const connect = async (server: TestServer, SESSID: string) => {
      const client = await NoteClient.open(server, '/gateway/direct')
      expect(await client.ask({ type: 'auth-request', SESSID })).toEqual(accepted)
      return client
    }
    const exchange = async (content: string) => {
      await using server = await startServer({ settings })
      using one = await connect(server, 'one')
      using two = await connect(server, 'two')
      const message = { timeStamp: 1, touID: '2', content }
      expect(await one.ask({ type: 'message-send-request', id: 1, message })).toEqual(sent(1))
      expect(await two.next()).toMatchObject({ message: { content, fromuID: '1' } })
      const { token } = await httpApi(server.url).bridge.signIn.mutate({ hostSession: 'two' })
      const api = httpApi(server.url, token)
      const [{ conversation } = { conversation: null }] = (await api.conversations.mine.query({}))
        .conversations
      if (!conversation) throw new Error('There is no conversation')
      return (await api.messages.page.query({ conversationId: conversation.id })).messages.length
    }
    expect(await exchange('before')).toBe(1)
    expect(await exchange('after')).toBe(2)
  })
})

describe('what the web application may do wrong', () => {
  test.for<[string, HostAnswer]>([
    ['says 500', { kind: 'says', status: 500, body: '{"loggedin":true,"uID":"1"}' }],
    ['says something else', { kind: 'says', status: 200, body: '{"ok":true}' }],
    ['says nonsense', { kind: 'says', status: 200, body: '<html>' }],
    [
      'sends elsewhere',
      { kind: 'says', status: 302, body: '', headers: { location: 'https://evil.example' } },
    ],
    ['hangs up', { kind: 'hangs-up' }],
    ['says more than can be read', { kind: 'floods' }],
  ])('an application that %s counts as “not logged in”, and is logged', async ([, answer]) => {
    await using stage = await DirectStage.open()
    using client = await stage.connect()
    stage.host.answer = answer
    expect(await client.ask({ type: 'auth-request', SESSID: 'aoeuaoeu' })).toEqual(rejected)
    expect(stage.server.logged.join('')).toContain('host-application-silent')
    expect(stage.server.logged.join('')).not.toContain('aoeuaoeu')
    stage.host.answer = { kind: 'answers' }
    expect(await client.ask({ type: 'auth-request', SESSID: 'aoeuaoeu' })).toEqual(accepted)
  })

  test('one that is down counts as “not logged in”', async () => {
    await using stage = await DirectStage.open()
    using client = await stage.connect()
    await stage.host[Symbol.asyncDispose]()
    expect(await client.ask({ type: 'auth-request', SESSID: 'aoeuaoeu' })).toEqual(rejected)
  })

  test('one that takes too long counts as “not logged in”, which is still said when the time to sign in is over', async () => {
    const clock = new FakeClock()
    await using stage = await DirectStage.open({ clock })
    using client = await stage.connect()
    stage.host.answer = { kind: 'stalls' }
    client.send({ type: 'auth-request', SESSID: 'aoeuaoeu' })
    while (stage.host.asked.length === 0) await new Promise((resolve) => setImmediate(resolve))
    clock.advance(5_250)
    expect(await client.next()).toEqual(rejected)
    expect(await client.closed).toBe(4408)
  })

  test('one that answers after the time to sign in, but in its own, has signed its user in', async () => {
    const clock = new FakeClock()
    await using stage = await DirectStage.open({ clock })
    using client = await stage.connect()
    stage.host.answer = { kind: 'stalls-halfway' }
    client.send({ type: 'auth-request', SESSID: 'aoeuaoeu' })
    while (stage.host.asked.length === 0) await new Promise((resolve) => setImmediate(resolve))
    clock.advance(5_250)
    stage.host.finish('true,"uID":"293482"}')
    expect(await client.next()).toEqual(accepted)
    expect(await client.saidSoFar()).toEqual([])
  })
})

describe('refusals', () => {
  test('each names the kind and the field or the reason, changes nothing, and the connection goes on', async () => {
    await using stage = await DirectStage.open()
    using client = await stage.signedIn('aoeuaoeu')
    using to = await stage.signedIn('another')
    const type = 'message-send-request'
    const message = { timeStamp: '23', touID: '234324', content: 'Hej' }
    const without = (field: keyof typeof message) =>
      Object.fromEntries(Object.entries(message).filter(([name]) => name !== field))
    const cases: [object, object][] = [
      [{ type: 'auth-request' }, error('invalid-input', 'SESSID')],
      [{ type: 'auth-request', SESSID: 7 }, error('invalid-input', 'SESSID')],
      [{ type: 'auth-request', SESSID: 'another' }, error('identity-unverified', 'SESSID')],
      [{ type, message }, error('invalid-input', 'id')],
      [{ type, id: '1' }, error('invalid-input', 'message')],
      [{ type, id: '1', message: without('timeStamp') }, error('invalid-input', 'message.timeStamp')],
      [{ type, id: '1', message: without('touID') }, error('invalid-input', 'message.touID')],
      [{ type, id: '1', message: without('content') }, error('invalid-input', 'message.content')],
      [{ type, id: '1', message: { ...message, content: ' ' } }, error('invalid-input', 'message.content')],
      [
        { type, id: '1', message: { ...message, content: 'x'.repeat(20_001) } },
        error('invalid-input', 'content'),
      ],
      [{ type, id: '1', message: { ...message, touID: '293482' } }, error('invalid-input', 'message.touID')],
      [{ type: 'shout' }, error('invalid-input', 'auth-request, message-send-request')],
      [[], error('invalid-input', 'type')],
    ]
    for (const [given, refusal] of cases)
      expect(await client.ask(given), JSON.stringify(given)).toEqual(refusal)
    client.socket.send('{"type":')
    expect(await client.next()).toEqual(error('invalid-input', 'JSON'))
    expect(await client.ask({ type, id: '1', message })).toEqual(sent('1'))
    expect(await to.next()).toMatchObject({ message: { content: 'Hej' } })
    expect(await to.saidSoFar()).toEqual([])
  })

  test('signing in again as the same user is answered as before, and makes no further session', async () => {
    await using stage = await DirectStage.open()
    stage.host.sessions.set('their next session', '293482')
    using client = await stage.signedIn('aoeuaoeu')
    expect(await client.ask({ type: 'auth-request', SESSID: 'their next session' })).toEqual(accepted)
    expect(await client.ask({ type: 'auth-request', SESSID: 'unknown' })).toEqual(rejected)
    const { id } = await stage.accountOf('293482')
    const sessions = await stage.server.chat.db.read.sessions.ofAccount(id)
    expect(sessions.map(({ deviceName }) => deviceName)).toEqual(['Gateway: direct'])
  })

  test('a server without the address of the web application does not start with this gateway', async () => {
    await expect(startServer({ settings: { gateways: ['direct'] } })).rejects.toThrow('bridge.verifyUrl')
  })
})

describe('beside everything else', () => {
  test('who is connected by the app alone is connected, and what is said there comes here', async () => {
    await using stage = await DirectStage.open({ settings: { signUp: 'open' } })
    using client = await stage.signedIn('aoeuaoeu')
    await using ann = await signUp(stage.server)
    const uID = ann.account.id
    const request = (id: number) => ({
      type: 'message-send-request',
      id,
      message: { timeStamp: '23', touID: uID, content: 'Hej' },
    })
    expect(await client.ask(request(1))).toEqual(notConnected(1))
    await ann.api.account.me.query()
    expect(await client.ask(request(2))).toEqual(sent(2))
    const { conversations } = await ann.api.conversations.mine.query({})
    const [mine] = conversations
    if (!mine) throw new Error('There is no conversation')
    const content = { kind: 'plain', text: 'Hej tillbaka' } as const
    const { sentAt } = await ann.api.messages.send.mutate({
      conversationId: mine.conversation.id,
      clientMessageId: newClientMessageId(),
      content,
    })
    expect(await client.next()).toEqual({
      type: 'message',
      message: { timeStamp: sentAt, fromuID: uID, touID: '293482', content: 'Hej tillbaka' },
    })
  })

  test('what is said in groups is none of this note’s, and does not come', async () => {
    await using stage = await DirectStage.open()
    using client = await stage.signedIn('aoeuaoeu')
    const { id } = await stage.accountOf('293482')
    const api = await stage.api('another')
    const group = await api.conversations.makeGroup.mutate({ name: 'A group', members: [id] })
    const content = { kind: 'plain', text: 'to all' } as const
    await api.messages.send.mutate({
      conversationId: group.id,
      clientMessageId: newClientMessageId(),
      content,
    })
    expect(await client.saidSoFar()).toEqual([])
  })

  test('P6: a session that is revoked closes its connection, and the others stay', async () => {
    await using stage = await DirectStage.open()
    using client = await stage.signedIn('aoeuaoeu')
    const api = await stage.api('aoeuaoeu')
    await api.sessions.revokeOthers.mutate()
    expect(await client.closed).toBe(4401)
    expect(await api.sessions.list.query()).toHaveLength(1)
  })

  test('a session that was made for a connection ends with it', async () => {
    await using stage = await DirectStage.open()
    const client = await stage.signedIn('aoeuaoeu')
    const { id } = await stage.accountOf('293482')
    const ended = Promise.withResolvers<void>()
    using _ = stage.server.chat.delivery.onSessionEnded(() => ended.resolve())
    await client.leave()
    await ended.promise
    expect(await stage.server.chat.db.read.sessions.ofAccount(id)).toEqual([])
  })
})
