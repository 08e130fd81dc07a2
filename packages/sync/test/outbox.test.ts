import { MessageId } from '@parley/domain/ids'
import { Position } from '@parley/domain/ids'
import { expect, test } from 'vitest'
import { makeGroup, send, signUp } from '@parley/testkit/people'
import type { Action } from '@parley/sync/actions'
import type { Engine } from '@parley/sync/engine'
import { caughtUp, openDevice, settled, texts, until } from './devices.ts'
import { stage } from './stage.ts'

const plain = (text: string) => ({ kind: 'plain', text }) as const

test('S10, S14: a group made offline can be written in at once, also after a restart, and all of it is made in order', async () => {
  await using on = await stage()
  await on.goOffline()
  const group = on.engine.act({
    kind: 'make-group',
    name: 'Made offline',
    description: '',
    joinPolicy: 'open',
    listed: true,
    members: [on.bob.account.id],
  })
  const local = group.makes
  if (local === null) throw new Error('It makes nothing')
  const said = on.engine.act({ kind: 'send', conversationId: local, content: plain('frist') })
  on.engine.act({ kind: 'edit', conversationId: local, messageId: said.id, content: plain('first') })
  on.engine.act({ kind: 'react', conversationId: local, messageId: said.id, emoji: '👍', on: true })
  on.engine.act({ kind: 'send', conversationId: local, content: plain('second'), replyTo: said.id })
  on.engine.act({ kind: 'rename', conversationId: local, name: 'Renamed offline' })
  on.engine.saveDraft(local, { text: 'not yet' })
  expect(texts(on.engine, local)).toEqual(['first (sending)', 'second (sending)'])
  expect(on.engine.conversation(local)).toMatchObject({
    conversation: { name: 'Renamed offline' },
    role: 'founder',
  })

  await using again = await on.device.reopen()
  const { engine } = again
  expect(texts(engine, local)).toEqual(['first (sending)', 'second (sending)'])
  on.goOnline(engine)
  await settled(engine)
  const made = engine.conversations().find(({ conversation }) => conversation.name === 'Renamed offline')
  if (!made) throw new Error('It was not made')
  expect(texts(engine, made.id)).toEqual(['first', 'second'])
  expect(made).toMatchObject({ memberCount: 2, draft: { text: 'not yet' } })
  const { items } = engine.timeline({ conversationId: made.id, at: { kind: 'newest' } })
  expect(items[0]?.reactions).toEqual([{ emoji: '👍', accountIds: [on.ada.account.id] }])
  expect(items[1]?.replyTo).toBe(items[0]?.id)
  expect(engine.conversations()).toHaveLength(2)
  expect(engine.conversation(local)?.id).toBe(made.id)
})

test('S21: a direct conversation that is opened here is found by its first name too, once the server has named it', async () => {
  await using on = await stage()
  const { makes } = on.engine.act({ kind: 'open-direct', accountId: on.bob.account.id })
  if (makes === null) throw new Error('It makes nothing')
  await settled(on.engine)
  const made = on.engine.conversations().find(({ otherId }) => otherId === on.bob.account.id)
  expect(made?.id).toMatch(/^c/)
  expect(on.engine.conversation(makes)?.id).toBe(made?.id)
})

test('S15: making a group is not repeated when the answer was lost and the group is there', async () => {
  await using on = await stage()
  on.proxy.stall('down')
  on.engine.act({
    kind: 'make-group',
    name: 'Once',
    description: '',
    joinPolicy: 'closed',
    listed: false,
    members: [],
  })
  const groups = async () =>
    (await on.ada.http.conversations.mine.query({})).conversations.filter(
      ({ conversation }) => conversation.name === 'Once',
    )
  while ((await groups()).length === 0);
  on.proxy.refuse()
  await until(on.engine, () => on.engine.outbox()[0]?.state === 'unconfirmed')
  await using again = await on.device.reopen()
  on.goOnline(again.engine)
  await settled(again.engine)
  expect(await groups()).toHaveLength(1)
  expect(
    again.engine.conversations().filter(({ conversation }) => conversation.name === 'Once'),
  ).toHaveLength(1)
})

