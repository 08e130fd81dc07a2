import { beginList, deviceKeys } from '@parley/crypto/identity'
import { nodePrimitives } from '@parley/crypto/node-primitives'
import { type AccountId } from '@parley/domain/ids'
import { toText } from '@parley/domain/sealed/bytes'
import type { Entry } from '@parley/domain/stream'
import { asksServerSetting } from '@parley/sync/queries/everywhere'
import { expect, test } from 'vitest'
import { until } from '../devices.ts'
import { lyingStage } from './lying-stage.ts'
import { did, idOf, isOpen, ready, say, sealedGroup, sees, shown } from './people.ts'

type EntryOf<Kind extends Entry['kind']> = Extract<Entry, { kind: Kind }>

test('S70: a reaction that nobody sealed is not shown, whatever the server says', async () => {
  await using on = await lyingStage()
  const id = await on.group()
  on.liar.lie = {
    entry: (entry) => {
      if (entry.kind !== 'message') return [entry]
      const reactions = [{ emoji: 'I agree', accountIds: [on.ada.id] }]
      return [{ ...entry, message: { ...entry.message, reactions } }]
    },
  }
  await say(on.ada, id, 'two')
  await sees(on.engine, id, ['one', 'two'])
  const { items } = on.engine.timeline({ conversationId: id, at: { kind: 'newest' } })
  expect(items.map(({ reactions }) => reactions)).toEqual([[], []])
})

test('S70: who asks to be let in is who is let in', async () => {
  await using on = await lyingStage()
  const made = await did(on.engine, {
    kind: 'make-group',
    name: 'Ask me',
    description: '',
    joinPolicy: 'approval',
    listed: false,
    members: [],
    sealed: true,
    history: 'everything',
  })
  const view = await until(on.engine, (each) => {
    const found = made.makes && each.conversation(made.makes)
    return found && !found.id.startsWith('local-') && found
  })
  const id = idOf(view)
  await isOpen(on.engine, id)
  const asked = new Map<AccountId, EntryOf<'join-request'>>()
  on.liar.lie = {
    entry: (entry) => {
      if (entry.kind !== 'join-request') return [entry]
      asked.set(entry.request.accountId, entry)
      const { keyMaterial } = asked.get(on.eve.id)?.request ?? {}
      return [{ ...entry, request: { ...entry.request, ...(keyMaterial && { keyMaterial }) } }]
    },
  }
  // Eve's devices are known from elsewhere.
  await isOpen(on.engine, await sealedGroup(on.eve, [{ ...on.ada, ...on.ben }]))
  await did(on.eve.engine, { kind: 'ask-to-join', conversationId: id })
  await until(on.engine, (each) => each.requests().toDecide.length === 1)
  await did(on.ada.engine, { kind: 'ask-to-join', conversationId: id })
  await until(on.engine, (each) => each.requests().toDecide.length === 2)
  await expect(
    did(on.engine, { kind: 'approve-join', conversationId: id, accountId: on.ada.id }),
  ).rejects.toThrow(/tampered/)
  const { entries } = await on.ben.person.api.sealed.chain.query({ conversationId: id })
  expect(entries.length).toBe(1)
})

test('S70: somebody whom the server does not name is shown as the member that the chain says', async () => {
  await using on = await lyingStage()
  const id = await sealedGroup(on.ada, [{ ...on.ada, ...on.ben }], { joinPolicy: 'open' })
  await isOpen(on.engine, id)
  const isEve = (accountId: AccountId) => accountId === on.eve.id
  on.liar.lie = {
    members: (page) => ({ ...page, members: page.members.filter(({ accountId }) => !isEve(accountId)) }),
    entry: (entry) => (entry.kind === 'member' && isEve(entry.member.accountId) ? [] : [entry]),
  }
  await did(on.eve.engine, { kind: 'join', conversationId: id })
  await say(on.eve, id, 'psst')
  await sees(on.engine, id, ['psst'])
  await on.engine.loadMembers(id)
  const names = on.engine.members(id).members.map(({ accountId }) => accountId)
  expect(names.toSorted()).toEqual([on.ada.id, on.ben.id, on.eve.id].toSorted())
  expect(on.engine.conversation(id)?.memberCount).toBe(3)
  expect(on.engine.conversations().find((each) => each.id === id)?.memberCount).toBe(3)
})

