import { expect, test } from 'vitest'
import { until } from '../devices.ts'
import { did, isOpen, named, say, sealedGroup, sealedStage, sees, shown } from './people.ts'

test('S60: the first device of an account begins its list by itself, and is ready', async () => {
  await using stage = await sealedStage(['ada'])
  const ada = named(stage.people, 0)
  const { engine } = ada
  expect(engine.encryption()).toMatchObject({ kind: 'ready', recovery: 'none' })
  expect(engine.devices()).toMatchObject([{ kind: 'person', current: true, revoked: false }])
  // After a restart it is the same one.
  const before = engine.devices()
  const again = await ada.device.reopen()
  stage.stack.use(again)
  expect(again.engine.encryption().kind).toBe('ready')
  expect(again.engine.devices()).toEqual(before)
})

test('S63: what is said in a sealed group is read by its members, and by nobody else', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const ada = named(stage.people, 0)
  const ben = named(stage.people, 1)
  const id = await sealedGroup(ada, [ben])
  await isOpen(ada.engine, id)
  await say(ada, id, 'the key is under the pot')
  await until(ben.engine, (each) => each.conversation(id))
  await sees(ben.engine, id, ['the key is under the pot'])
  await isOpen(ben.engine, id)
  await say(ben, id, 'found it')
  await sees(ada.engine, id, ['the key is under the pot', 'found it'])
  expect(ben.engine.search({ words: 'pot' }).messages.length).toBe(1)
  const { messages } = await ada.person.api.messages.page.query({ conversationId: id })
  expect(messages.map(({ content }) => content.kind)).toEqual(['sealed', 'sealed'])
  expect(JSON.stringify(messages)).not.toContain('pot')
})

test('S63: replies, mentions, edits and reactions go sealed, and are shown as in any other conversation', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const ada = named(stage.people, 0)
  const ben = named(stage.people, 1)
  const id = await sealedGroup(ada, [ben])
  await say(ada, id, 'hello', { mentions: [ben.id] })
  await sees(ben.engine, id, ['hello'])
  const items = () => ben.engine.timeline({ conversationId: id, at: { kind: 'newest' } }).items
  const [first] = items()
  expect(first).toMatchObject({ sealed: true, mentionsMe: true, mentions: [ben.id] })
  expect(ben.engine.conversation(id)).toMatchObject({ unread: 1, mentions: 1 })
  if (!first?.id) throw new Error('It has an id')
  await say(ben, id, 'hi', { replyTo: first.id })
  await did(ben.engine, { kind: 'react', conversationId: id, messageId: first.id, emoji: '👍', on: true })
  await until(ada.engine, (each) => {
    const [one, two] = each.timeline({ conversationId: id, at: { kind: 'newest' } }).items
    return one?.reactions[0]?.emoji === '👍' && two?.replyTo === first.id
  })
  await did(ada.engine, {
    kind: 'edit',
    conversationId: id,
    messageId: first.id,
    content: { kind: 'plain', text: 'good morning' },
  })
  await sees(ben.engine, id, ['good morning', 'hi'])
  await did(ben.engine, { kind: 'react', conversationId: id, messageId: first.id, emoji: '👍', on: false })
  await until(ada.engine, (each) => {
    const [one] = each.timeline({ conversationId: id, at: { kind: 'newest' } }).items
    return one?.reactions.length === 0
  })
  expect(shown(ada.engine, id)).toEqual(['good morning', 'hi'])
})

test('S63: a plain group is turned sealed, and a direct conversation made so', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const ada = named(stage.people, 0)
  const ben = named(stage.people, 1)
  const id = await sealedGroup(ada, [ben], { sealed: undefined, history: undefined })
  await say(ada, id, 'in the clear')
  await did(ada.engine, { kind: 'turn-sealed', conversationId: id, history: 'joining' })
  await until(ada.engine, (each) => each.conversation(id)?.conversation.sealed)
  await isOpen(ada.engine, id)
  await say(ada, id, 'sealed')
  await sees(ben.engine, id, ['in the clear', 'sealed'])
  expect(ben.engine.sealedNotices(id)).toMatchObject([{ kind: 'sealed', by: ada.id }])
  const opened = await did(ada.engine, { kind: 'open-direct', accountId: ben.id, sealed: true })
  const direct = await until(ben.engine, (each) =>
    each.conversations().find(({ otherId }) => otherId === ada.id),
  )
  if (!opened.makes) throw new Error('It makes one')
  await did(ada.engine, {
    kind: 'send',
    conversationId: direct.id,
    content: { kind: 'plain', text: 'between us' },
  })
  await until(ben.engine, (each) => {
    const [one] = each.timeline({ conversationId: direct.id, at: { kind: 'newest' } }).items
    return one?.content.kind === 'plain' && one.content.text === 'between us'
  })
})