test('S15, S21: two groups of one name, made on two devices whose answers are lost, are two', async () => {
  await using on = await stage()
  await using other = openDevice({ url: on.proxy.through(on.server.url) }, on.ada)
  await caughtUp(other.engine)
  on.proxy.stall('down')
  const engines = [on.engine, other.engine]
  const wish = { name: 'Twins', description: '', joinPolicy: 'closed', listed: false, members: [] } as const
  const made = engines.map((engine) => engine.act({ kind: 'make-group', ...wish, members: [] }).makes)
  const groups = async () =>
    (await on.ada.http.conversations.mine.query({})).conversations.filter(
      ({ conversation }) => conversation.name === 'Twins',
    )
  while ((await groups()).length < 2);
  on.proxy.refuse()
  for (const engine of engines) await until(engine, () => engine.outbox()[0]?.state === 'unconfirmed')
  for (const engine of engines) on.goOnline(engine)
  for (const engine of engines) await settled(engine)
  expect(await groups()).toHaveLength(2)
  const found = engines.map((engine, index) => engine.conversation(made[index] ?? on.id)?.id)
  expect(new Set(found).size).toBe(2)
  for (const engine of engines) {
    await until(engine, (each) => each.conversations().length === 3)
    expect(new Set(engine.conversations().map(({ id }) => id))).toEqual(new Set([on.id, ...found]))
  }
})

test('S16, S8: somebody who was removed while offline loses the conversation, and keeps the own words until undone', async () => {
  await using on = await stage()
  await using device = openDevice({ url: on.proxy.through(on.server.url) }, on.bob)
  const { engine } = device
  await caughtUp(engine)
  await send(on.ada, on.id, 'a secret word')
  await until(engine, () => engine.search({ words: 'secret' }).messages.length === 1)
  on.proxy.refuse()
  await until(engine, () => engine.connection().kind === 'waiting')
  const operation = engine.act({ kind: 'send', conversationId: on.id, content: plain('too late') })
  engine.saveDraft(on.id, { text: 'never' })
  await on.ada.http.conversations.removeMember.mutate({ conversationId: on.id, accountId: on.bob.account.id })
  on.goOnline(engine)
  const refused = await until(engine, () => engine.outbox().find(({ state }) => state === 'refused'))
  expect(refused).toMatchObject({ id: operation.id, problem: { kind: 'not-a-member' } })
  expect(engine.conversation(on.id)).toBeNull()
  expect(engine.conversations()).toEqual([])
  expect(engine.search({ words: 'secret' }).messages).toEqual([])
  expect(engine.draft(on.id)).toBeNull()
  expect(engine.undo(operation.id)).toBe(true)
  expect(engine.outbox()).toEqual([])
})

test('S16: a refused change is shown as it was, and can be sent again under its id once it may', async () => {
  await using on = await stage()
  await using device = openDevice(on.server, on.bob)
  const { engine } = device
  await caughtUp(engine)
  const operation = engine.act({ kind: 'rename', conversationId: on.id, name: 'By a member' })
  expect(engine.conversation(on.id)?.conversation.name).toBe('By a member')
  await until(engine, () => engine.outbox()[0]?.state === 'refused')
  expect(engine.outbox()[0]?.problem?.kind).toBe('not-allowed')
  expect(engine.conversation(on.id)).toMatchObject({
    conversation: { name: 'A group' },
    pending: [operation.id],
    problems: 1,
  })
  await on.ada.http.conversations.setRole.mutate({
    conversationId: on.id,
    accountId: on.bob.account.id,
    role: 'admin',
  })
  engine.retry(operation.id)
  await settled(engine)
  expect(engine.conversation(on.id)?.conversation.name).toBe('By a member')
})

