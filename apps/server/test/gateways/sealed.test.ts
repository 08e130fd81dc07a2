import { httpApi, newClientMessageId, signUp, socketApi } from '@parley/testkit/people'
import { FakeClock } from '@parley/testkit/fake-clock'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inside, NoteClient, textIn } from './note-client.ts'
import { letIn, SealedStage } from './sealed-stage.ts'

describe('note 000, message by message', () => {
  test('sign in, make the account, make a chat, list it', async () => {
    await using stage = await SealedStage.open()
    using client = await stage.connect()
    const access_id = await stage.accessId('ann')
    client.send({ type: 'signIn', content: { access_id } })
    const created = await client.ask({ type: 'createUser', content: { access_id, username: 'ann' } })
    const user_id = textIn(created, 'userCreated', 'user_id')
    expect(created).toEqual({ userCreated: { access_id, username: 'ann', user_id } })
    const chat = await client.ask({ type: 'createChat', content: { access_id, chatName: 'Garden' } })
    const chatId = textIn(chat, 'chatCreated', 'chatId')
    expect(chat).toEqual({ chatCreated: { chatId, chatName: 'Garden' } })
    const listed = await client.ask({ type: 'listChats', content: { access_id } })
    expect(listed).toEqual({ chats: [{ chatId, chatName: 'Garden' }] })
  })

  test('somebody asks to join, the founder lets them in, and both get what is posted', async () => {
    await using stage = await SealedStage.open()
    using ann = await stage.person('ann')
    using bob = await stage.person('bob')
    const chatId = await ann.makeChat()
    bob.say('joinChat', { pubKey: 'public key of Bob', chatId })
    expect(await ann.client.next()).toEqual({
      requestToJoinChat: { joinerId: bob.userId, pubKey: 'public key of Bob', chatId },
    })
    expect(await bob.client.saidSoFar()).toEqual([])
    ann.say('allowUserToJoinChat', { symKey: 'symmetric key', chatId, joinerId: bob.userId })
    expect(await bob.client.next()).toEqual({ acceptedToChat: { symKey: 'symmetric key', chatId } })
    expect(await ann.client.saidSoFar()).toEqual([])

    bob.say('messagePost', { chatId, messageContent: 'encrypted message' })
    const received = await ann.client.next()
    const messageId = inside(received, 'receivedMessage', 'messageId')
    const message = {
      receivedMessage: { user_id: bob.userId, chatId, messageId, messageContent: 'encrypted message' },
    }
    expect(received).toEqual(message)
    const toSender = await bob.client.nexts(2)
    expect(toSender).toContainEqual({ response: 'Message posted successfully' })
    expect(toSender).toContainEqual(message)
  })

  test('messages are had from the beginning or after one, oldest first, each in a frame of its own', async () => {
    await using stage = await SealedStage.open()
    using ann = await stage.person('ann')
    const chatId = await ann.makeChat()
    for (let n = 1; n <= 450; n += 1) ann.say('messagePost', { chatId, messageContent: `message ${n}` })
    await ann.client.nexts(900)
    ann.say('messageGet', { chatId })
    const all = await ann.client.nexts(450)
    const contents = all.map((message) => inside(message, 'receivedMessage', 'messageContent'))
    expect(contents).toEqual(Array.from({ length: 450 }, (_, n) => `message ${n + 1}`))
    const messageId = inside(all[447], 'receivedMessage', 'messageId')
    ann.say('messageGet', { chatId, messageId })
    expect(await ann.client.nexts(2)).toEqual(all.slice(448))
    ann.say('messageGet', { chatId, messageId: String(messageId) })
    expect(await ann.client.nexts(2)).toEqual(all.slice(448))
    expect(await ann.client.saidSoFar()).toEqual([])
  })

  test('the account can be made without signing in first, and signing in after that is no mistake', async () => {
    await using stage = await SealedStage.open()
    using client = await stage.connect()
    const access_id = await stage.accessId('ann')
    const created = await client.ask({ type: 'createUser', content: { access_id, username: 'ann' } })
    expect(created).toMatchObject({ userCreated: { username: 'ann' } })
    client.send({ type: 'signIn', content: { access_id } })
    expect(await client.saidSoFar()).toEqual([])
    expect(await client.ask({ type: 'listChats', content: { access_id } })).toEqual({ chats: [] })
  })

  test('keys and contents pass through byte for byte', async () => {
    await using stage = await SealedStage.open()
    using ann = await stage.person('ann')
    using bob = await stage.person('bob')
    const chatId = await ann.makeChat()
    const hard = '\u0000\ufeff"\\/\n\r\t é 漢字 \u{1f511} =+/_- \u2028'
    bob.say('joinChat', { pubKey: hard, chatId })
    expect(await ann.client.next()).toMatchObject({ requestToJoinChat: { pubKey: hard } })
    ann.say('allowUserToJoinChat', { symKey: hard, chatId, joinerId: bob.userId })
    expect(await bob.client.next()).toMatchObject({ acceptedToChat: { symKey: hard } })
    const text = fc.string({ unit: 'binary', minLength: 1 })
    await fc.assert(
      fc.asyncProperty(text, async (messageContent) => {
        ann.say('messagePost', { chatId, messageContent })
        expect(await bob.client.next()).toMatchObject({ receivedMessage: { messageContent } })
      }),
      { numRuns: 50 },
    )
  })
})

