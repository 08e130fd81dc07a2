import { httpApi, newClientMessageId, signUp, socketApi } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { describe, expect, test } from 'vitest'
import { NoteClient } from './note-client.ts'
import { letIn, SealedStage } from './sealed-stage.ts'

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