test('S70: a direct conversation with another than the server says is taken for broken, and nothing is said in it', async () => {
  await using on = await lyingStage()
  const asAda = (text: string) => text.replaceAll(on.eve.id, on.ada.id)
  on.liar.lie = {
    entry: (entry) => {
      if (entry.kind !== 'joined' && entry.kind !== 'conversation') return [entry]
      const conversation: typeof entry.conversation = JSON.parse(asAda(JSON.stringify(entry.conversation)))
      return [{ ...entry, conversation }]
    },
  }
  await did(on.eve.engine, { kind: 'open-direct', accountId: on.ben.id, sealed: true })
  const id = idOf(await until(on.engine, (each) => each.conversations()[0]))
  expect(on.engine.conversation(id)?.otherId).toBe(on.ada.id)
  await until(on.engine, (each) => each.conversation(id)?.sealing?.state === 'broken')
  const content = { kind: 'plain', text: 'only for ada' }
  await expect(did(on.engine, { kind: 'send', conversationId: id, content })).rejects.toThrow(/chain-broken/)
  expect(shown(on.eve.engine, id)).toEqual([])
})

test('S70: a direct conversation is made with nobody else than whom one asked for', async () => {
  await using on = await lyingStage()
  await did(on.eve.engine, { kind: 'open-direct', accountId: on.ben.id })
  const withEve = idOf(await until(on.engine, (each) => each.conversations()[0]))
  const other = (await on.ben.person.api.conversations.mine.query({})).conversations.find(
    (each) => each.conversation.id === withEve,
  )?.conversation
  if (!other) throw new Error('It is one of them')
  on.liar.lie = {
    done: (done) => (done.kind === 'conversation' ? { kind: 'conversation', conversation: other } : done),
    entry: (entry) => (entry.kind === 'joined' ? [] : [entry]),
  }
  await expect(did(on.engine, { kind: 'open-direct', accountId: on.ada.id, sealed: true })).rejects.toThrow(
    /tampered/,
  )
  expect(await on.ben.person.api.sealed.head.query({ conversationId: withEve })).toBe(null)
})

test('S70: a reply quotes nothing of another conversation', async () => {
  await using on = await lyingStage()
  const id = await on.group()
  const [secret] = on.engine.timeline({ conversationId: id, at: { kind: 'newest' } }).items
  const other = await sealedGroup(on.eve, [{ ...on.ada, ...on.ben }])
  await isOpen(on.engine, other)
  await say(on.eve, other, 'look at that', { replyTo: secret?.id })
  await sees(on.engine, other, ['look at that'])
  const [said] = on.engine.timeline({ conversationId: other, at: { kind: 'newest' } }).items
  expect(said?.repliedTo).toBe(null)
})

test('S71: what is looked for in a sealed conversation is not asked of the server', async () => {
  await using on = await lyingStage()
  const id = await on.group()
  const pages = []
  for await (const page of on.engine.searchEverywhere({ words: 'one', conversationId: id })) pages.push(page)
  expect(pages.map(({ messages }) => messages.length)).toEqual([1])
  expect(pages).toMatchObject([{ scope: 'held', unasked: 'sealed' }])
  // Not even by who wants to ask it of everything.
  on.engine.setSetting(asksServerSetting, true)
  await Array.fromAsync(on.engine.searchEverywhere({ words: 'one', conversationId: id }))
  expect(on.liar.searched).toEqual([])
})