test('S14: what depends on a refused message waits with it, and goes with it when it is undone', async () => {
  await using on = await stage()
  const first = on.engine.act({
    kind: 'send',
    conversationId: on.id,
    content: plain('x'),
    replyTo: MessageId.parse(1),
  })
  on.engine.act({ kind: 'edit', conversationId: on.id, messageId: first.id, content: plain('y') })
  on.engine.act({ kind: 'send', conversationId: on.id, content: plain('goes on') })
  await until(on.engine, () => on.engine.outbox().length === 2)
  await until(on.engine, () => on.engine.outbox()[0]?.state === 'refused')
  expect(texts(on.engine, on.id)).toEqual(['goes on', 'y (failed)'])
  expect(on.engine.undo(first.id)).toBe(true)
  expect(on.engine.outbox()).toEqual([])
})

test('S7: a log that was cut off behind the reader is healed by a snapshot, and the outbox is kept', async () => {
  await using on = await stage()
  await using left = await signUp(on.server)
  const gone = await makeGroup(left, [on.ada], { name: 'Gone' })
  await send(on.bob, on.id, 'before')
  await until(on.engine, () => on.engine.conversations().length === 2 && texts(on.engine, on.id).length === 1)
  await on.goOffline()
  const [before] = on.engine.timeline({ conversationId: on.id, at: { kind: 'newest' } }).items
  const messageId = MessageId.parse(before?.id)
  await on.bob.http.messages.edit.mutate({ conversationId: on.id, messageId, content: plain('changed') })
  await left.http.conversations.removeMember.mutate({ conversationId: gone, accountId: on.ada.account.id })
  const { db } = on.server.chat
  await db.write((tx) => tx.log.prune(Position.parse(db.head()), 10_000))
  on.engine.act({ kind: 'send', conversationId: on.id, content: plain('kept') })
  on.goOnline()
  await settled(on.engine)
  await until(on.engine, () => texts(on.engine, on.id).length === 2)
  expect(texts(on.engine, on.id)).toEqual(['changed', 'kept'])
  expect(on.engine.conversations().map(({ id }) => id)).toEqual([on.id])
  expect(on.engine.search({ words: 'before' }).messages).toEqual([])
})

test('two devices of one account converge on what is read, changed and left', async () => {
  await using on = await stage()
  await using other = openDevice(on.server, on.ada)
  await caughtUp(other.engine)
  await send(on.bob, on.id, 'one')
  await send(on.bob, on.id, 'two')
  await until(other.engine, () => other.engine.conversation(on.id)?.unread === 2)
  await until(on.engine, () => texts(on.engine, on.id).length === 2)
  await on.goOffline()
  const [one, two] = on.engine.timeline({ conversationId: on.id, at: { kind: 'newest' } }).items
  const act = (action: Action) => on.engine.act(action)
  act({ kind: 'mark-read', conversationId: on.id, messageId: MessageId.parse(one?.id) })
  act({ kind: 'mark-read', conversationId: on.id, messageId: MessageId.parse(two?.id) })
  expect(on.engine.outbox()).toHaveLength(1)
  expect(on.engine.conversation(on.id)?.unread).toBe(0)
  act({ kind: 'react', conversationId: on.id, messageId: MessageId.parse(one?.id), emoji: '🎉', on: true })
  act({ kind: 'describe', conversationId: on.id, description: 'Described offline' })
  const own = act({ kind: 'send', conversationId: on.id, content: plain('mine') })
  act({ kind: 'delete', conversationId: on.id, messageId: own.id })
  on.goOnline()
  await settled(on.engine)
  await until(other.engine, () => texts(other.engine, on.id).at(-1) === 'deleted')
  for (const { engine } of [on, other]) {
    expect(texts(engine, on.id)).toEqual(['one', 'two', 'deleted'])
    expect(engine.conversation(on.id)).toMatchObject({
      unread: 0,
      conversation: { description: 'Described offline' },
    })
  }
  const view = (engine: Engine) => engine.timeline({ conversationId: on.id, at: { kind: 'newest' } })
  expect(view(other.engine).items).toEqual(view(on.engine).items)
})