describe('what waits for whoever is away', () => {
  test('requests come to the founder at each sign-in until decided, also after a restart', async () => {
    using folder = temporaryFolder()
    await using stage = await SealedStage.open({ settings: { data: folder.path } })
    const ann = await stage.person('ann')
    using bob = await stage.person('bob')
    const chatId = await ann.makeChat()
    await ann.client.leave()
    bob.say('joinChat', { pubKey: 'of Bob', chatId })
    await bob.client.saidSoFar()
    const request = { requestToJoinChat: { joinerId: bob.userId, pubKey: 'of Bob', chatId } }
    const first = await stage.again(ann)
    expect(await first.client.next()).toEqual(request)
    await first.client.leave()
    await stage.restart()
    using second = await stage.again(ann)
    expect(await second.client.next()).toEqual(request)
    second.say('allowUserToJoinChat', { symKey: 'key', chatId, joinerId: bob.userId })
    await second.client.saidSoFar()
    using third = await stage.again(ann)
    expect(await third.client.saidSoFar()).toEqual([])
  })

  test('an acceptance comes to the joiner once, also after a restart', async () => {
    using folder = temporaryFolder()
    await using stage = await SealedStage.open({ settings: { data: folder.path } })
    using ann = await stage.person('ann')
    const bob = await stage.person('bob')
    const chatId = await ann.makeChat()
    bob.say('joinChat', { pubKey: 'of Bob', chatId })
    await ann.client.next()
    await bob.client.leave()
    ann.say('allowUserToJoinChat', { symKey: 'the key', chatId, joinerId: bob.userId })
    await ann.client.saidSoFar()
    await stage.restart()
    const first = await stage.again(bob)
    first.say('signIn')
    expect(await first.client.next()).toEqual({ acceptedToChat: { symKey: 'the key', chatId } })
    expect(await first.client.saidSoFar()).toEqual([])
    await first.client.leave()
    using second = await stage.again(bob)
    expect(await second.client.saidSoFar()).toEqual([])
    await stage.restart()
    using third = await stage.again(bob)
    expect(await third.client.saidSoFar()).toEqual([])
  })

  test('an acceptance that the app has shown does not come', async () => {
    await using stage = await SealedStage.open()
    using ann = await stage.person('ann')
    await using bob = await signUp(stage.server)
    const chatId = await ann.makeChat()
    await bob.http.joinRequests.ask.mutate({ conversationId: chatId })
    await ann.client.next()
    ann.say('allowUserToJoinChat', { symKey: 'the key', chatId, joinerId: bob.account.id })
    await ann.client.saidSoFar()
    await bob.http.joinRequests.markSeen.mutate({ conversationId: chatId })
    expect((await bob.http.joinRequests.all.query()).mine).toMatchObject([{ state: 'approved', seen: true }])
    using client = await stage.connect()
    client.send({ type: 'signIn', content: { access_id: bob.token } })
    expect(await client.saidSoFar()).toEqual([])
  })

  test('P6: who was let in and removed again while away gets no key', async () => {
    await using stage = await SealedStage.open()
    using ann = await stage.person('ann')
    const bob = await stage.person('bob')
    const chatId = await ann.makeChat()
    bob.say('joinChat', { pubKey: 'of Bob', chatId })
    await ann.client.next()
    await bob.client.leave()
    ann.say('allowUserToJoinChat', { symKey: 'the key', chatId, joinerId: bob.userId })
    await ann.client.saidSoFar()
    await stage.remove(ann, chatId, bob.userId)
    using again = await stage.again(bob)
    expect(await again.client.saidSoFar()).toEqual([])
  })
})

