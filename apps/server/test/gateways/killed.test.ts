import { signUp } from '@parley/testkit/people'
import { spawnServer } from '@parley/testkit/spawn-server'
import { expect, test } from 'vitest'
import { NoteClient, textIn } from './note-client.ts'

test('P1: what waits for whoever is away, and what was said, outlives a server that is killed', async () => {
  await using server = await spawnServer({ flags: { gateways: 'sealed,invites,poll' } })
  const ann = await signUp(server, { username: 'ann' })
  const bob = await signUp(server, { username: 'bob' })
  const signedIn = async ({ token }: { token: string }) => {
    const client = await NoteClient.open(server, '/gateway/sealed')
    client.send({ type: 'signIn', content: { access_id: token } })
    return client
  }
  const say = (client: NoteClient, { token }: { token: string }, type: string, content: object) =>
    client.send({ type, content: { access_id: token, ...content } })

  const founder = await signedIn(ann)
  say(founder, ann, 'createChat', { chatName: 'Garden' })
  const chatId = textIn(await founder.next(), 'chatCreated', 'chatId')
  say(founder, ann, 'messagePost', { chatId, messageContent: 'hello' })
  await founder.nexts(2)
  await founder.leave()
  const joiner = await signedIn(bob)
  say(joiner, bob, 'joinChat', { chatId, pubKey: 'of Bob' })
  await joiner.saidSoFar()
  await server.kill()
  await server.restart()

  using founderBack = await signedIn(ann)
  expect(await founderBack.next()).toEqual({
    requestToJoinChat: { joinerId: bob.account.id, pubKey: 'of Bob', chatId },
  })
  say(founderBack, ann, 'allowUserToJoinChat', { chatId, joinerId: bob.account.id, symKey: 'the key' })
  await founderBack.saidSoFar()
  await server.kill()
  await server.restart()

  using joinerBack = await signedIn(bob)
  expect(await joinerBack.next()).toEqual({ acceptedToChat: { symKey: 'the key', chatId } })
  say(joinerBack, bob, 'messageGet', { chatId })
  expect(await joinerBack.next()).toMatchObject({ receivedMessage: { messageContent: 'hello' } })
  using elsewhere = await NoteClient.open(server, `/gateway/invites?token=${bob.token}`)
  say(joinerBack, bob, 'messagePost', { chatId, messageContent: 'hello to you' })
  expect(JSON.stringify(await elsewhere.next())).toContain('hello to you')
  await Promise.all([ann.close(), bob.close()])
})
