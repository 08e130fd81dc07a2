import { FakeClock } from '@parley/testkit/fake-clock'
import { startServer } from '@parley/testkit/start-server'
import { describe, expect, test } from 'vitest'
import { NoteClient } from './note-client.ts'
import { letIn, SealedStage } from './sealed-stage.ts'

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
