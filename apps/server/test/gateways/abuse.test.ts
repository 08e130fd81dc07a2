import { frameBytesMax, readerBufferBytesMax } from '@parley/domain/limits'
import { FakeClock } from '@parley/testkit/fake-clock'
import { HostWebApplication } from '@parley/testkit/host-application'
import { httpApi, makeGroup, send, signUp, socketApi } from '@parley/testkit/people'
import { startServer, type ServerOptions, type TestServer } from '@parley/testkit/start-server'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { entriesIn, inside, NoteClient, refusedUpgrade } from './note-client.ts'

// What holds for the API's socket holds for the gateways, by the same code: each limit is tried on each of them.

const text = z.string()
const Refusal = z.strictObject({ type: z.literal('error'), code: text, message: text })
const Time = z.union([z.string(), z.number()])

/** The documented forms of what each gateway says. */
const forms = {
  sealed: z.union([
    z.strictObject({ error: z.strictObject({ type: text, code: text, message: text }) }),
    z.strictObject({ chatCreated: z.strictObject({ chatId: text, chatName: text }) }),
    z.strictObject({ chats: z.array(z.strictObject({ chatId: text, chatName: text })) }),
    z.strictObject({ response: z.literal('Message posted successfully') }),
    z.strictObject({
      receivedMessage: z.strictObject({
        user_id: text,
        chatId: text,
        messageId: z.int(),
        messageContent: text,
      }),
    }),
  ]),
  direct: z.union([
    Refusal,
    z.strictObject({ type: z.literal('auth-response'), response: z.boolean() }),
    z.strictObject({
      type: z.literal('send-request-response'),
      response: z.union([
        z.strictObject({ id: Time, value: z.literal(true) }),
        z.strictObject({
          id: Time,
          value: z.literal(false),
          reason: z.literal('receiving-user-not-connected'),
        }),
      ]),
    }),
    z.strictObject({
      type: z.literal('message'),
      message: z.strictObject({ timeStamp: Time, fromuID: text, touID: text, content: text }),
    }),
  ]),
  invites: z.union([
    Refusal,
    z.strictObject({ type: z.literal('Search'), UserName: text }),
    z.strictObject({ type: z.literal('Session'), SessionID: text, Users: z.record(text, text) }),
    z.record(
      z.string().regex(/^c.{15}$/),
      z.record(z.string().regex(/^\d+$/), z.strictObject({ data: text, TimeStamp: Time, Sender: text })),
    ),
  ]),
}

type Name = keyof typeof forms
const names = ['sealed', 'direct', 'invites'] as const satisfies readonly Name[]

/** A server that speaks all notes, and somebody of it at a gateway. */
class Stage implements AsyncDisposable {
  readonly host: HostWebApplication
  readonly server: TestServer

  private constructor(host: HostWebApplication, server: TestServer) {
    this.host = host
    this.server = server
  }

  static async open({ clock, settings }: ServerOptions = {}): Promise<Stage> {
    const host = await HostWebApplication.start()
    host.sessions.set('a session', '1')
    const server = await startServer({
      ...(clock && { clock }),
      settings: { gateways: [...names], bridge: { verifyUrl: host.verifyUrl }, ...settings },
    })
    return new Stage(host, server)
  }

  /** A connection of the account that belongs to the token; at `direct`, of the application's only user. */
  async connect(name: Name, token: string): Promise<NoteClient> {
    const path = `/gateway/${name}${name === 'invites' ? `?token=${token}` : ''}`
    const client = await NoteClient.open(this.server, path)
    if (name === 'sealed') client.send({ type: 'signIn', content: { access_id: token } })
    if (name === 'direct') await client.ask({ type: 'auth-request', SESSID: 'a session' })
    return client
  }

  /** A session of the account that `connect` signs in. */
  async token(name: Name): Promise<string> {
    if (name === 'direct') {
      return (await httpApi(this.server.url).bridge.signIn.mutate({ hostSession: 'a session' })).token
    }
    await using person = await signUp(this.server)
    return person.token
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close()
    await this.host[Symbol.asyncDispose]()
  }
}

/** Whether the connection still answers. */
async function isUsable(client: NoteClient): Promise<boolean> {
  return (await client.saidSoFar()).length === 0
}