describe('who may', () => {
  test('each refusal names the type, the kind and the field or the reason, and the connection goes on', async () => {
    await using stage = await SealedStage.open()
    using ann = await stage.person('ann')
    using bob = await stage.person('bob')
    const chatId = await ann.makeChat()
    const error = (type: string, code: string, message = '') => ({
      error: { type, code, message: expect.stringContaining(message) },
    })
    const nobody = 'a'.repeat(16)
    const noChat = `c${'x'.repeat(15)}`
    const refusals: [string, object, object][] = [
      [
        'createUser',
        { username: 'bob2' },
        error('createUser', 'username-taken', 'account for this access_id'),
      ],
      ['createUser', { username: 'x' }, error('createUser', 'invalid-input', 'content.username')],
      ['createChat', { chatName: '' }, error('createChat', 'invalid-input', 'content.chatName')],
      ['joinChat', { chatId: noChat, pubKey: 'k' }, error('joinChat', 'not-found', 'chatId')],
      ['joinChat', { chatId: 'nonsense', pubKey: 'k' }, error('joinChat', 'invalid-input', 'content.chatId')],
      ['joinChat', { chatId, pubKey: 7 }, error('joinChat', 'invalid-input', 'content.pubKey')],
      [
        'joinChat',
        { chatId, pubKey: 'k'.repeat(16 * 1024 + 1) },
        error('joinChat', 'invalid-input', 'content.pubKey'),
      ],
      ['messagePost', { chatId, messageContent: 'hi' }, error('messagePost', 'not-a-member', 'chatId')],
      [
        'messagePost',
        { chatId, messageContent: '' },
        error('messagePost', 'invalid-input', 'content.messageContent'),
      ],
      [
        'messagePost',
        { chatId, messageContent: 'x'.repeat(96 * 1024 + 1) },
        error('messagePost', 'invalid-input', 'content.messageContent'),
      ],
      ['messageGet', { chatId }, error('messageGet', 'not-a-member', 'chatId')],
      [
        'messageGet',
        { chatId, messageId: 'first' },
        error('messageGet', 'invalid-input', 'content.messageId'),
      ],
      [
        'allowUserToJoinChat',
        { chatId, symKey: 'k', joinerId: nobody },
        error('allowUserToJoinChat', 'not-a-member', 'chatId'),
      ],
    ]
    for (const [type, content, refusal] of refusals) {
      bob.say(type, content)
      expect(await bob.client.next(), `${type} ${JSON.stringify(content).slice(0, 80)}`).toEqual(refusal)
    }
    ann.say('joinChat', { chatId, pubKey: 'k' })
    expect(await ann.client.next()).toEqual(error('joinChat', 'already-a-member'))
    ann.say('allowUserToJoinChat', { chatId, symKey: 'k', joinerId: bob.userId })
    expect(await ann.client.next()).toEqual(error('allowUserToJoinChat', 'not-found', 'joinerId'))
    expect(await ann.client.ask({ type: 'createChat', content: { chatName: 'x' } })).toEqual(
      error('createChat', 'invalid-input', 'content.access_id'),
    )
    expect(await ann.client.ask({ type: 'createChat' })).toEqual(
      error('createChat', 'invalid-input', 'content'),
    )
    await letIn(ann, bob, chatId)
    bob.say('allowUserToJoinChat', { chatId, symKey: 'k', joinerId: ann.userId })
    expect(await bob.client.next()).toEqual(error('allowUserToJoinChat', 'not-allowed', 'role'))
  })

  test('an admin who is not the founder lets nobody in here', async () => {
    await using stage = await SealedStage.open()
    using ann = await stage.person('ann')
    using bob = await stage.person('bob')
    using cid = await stage.person('cid')
    const chatId = await ann.makeChat()
    await letIn(ann, bob, chatId)
    await stage.server.chat.db.write((tx) => tx.members.setRole(chatId, bob.userId, 'admin'))
    cid.say('joinChat', { pubKey: 'k', chatId })
    await ann.client.next()
    expect(await bob.client.saidSoFar()).toEqual([])
    bob.say('allowUserToJoinChat', { chatId, symKey: 'k', joinerId: cid.userId })
    expect(await bob.client.next()).toMatchObject({ error: { code: 'not-allowed' } })
  })

  test('before signing in nothing can be done, and without an account nothing but making it', async () => {
    await using stage = await SealedStage.open()
    using client = await stage.connect()
    const access_id = await stage.accessId('ann')
    const list = { type: 'listChats', content: { access_id } }
    expect(await client.ask(list)).toMatchObject({ error: { type: 'listChats', code: 'signed-out' } })
    client.send({ type: 'signIn', content: { access_id } })
    expect(await client.ask(list)).toMatchObject({ error: { type: 'listChats', code: 'signed-out' } })
    client.send({ type: 'createUser', content: { access_id, username: 'ann' } })
    await client.next()
    expect(await client.ask(list)).toEqual({ chats: [] })
  })

  test('an identity without an account may take its time to choose a username', async () => {
    const clock = new FakeClock(Date.now())
    await using stage = await SealedStage.open({ clock })
    using client = await stage.connect()
    const access_id = await stage.accessId('ann')
    client.send({ type: 'signIn', content: { access_id } })
    expect(await client.saidSoFar()).toEqual([])
    clock.advance(5_250)
    const created = await client.ask({ type: 'createUser', content: { access_id, username: 'ann' } })
    expect(created).toMatchObject({ userCreated: { username: 'ann' } })
  })

  test('whose account was made on another connection has it here from the next sign-in on', async () => {
    await using stage = await SealedStage.open()
    const access_id = await stage.accessId('ann')
    using first = await stage.connect()
    using second = await stage.connect()
    for (const client of [first, second]) client.send({ type: 'signIn', content: { access_id } })
    await second.saidSoFar()
    await first.ask({ type: 'createUser', content: { access_id, username: 'ann' } })
    const again = await second.ask({ type: 'createUser', content: { access_id, username: 'ann2' } })
    expect(again).toMatchObject({ error: { type: 'createUser', code: 'username-taken' } })
    second.send({ type: 'signIn', content: { access_id } })
    expect(await second.ask({ type: 'listChats', content: { access_id } })).toEqual({ chats: [] })
  })

  test('signing in again on a connection brings the requests that wait once more, and no acceptance twice', async () => {
    await using stage = await SealedStage.open()
    using ann = await stage.person('ann')
    using bob = await stage.person('bob')
    using cid = await stage.person('cid')
    const chatId = await ann.makeChat()
    await letIn(ann, bob, chatId)
    cid.say('joinChat', { chatId, pubKey: 'of Cid' })
    const request = { requestToJoinChat: { joinerId: cid.userId, pubKey: 'of Cid', chatId } }
    expect(await ann.client.next()).toEqual(request)
    ann.say('signIn')
    expect(await ann.client.next()).toEqual(request)
    bob.say('signIn')
    expect(await bob.client.saidSoFar()).toEqual([])
  })

  test('an access id of somebody else is refused, a newer one of the same identity is not', async () => {
    await using stage = await SealedStage.open()
    using ann = await stage.person('ann')
    using bob = await stage.person('bob')
    const asBob = { type: 'createChat', content: { access_id: bob.access_id, chatName: 'x' } }
    const refused = { error: { code: 'identity-unverified', message: expect.stringContaining('access_id') } }
    expect(await ann.client.ask(asBob)).toMatchObject(refused)
    expect(await ann.client.ask({ type: 'signIn', content: { access_id: bob.access_id } })).toMatchObject(
      refused,
    )
    const newer = await stage.provider.idToken({ sub: 'subject-of-ann', jti: 'another' })
    expect(await ann.client.ask({ type: 'listChats', content: { access_id: newer } })).toEqual({ chats: [] })
  })

  test.for([
    ['expired', { exp: 1_000 }, 'own'],
    ['of another audience', { aud: 'another' }, 'own'],
    ['of another issuer', { iss: 'https://other.example' }, 'own'],
    ['signed by another key', {}, 'foreign'],
  ] as const)('an ID token that is %s is refused', async ([, claims, key]) => {
    await using stage = await SealedStage.open()
    using client = await stage.connect()
    const access_id = await stage.provider.idToken({ sub: 'x', ...claims }, { key })
    const refusal = { error: { code: 'identity-unverified', message: expect.stringContaining('access_id') } }
    expect(await client.ask({ type: 'signIn', content: { access_id } })).toMatchObject(refusal)
    expect(await client.ask({ type: 'createUser', content: { access_id, username: 'ann' } })).toMatchObject(
      refusal,
    )
  })

  test('an identity makes one account, and its username is nobody else’s', async () => {
    await using stage = await SealedStage.open()
    using ann = await stage.person('ann')
    ann.say('createUser', { username: 'other' })
    expect(await ann.client.next()).toMatchObject({ error: { type: 'createUser', code: 'username-taken' } })
    using client = await stage.connect()
    const access_id = await stage.accessId('bob')
    const taken = await client.ask({ type: 'createUser', content: { access_id, username: 'ANN' } })
    expect(taken).toMatchObject({
      error: { type: 'createUser', code: 'username-taken', message: expect.stringContaining('username') },
    })
    const fine = await client.ask({ type: 'createUser', content: { access_id, username: 'bob' } })
    expect(fine).toMatchObject({ userCreated: { username: 'bob' } })
  })

  test('a server without an issuer takes sessions only, and says so', async () => {
    await using server = await startServer({ settings: { gateways: ['sealed'] } })
    using client = await NoteClient.open(server, '/gateway/sealed')
    const refused = await client.ask({ type: 'signIn', content: { access_id: 'a.b.c' } })
    expect(refused).toMatchObject({ error: { type: 'signIn', code: 'identity-unverified' } })
  })
})