test('S33: words for everywhere go to no server where something may be sealed, unless the person wants that', async () => {
  await using on = await lyingStage()
  const everywhere = () => Array.fromAsync(on.engine.searchEverywhere({ words: 'one' }))
  expect(on.engine.searchReach()).toEqual({ asksServer: true, isChosen: false })
  await everywhere()
  expect(on.liar.searched).toEqual(['one'])

  const id = await on.group()
  on.liar.searched.length = 0
  expect(on.engine.searchReach()).toEqual({ asksServer: false, isChosen: false })
  const pages = await everywhere()
  expect(pages).toMatchObject([{ scope: 'held', unasked: 'everywhere' }])
  expect(pages[0]?.messages.map(({ conversationId }) => conversationId)).toEqual([id])
  expect(on.liar.searched).toEqual([])

  on.engine.setSetting(asksServerSetting, true)
  expect(on.engine.searchReach()).toEqual({ asksServer: true, isChosen: true })
  expect((await everywhere()).at(-1)).toMatchObject({ scope: 'everything' })
  expect(on.liar.searched).toEqual(['one'])
})

test('S70: a device does not give its keys up because the server shows another list of its account', async () => {
  await using on = await lyingStage()
  const id = await on.group()
  const before = on.engine.encryption()
  const primitives = nodePrimitives()
  const forged = beginList(
    { primitives, accountKey: primitives.signingKey(), at: Date.now() },
    deviceKeys(primitives, on.ben.id, 'person'),
  )
  on.liar.lie = {
    lists: ({ lists }) => ({
      lists: lists.map((list) =>
        list.accountId === on.ben.id
          ? { ...list, identity: forged.list.identity, from: 0, entries: [toText(forged.entry)], more: false }
          : list,
      ),
    }),
  }
  await on.reopen()
  await until(on.engine, (each) => each.encryption().kind === 'not-linked')
  on.liar.lie = {}
  await on.reopen()
  await until(on.engine, (each) => each.encryption().kind === 'ready')
  expect(on.engine.encryption()).toEqual(before)
  await say(on.ada, id, 'two')
  await sees(on.engine, id, ['one', 'two'])
  await did(on.engine, { kind: 'send', conversationId: id, content: { kind: 'plain', text: 'three' } })
  await sees(on.ada.engine, id, ['one', 'two', 'three'])
})

test('S68: what was learnt of a device is said in every conversation, also after a start', async () => {
  await using on = await lyingStage()
  const both = [await on.group(), await sealedGroup(on.ada, [{ ...on.ada, ...on.ben }])]
  for (const id of both) await isOpen(on.engine, id)
  await on.engine.close()
  const second = await on.another(on.ada)
  await second.engine.enterLinkCode(on.ada.engine.beginLink().code)
  await ready(second.engine)
  await on.reopen()
  const added = (id: (typeof both)[number]) =>
    on.engine.sealedNotices(id).filter(({ kind }) => kind === 'device-added')
  for (const id of both) await until(on.engine, () => added(id).length > 0)
  expect(both.map((id) => added(id).length)).toEqual([1, 1])
})

test('S68: only the number that somebody saw is marked as compared', async () => {
  await using on = await lyingStage()
  await on.group()
  const seen = on.engine.safetyNumber(on.ada.id)?.digits ?? ''
  const second = await on.another(on.ada)
  await second.engine.beginAgain()
  await until(on.engine, (each) => each.safetyNumber(on.ada.id)?.digits !== seen)
  expect(() => on.engine.setVerified(on.ada.id, seen)).toThrow(/another number/)
  expect(on.engine.safetyNumber(on.ada.id)?.verified).toBe(false)
  on.engine.setVerified(on.ada.id, on.engine.safetyNumber(on.ada.id)?.digits ?? '')
  expect(on.engine.safetyNumber(on.ada.id)?.verified).toBe(true)
  on.engine.setVerified(on.ada.id, null)
  expect(on.engine.safetyNumber(on.ada.id)?.verified).toBe(false)
})