describe.each(names)('the limits of the socket hold at the gateway “%s”', (name) => {
  test('a page of a foreign origin is refused with 403, one of an allowed origin is let in', async () => {
    await using stage = await Stage.open({ settings: { allowedOrigins: ['https://ours.example'] } })
    const path = `/gateway/${name}`
    expect(await refusedUpgrade(stage.server, path, { origin: 'https://evil.example' })).toBe(403)
    expect(await refusedUpgrade(stage.server, path, { origin: 'null' })).toBe(403)
    const opened = NoteClient.open(stage.server, path, { origin: 'https://ours.example' })
    await expect(opened).resolves.toBeInstanceOf(NoteClient)
    ;(await opened)[Symbol.dispose]()
  })

  test('who is not signed in after 5 seconds is cut off, who is stays', async () => {
    const clock = new FakeClock()
    await using stage = await Stage.open({ clock })
    using signedIn = await stage.connect(name, await stage.token(name))
    expect(await isUsable(signedIn)).toBe(true)
    using stranger = await NoteClient.open(stage.server, `/gateway/${name}`)
    clock.advance(5_250)
    // Where the request itself says who comes, nobody waits for more.
    expect(await stranger.closed).toBe(name === 'invites' ? 4401 : 4408)
    expect(await isUsable(signedIn)).toBe(true)
  })

  test('a frame over 256 KiB is cut off with 1009, and others are served', async () => {
    await using stage = await Stage.open()
    const token = await stage.token(name)
    using client = await stage.connect(name, token)
    using other = await stage.connect(name, token)
    client.socket.send(JSON.stringify('x'.repeat(frameBytesMax - 2)))
    expect(JSON.stringify(await client.next())).toContain('type: must be')
    client.socket.send(JSON.stringify('x'.repeat(frameBytesMax - 1)))
    expect(await client.closed).toBe(1009)
    expect(await isUsable(other)).toBe(true)
  })

  test('malformed JSON, no text, and a message of no type are refused, and the connection goes on', async () => {
    await using stage = await Stage.open()
    using client = await stage.connect(name, await stage.token(name))
    const frames = [
      '',
      '{',
      'PING',
      'nonsense',
      '\u0000',
      Buffer.from('{"type":"x"}'),
      '[]',
      '[{"type":"x"}]',
    ]
    for (const frame of [
      ...frames,
      'null',
      '7',
      '"type"',
      '{}',
      '{"type":7}',
      '{"type":"x"}',
      '{"type":"__proto__"}',
    ]) {
      client.socket.send(frame)
      const refusal = await client.next()
      expect(forms[name].safeParse(refusal).success, String(frame)).toBe(true)
      expect(JSON.stringify(refusal), String(frame)).toContain('"code":"invalid-input"')
    }
    expect(await isUsable(client)).toBe(true)
  })

  test('an account may have 50 connections, those of the API among them; one more is refused', async () => {
    await using stage = await Stage.open()
    const token = await stage.token(name)
    const { api, close } = socketApi(stage.server.url, token)
    await api.account.me.query()
    const clients = await Promise.all(Array.from({ length: 49 }, () => stage.connect(name, token)))
    for (const client of clients) expect(await isUsable(client)).toBe(true)
    if (name === 'direct') {
      using client = await NoteClient.open(stage.server, '/gateway/direct')
      const refused = await client.ask({ type: 'auth-request', SESSID: 'a session' })
      expect(refused).toMatchObject({ type: 'error', code: 'too-many' })
    } else {
      using client = await stage.connect(name, token)
      expect(JSON.stringify(await client.next())).toContain('"code":"too-many"')
    }
    for (const client of clients) client[Symbol.dispose]()
    await close()
  })

  test('a server that stops tells its clients by 1012', async () => {
    await using stage = await Stage.open()
    using client = await stage.connect(name, await stage.token(name))
    expect(await isUsable(client)).toBe(true)
    const closing = stage.server.close()
    expect(await client.closed).toBe(1012)
    await closing
  })

  test('P5, P4: who reads nothing is fed from the log later, and gets everything once and in order', async () => {
    await using stage = await Stage.open()
    const token = await stage.token(name)
    using client = await stage.connect(name, token)
    using other = await stage.connect(name, token)
    await using ann = await signUp(stage.server)
    const { id: accountId } = await httpApi(stage.server.url, token).account.me.query()
    const { id } = await ann.http.conversations.openDirect.mutate({ accountId })
    client.socket.pause()
    const count = 1_500
    const padding = 'x'.repeat(15_000)
    for (let start = 0; start < count; start += 15) {
      await Promise.all(Array.from({ length: 15 }, (_, n) => send(ann, id, `${start + n} ${padding}`)))
      await other.nexts(15)
    }
    expect(await metric(stage.server, 'parley_readers_fell_behind_total')).toBeGreaterThan(0)
    expect(await metric(stage.server, 'parley_buffered_bytes')).toBeLessThan(readerBufferBytesMax)
    client.socket.resume()
    const numbers = (await client.nexts(count)).map((message) =>
      Number(contentIn(name, message).split(' ')[0]),
    )
    expect(numbers).toEqual(Array.from({ length: count }, (_, n) => n))
  })

  test('P9: whatever comes, it gets an answer of the documented form, and the connection goes on', async () => {
    await using stage = await Stage.open()
    const token = await stage.token(name)
    using client = await stage.connect(name, token)
    await using ann = await signUp(stage.server, { username: 'ann' })
    const api = httpApi(stage.server.url, token)
    const group = await api.conversations.makeGroup.mutate({ name: 'Group' })
    const foreign = await makeGroup(ann)
    const known = { token, group: group.id, foreign, ann: ann.account.id }
    const ended = 'a message that nothing else is'
    await fc.assert(
      fc.asyncProperty(anyMessage(known), async (message) => {
        client.send(message)
        client.send({ type: ended })
        const said: unknown[] = []
        do said.push(await client.next())
        while (!JSON.stringify(said.at(-1)).includes('type: must be') || said.length < answersTo(message))
        for (const one of said) expect(forms[name].safeParse(one).error, JSON.stringify(one)).toBeUndefined()
      }),
      { numRuns: 150 },
    )
    expect((await api.account.me.query()).id).toBeDefined()
  })
})