describe('beside everything else', () => {
  test('a session token is an access id, and the session outlives the connection', async () => {
    await using server = await startServer({ settings: { gateways: ['sealed'] } })
    await using ann = await signUp(server)
    const client = await NoteClient.open(server, '/gateway/sealed')
    client.send({ type: 'signIn', content: { access_id: ann.token } })
    expect(await client.ask({ type: 'listChats', content: { access_id: ann.token } })).toEqual({ chats: [] })
    expect(await ann.http.sessions.list.query()).toMatchObject([{ online: true }])
    await client.leave()
    expect(await ann.http.sessions.list.query()).toHaveLength(1)
  })

  test('a session made for a connection has its name, and ends with it', async () => {
    await using stage = await SealedStage.open()
    using ann = await stage.person('ann')
    const other = await stage.again(ann)
    await other.client.saidSoFar()
    const { read } = stage.server.chat.db
    const sessions = () => read.sessions.ofAccount(ann.userId)
    expect((await sessions()).map(({ deviceName }) => deviceName)).toEqual([
      'Gateway: sealed',
      'Gateway: sealed',
    ])
    const ended = Promise.withResolvers<void>()
    using _ = stage.server.chat.delivery.onSessionEnded(() => ended.resolve())
    await other.client.leave()
    await ended.promise
    expect(await sessions()).toHaveLength(1)
  })

  test('every connection of an account gets what is posted', async () => {
    await using stage = await SealedStage.open()
    using ann = await stage.person('ann')
    using other = await stage.again(ann)
    await other.client.saidSoFar()
    const chatId = await ann.makeChat()
    other.say('messagePost', { chatId, messageContent: 'hello' })
    expect(await ann.client.next()).toMatchObject({ receivedMessage: { messageContent: 'hello' } })
    expect(await other.client.nexts(2)).toContainEqual({ response: 'Message posted successfully' })
  })

  test('the typed API sees the same conversation, and its messages come here', async () => {
    await using stage = await SealedStage.open()
    using ann = await stage.person('ann')
    await using bob = await signUp(stage.server)
    const chatId = await ann.makeChat('Garden')
    const { groups } = await bob.http.conversations.listed.query({})
    expect(groups).toMatchObject([{ id: chatId, name: 'Garden', joinPolicy: 'approval', sealed: true }])
    const conversationId = chatId
    const keyMaterial = Buffer.from('of Bob').toString('base64url')
    await bob.http.joinRequests.ask.mutate({ conversationId, keyMaterial })
    expect(await ann.client.next()).toMatchObject({ requestToJoinChat: { pubKey: 'of Bob' } })
    ann.say('allowUserToJoinChat', { symKey: 'the key', chatId, joinerId: bob.account.id })
    await ann.client.saidSoFar()
    ann.say('messagePost', { chatId, messageContent: 'from the gateway' })
    await ann.client.nexts(2)
    const sealed = Buffer.from('from the API').toString('base64url')
    const clientMessageId = newClientMessageId()
    await bob.http.messages.send.mutate({
      conversationId,
      clientMessageId,
      content: { kind: 'sealed', sealed },
    })
    expect(await ann.client.next()).toMatchObject({
      receivedMessage: { user_id: bob.account.id, messageContent: 'from the API' },
    })
    const { messages } = await bob.http.messages.page.query({ conversationId })
    const texts = messages.map(({ content }) =>
      content.kind === 'sealed' ? Buffer.from(content.sealed, 'base64url').toString() : content.kind,
    )
    expect(texts).toEqual(['from the gateway', 'from the API'])
  })

  test('P6: a removed member gets nothing from then on, and no messages on asking', async () => {
    await using stage = await SealedStage.open()
    using ann = await stage.person('ann')
    using bob = await stage.person('bob')
    const chatId = await ann.makeChat()
    await letIn(ann, bob, chatId)
    ann.say('messagePost', { chatId, messageContent: 'before' })
    await ann.client.nexts(2)
    expect(await bob.client.next()).toMatchObject({ receivedMessage: { messageContent: 'before' } })
    await stage.remove(ann, chatId, bob.userId)
    ann.say('messagePost', { chatId, messageContent: 'after' })
    await ann.client.nexts(2)
    expect(await bob.client.saidSoFar()).toEqual([])
    bob.say('messageGet', { chatId })
    expect(await bob.client.next()).toMatchObject({ error: { type: 'messageGet', code: 'not-a-member' } })
  })

  test('P6: revoking the session closes the connection with 4401', async () => {
    await using server = await startServer({ settings: { gateways: ['sealed'] } })
    await using ann = await signUp(server)
    const other = await httpApi(server.url).account.signIn.mutate({
      username: ann.username,
      password: ann.password,
    })
    using client = await NoteClient.open(server, '/gateway/sealed')
    client.send({ type: 'signIn', content: { access_id: other.token } })
    await client.saidSoFar()
    await ann.http.sessions.revoke.mutate({ sessionId: other.sessionId })
    expect(await client.closed).toBe(4401)
  })

  test('the account is online while its connection is open', async () => {
    await using stage = await SealedStage.open()
    await using bob = await signUp(stage.server)
    const ann = await stage.person('ann')
    const watching = socketApi(stage.server.url, bob.token)
    const isOnline = async () =>
      (await watching.api.people.search.query({ words: 'ann' })).find(({ id }) => id === ann.userId)?.online
    expect(await isOnline()).toBe(true)
    await ann.client.leave()
    expect(await isOnline()).toBe(false)
    await watching.close()
  })
})
