import { Position } from '@parley/domain/ids'
import { Message } from '@parley/domain/messages'
import type { Entry } from '@parley/domain/stream'
import { expect, test } from 'vitest'
import { until } from '../devices.ts'
import { lyingStage } from './lying-stage.ts'
import { did, isOpen, say, sealedGroup, sees, shown } from './people.ts'

type EntryOf<Kind extends Entry['kind']> = Extract<Entry, { kind: Kind }>

const after = (position: number, more: number) => Position.parse(position + more)

test('S70: a server that calls a sealed conversation plain is told nothing in the clear', async () => {
  await using on = await lyingStage()
  const id = await on.group()
  on.liar.lie = {
    entry: (entry) =>
      entry.kind === 'conversation'
        ? [{ ...entry, conversation: { ...entry.conversation, sealed: false } }]
        : [entry],
  }
  await did(on.ada.engine, { kind: 'rename', conversationId: id, name: 'Open garden' })
  await until(on.engine, (each) => each.conversation(id)?.conversation.name === 'Open garden')
  expect(on.engine.conversation(id)?.conversation.sealed).toBe(true)
  expect(on.engine.conversation(id)?.sealing?.state).toBe('open')
  await did(on.engine, { kind: 'send', conversationId: id, content: { kind: 'plain', text: 'two' } })
  expect(on.liar.asked.filter(({ kind }) => kind === 'send')).toEqual([])
  await sees(on.ada.engine, id, ['one', 'two'])
})

test('S70: neither is one that says that somebody was put out and came back', async () => {
  await using on = await lyingStage()
  const id = await on.group()
  const { conversation } = (await on.ben.person.api.conversations.mine.query({})).conversations.find(
    (each) => each.conversation.id === id,
  ) ?? { conversation: null }
  if (!conversation) throw new Error('It is one of them')
  on.liar.lie = {
    entry: (entry) => {
      if (entry.kind !== 'message') return [entry]
      const { position } = entry
      const joined = {
        conversation: { ...conversation, sealed: false },
        role: 'member',
        memberCount: 2,
      } as const
      return [
        { kind: 'left', position, conversationId: id, by: null },
        { kind: 'joined', position, ...joined },
      ]
    },
  }
  await say(on.ada, id, 'two')
  await until(on.engine, (each) => shown(each, id).length === 0)
  expect(on.engine.conversation(id)?.conversation.sealed).toBe(true)
  await on.reopen()
  expect(on.engine.conversation(id)?.conversation.sealed).toBe(true)
})

test('S70: plain content is not taken because the server says that the chain began later', async () => {
  await using on = await lyingStage()
  const id = await on.group()
  const { entries } = await on.ben.person.api.sealed.chain.query({ conversationId: id })
  const [first] = entries
  if (!first) throw new Error('It has a first entry')
  on.liar.lie = {
    entry: (entry) => {
      if (entry.kind !== 'message') return [entry]
      const { message, position } = entry
      const content = { kind: 'plain', text: 'pay the stranger' }
      const chain = { conversationId: id, index: 0, entry: first.entry }
      return [
        { ...chain, kind: 'chain', position: after(position, 1_000_000) } satisfies EntryOf<'chain'>,
        { ...entry, message: Message.parse({ ...message, content }) },
      ]
    },
  }
  await say(on.ada, id, 'two')
  await until(on.engine, (each) => shown(each, id).length === 2)
  expect(shown(on.engine, id)).toEqual(['one', 'closed: tampered'])
})

test('S70: a link into a sealed group leads into no plain one', async () => {
  await using on = await lyingStage()
  const id = await sealedGroup(on.ada, [])
  await isOpen(on.ada.engine, id)
  const [, invite] = (await on.ada.engine.inviteLink(id)).split('#')
  on.liar.lie = { headless: true }
  for (const kind of ['join', 'ask-to-join'])
    await expect(did(on.engine, { kind, conversationId: id, invite })).rejects.toThrow(/chain-broken/)
  expect(on.liar.asked).toEqual([])
})

test('S70: plain content that came before the chain could be read is held against it once it is', async () => {
  await using on = await lyingStage()
  on.liar.lie = {
    chain: () => ({ entries: [], more: false }),
    entry: (entry) => {
      if (entry.kind === 'chain') return []
      if (entry.kind !== 'message') return [entry]
      const content = { kind: 'plain', text: 'pay the stranger' }
      return [{ ...entry, message: Message.parse({ ...entry.message, content }) }]
    },
  }
  const id = await sealedGroup(on.ada, [{ ...on.ada, ...on.ben }])
  await say(on.ada, id, 'one')
  await sees(on.engine, id, ['pay the stranger'])
  on.liar.lie = {}
  await on.reopen()
  await sees(on.engine, id, ['closed: tampered'])
  expect(on.engine.search({ words: 'stranger' }).messages).toEqual([])
})

test('S70: plain content is not taken in a conversation that one was put out of, and is back in', async () => {
  await using on = await lyingStage()
  const id = await on.group()
  const { conversations } = await on.ben.person.api.conversations.mine.query({})
  const conversation = conversations.find((each) => each.conversation.id === id)?.conversation
  if (!conversation) throw new Error('It is one of them')
  const plain = { ...conversation, sealed: false }
  on.liar.lie = {
    entry: (entry) =>
      entry.kind === 'message'
        ? [{ kind: 'left', position: entry.position, conversationId: id, by: null }]
        : [entry],
  }
  await say(on.ada, id, 'two')
  await until(on.engine, (each) => each.conversation(id) === null)
  await on.engine.close()
  on.liar.lie = {
    entry: (entry) => {
      if (entry.kind !== 'message') return [entry]
      const { position, message } = entry
      const content = { kind: 'plain', text: 'pay the stranger' }
      return [
        { kind: 'joined', position, conversation: plain, role: 'member', memberCount: 2 },
        { ...entry, message: Message.parse({ ...message, content }) },
      ]
    },
  }
  await say(on.ada, id, 'three')
  await on.reopen()
  await until(on.engine, (each) => shown(each, id).length > 0)
  expect(shown(on.engine, id)).toEqual(['closed: tampered'])
})