test('who sends more than the rate allows is told when to go on', async () => {
  await using server = await startServer({
    settings: {
      gateways: ['sealed', 'direct'],
      rateFactor: 0.001,
      bridge: { verifyUrl: 'http://127.0.0.1:9' },
    },
  })
  for (const name of ['sealed', 'direct'] as const) {
    using client = await NoteClient.open(server, `/gateway/${name}`)
    client.send({ type: 'x' }, { type: 'x' })
    const refusal = JSON.stringify((await client.nexts(2)).at(-1))
    expect(refusal).toContain('"code":"rate-limited"')
    expect(refusal).toContain('try again in')
  }
})

/** What has no type that any gateway knows is refused as well as the message after it. */
const answersTo = (message: unknown) =>
  typeof message === 'object' && message !== null && 'type' in message && types.includes(String(message.type))
    ? 1
    : 2

const types = [
  ...['signIn', 'createUser', 'createChat', 'listChats', 'joinChat', 'allowUserToJoinChat', 'messagePost'],
  ...['messageGet', 'auth-request', 'message-send-request', 'Message', 'Messgae', 'Search', 'request'],
]

/** Messages that are nearly right, or right, or anything. */
function anyMessage(known: {
  token: string
  group: string
  foreign: string
  ann: string
}): fc.Arbitrary<unknown> {
  const value = fc.oneof(
    fc.constantFrom(...Object.values(known), 'ann', 'a session', '1', 0, 1, '', ' ', null),
    fc.string({ unit: 'binary' }),
    fc.jsonValue({ maxDepth: 2 }),
  )
  const record = (...fields: string[]) =>
    fc.record(Object.fromEntries(fields.map((field) => [field, value])), { requiredKeys: [] })
  const content = fc
    .tuple(
      fc.oneof(fc.constant({ access_id: known.token }), record('access_id')),
      record('username', 'chatName', 'chatId', 'pubKey', 'symKey', 'joinerId', 'messageContent', 'messageId'),
    )
    .map(([who, what]) => ({ ...who, ...what }))
  const message = record('timeStamp', 'touID', 'content')
  const fields = record('SESSID', 'id', 'SessionID', 'Username', 'username', 'Accepted')
  const shaped = fc
    .tuple(fc.constantFrom(...types), fields, content, message, record('data', 'TimeStamp', 'Sender'))
    .map(([type, given, theContent, theMessage, Message]) => ({
      ...given,
      type,
      content: theContent,
      message: theMessage,
      Message,
    }))
  return fc.oneof({ weight: 4, arbitrary: shaped }, { weight: 1, arbitrary: fc.jsonValue() })
}

function contentIn(name: Name, message: unknown): string {
  if (name === 'sealed') return String(inside(message, 'receivedMessage', 'messageContent'))
  if (name === 'direct') return String(inside(message, 'message', 'content'))
  const [[conversation] = ['']] = entriesIn(message)
  const [[, told] = []] = entriesIn(message, conversation)
  return String(inside(told, 'data'))
}

async function metric(server: TestServer, name: string): Promise<number> {
  const lines = (await (await fetch(`${server.url}/metrics`)).text()).split('\n')
  return Number(lines.find((line) => line.startsWith(`${name} `))?.split(' ')[1])
}
