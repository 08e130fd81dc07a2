import { signUp } from '@parley/testkit/people'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inside, textIn } from './note-client.ts'
import { SealedStage } from './sealed-stage.ts'

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
