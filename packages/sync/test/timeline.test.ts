import { MessageId } from '@parley/domain/ids'
import { expect, test } from 'vitest'
import { makeGroup, send, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import type { Timeline } from '@parley/sync/views'
import { caughtUp, openDevice, texts, until } from './devices.ts'

/** Somebody's device in a group in which another has said `word 1` to `word 250`. */
async function stage() {
  const stack = new AsyncDisposableStack()
  const server = stack.use(await startServer())
  const ada = stack.use(await signUp(server))
  const bob = stack.use(await signUp(server))
  const id = await makeGroup(ada, [bob])
  for (let index = 1; index <= 250; index += 1) await send(bob, id, `word ${index}`)
  const device = stack.use(openDevice(server, ada))
  const { engine } = device
  await caughtUp(engine)
  await until(engine, () => engine.timeline({ conversationId: id, at: { kind: 'newest' } }).items.length > 1)
  return { ada, bob, id, device, engine, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

const ordinals = ({ items }: Timeline) => items.map(({ ordinal }) => ordinal)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

test('S5: a window ends where something is not held, says so, and goes on once it is filled', async () => {
  await using on = await stage()
  const { engine, id: conversationId } = on
  const newest = engine.timeline({ conversationId, at: { kind: 'newest' }, limit: 400 })
  expect(ordinals(newest)).toEqual(range(151, 250))
  expect(newest).toMatchObject({ older: 'missing', newer: 'none' })

  // Somewhere in the middle of what is not held.
  const { messages } = await on.ada.http.messages.page.query({ conversationId, limit: 200 })
  const id = (ordinal: number) =>
    MessageId.parse((messages.find((message) => message.ordinal === ordinal) ?? { id: 0 }).id)
  await engine.fill(conversationId, { kind: 'before', messageId: id(100) })
  const around = engine.timeline({ conversationId, at: { kind: 'around', messageId: id(90) }, limit: 400 })
  expect(ordinals(around)).toEqual(range(1, 99))
  expect(around).toMatchObject({ older: 'none', newer: 'missing' })
  expect(ordinals(engine.timeline({ conversationId, at: { kind: 'newest' }, limit: 400 }))).toEqual(
    range(151, 250),
  )

  await engine.fill(conversationId, { kind: 'after', messageId: id(99) })
  const whole = engine.timeline({ conversationId, at: { kind: 'newest' }, limit: 400 })
  expect(ordinals(whole)).toEqual(range(1, 250))
  expect(whole).toMatchObject({ older: 'none', newer: 'none' })
  const before = engine.timeline({ conversationId, at: { kind: 'before', messageId: id(100) }, limit: 10 })
  expect(ordinals(before)).toEqual(range(90, 99))
  expect(before).toMatchObject({ older: 'held', newer: 'held' })
  const after = engine.timeline({ conversationId, at: { kind: 'after', messageId: id(245) }, limit: 10 })
  expect(ordinals(after)).toEqual(range(246, 250))
  expect(after).toMatchObject({ older: 'held', newer: 'none' })
})

test('S5: it opens at the first unread where that is held', async () => {
  await using on = await stage()
  const { engine, id: conversationId } = on
  const { items } = engine.timeline({ conversationId, at: { kind: 'newest' } })
  const read = items.find(({ ordinal }) => ordinal === 220)
  engine.act({ kind: 'mark-read', conversationId, messageId: MessageId.parse(read?.id) })
  expect(engine.conversation(conversationId)?.unread).toBe(30)
  await until(engine, () => engine.outbox().length === 0)
  const opened = engine.timeline({ conversationId, at: { kind: 'first-unread' }, limit: 21 })
  expect(ordinals(opened)).toEqual(range(211, 231))
  expect(opened.firstUnreadId).toBe(items.find(({ ordinal }) => ordinal === 221)?.id)
})

test('S1: where everything is kept, the whole history comes in the background', async () => {
  await using on = await stage()
  const { engine, id: conversationId } = on
  engine.keepEverything(true)
  const whole = await until(engine, () => {
    const timeline = engine.timeline({ conversationId, at: { kind: 'newest' }, limit: 400 })
    return timeline.older === 'none' && timeline
  })
  expect(ordinals(whole)).toEqual(range(1, 250))
})

test('S30: a store shows everything at once without a server, and what is done is kept', async () => {
  await using on = await stage()
  await using offline = await on.device.reopen('http://127.0.0.1:1')
  const { engine } = offline
  expect(engine.conversations()).toMatchObject([{ id: on.id, unread: 250 }])
  expect(texts(engine, on.id)).toHaveLength(60)
  expect(engine.me()?.id).toBe(on.ada.account.id)
  engine.act({ kind: 'send', conversationId: on.id, content: { kind: 'plain', text: 'on a train' } })
  expect(texts(engine, on.id).at(-1)).toBe('on a train (sending)')
  expect(engine.conversation(on.id)).toMatchObject({ unread: 0 })
})

test('S32: what is held is found offline, by words and beginnings, as it now is', async () => {
  await using on = await stage()
  const { engine, id: conversationId } = on
  await send(on.bob, conversationId, 'Die Straßenbahn fährt, "heute" AND-nicht')
  const said = await send(on.bob, conversationId, 'Nothing to see')
  await until(engine, () => engine.search({ words: 'nothing' }).messages.length === 1)
  const found = (words: string) => engine.search({ words }).messages.map(({ ordinal }) => ordinal)
  expect(found('fahrt strass')).toEqual([])
  expect(found('fahrt straß')).toEqual([251])
  expect(found('"heute" AND')).toEqual([251])
  expect(found('* ^ ( "')).toEqual([])
  const first = engine.search({ words: 'word', limit: 10 })
  expect(first.messages.map(({ ordinal }) => ordinal)).toEqual(range(241, 250).toReversed())
  const more = engine.search({ words: 'word', limit: 10, ...(first.next && { before: first.next }) })
  expect(more.messages[0]?.ordinal).toBe(240)

  const { messageId } = said
  await on.bob.http.messages.edit.mutate({
    conversationId,
    messageId,
    content: { kind: 'plain', text: 'Something' },
  })
  await until(engine, () => found('something').length === 1)
  expect(found('nothing')).toEqual([])
  await on.bob.http.messages.delete.mutate({ conversationId, messageId })
  await until(engine, () => found('something').length === 0)
  const server = (await Array.fromAsync(engine.searchEverywhere({ words: 'word 1' }))).at(-1)
  expect(server).toMatchObject({ scope: 'everything' })
  expect(server?.messages.map(({ ordinal }) => ordinal)).toContain(1)
})
