import { MessageId } from '@parley/domain/ids'
import { expect, test } from 'vitest'
import { makeGroup, send, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { caughtUp, openDevice, settled, texts, until } from './devices.ts'

test('S1: the first snapshot brings the conversations, and then the newest page of each', async () => {
  await using server = await startServer()
  await using ada = await signUp(server, { username: 'ada' })
  await using bob = await signUp(server, { username: 'bob' })
  const id = await makeGroup(ada, [bob], { name: 'Engines' })
  for (let i = 1; i <= 5; i++) await send(bob, id, `word ${i}`)

  await using device = openDevice(server, ada)
  const { engine } = device
  const [view] = await until(engine, (each) => each.conversations().length > 0 && each.conversations())
  expect(view).toMatchObject({
    id,
    conversation: { name: 'Engines' },
    unread: 5,
    role: 'founder',
    memberCount: 2,
  })
  expect(view?.lastMessage?.content).toEqual({ kind: 'plain', text: 'word 5' })
  await until(engine, (each) => texts(each, id).length === 5)
  expect(engine.timeline({ conversationId: id, at: { kind: 'newest' } })).toMatchObject({
    older: 'none',
    newer: 'none',
  })
  await until(engine, (each) => each.people().length === 2)
})

test('S10: what is done is shown at once, sent, and confirmed by the stream', async () => {
  await using server = await startServer()
  await using ada = await signUp(server)
  await using bob = await signUp(server)
  const id = await makeGroup(ada, [bob])
  await using device = openDevice(server, ada)
  await using other = openDevice(server, bob)
  await Promise.all([caughtUp(device.engine), caughtUp(other.engine)])

  device.engine.act({ kind: 'send', conversationId: id, content: { kind: 'plain', text: 'hello' } })
  expect(texts(device.engine, id)).toEqual(['hello (sending)'])
  await settled(device.engine)
  expect(texts(device.engine, id)).toEqual(['hello'])
  const message = await until(
    other.engine,
    (each) => each.timeline({ conversationId: id, at: { kind: 'newest' } }).items[0],
  )
  expect(other.engine.conversation(id)).toMatchObject({ unread: 1 })

  other.engine.act({ kind: 'mark-read', conversationId: id, messageId: MessageId.parse(message.id) })
  expect(other.engine.conversation(id)).toMatchObject({ unread: 0 })
  await settled(other.engine)
  expect(other.engine.conversation(id)).toMatchObject({ unread: 0 })
})

test('S22: somebody who is added to a group that has a past begins with nothing unread, and counts from there', async () => {
  await using server = await startServer()
  await using ada = await signUp(server)
  await using bob = await signUp(server)
  const id = await makeGroup(ada)
  for (let i = 1; i <= 5; i++) await send(ada, id, `word ${i}`)
  await using device = openDevice(server, bob)
  const { engine } = device
  await caughtUp(engine)
  await ada.api.conversations.addMembers.mutate({ conversationId: id, accountIds: [bob.account.id] })
  await until(engine, (each) => texts(each, id).length === 5)
  expect(engine.conversation(id)).toMatchObject({ unread: 0 })
  await send(ada, id, 'word 6')
  await until(engine, (each) => texts(each, id).length === 6)
  expect(engine.conversation(id)).toMatchObject({ unread: 1 })
})
