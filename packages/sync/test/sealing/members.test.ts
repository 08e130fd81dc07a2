import { fromText } from '@parley/domain/sealed/bytes'
import { type ChainOp, readChainEntry } from '@parley/domain/sealed/chain-entry'
import type { ConversationId } from '@parley/domain/ids'
import { expect, test } from 'vitest'
import { until } from '../devices.ts'
import { did, isOpen, named, say, sealedGroup, sealedStage, sees, shown, type Somebody } from './people.ts'

test('S65: who is added reads what the history policy says, and who is removed reads nothing more', async () => {
  await using stage = await sealedStage(['ada', 'ben', 'eve'])
  const [founder, second, third] = [named(stage.people, 0), named(stage.people, 1), named(stage.people, 2)]
  const open = await sealedGroup(founder, [second])
  const closed = await sealedGroup(founder, [second], { history: 'joining' })
  for (const id of [open, closed]) await say(founder, id, 'before eve')
  for (const id of [open, closed])
    await did(founder.engine, { kind: 'add-members', conversationId: id, accountIds: [third.id] })
  for (const id of [open, closed]) await say(founder, id, 'with eve')
  await sees(third.engine, open, ['before eve', 'with eve'])
  await sees(third.engine, closed, ['closed: not-entitled', 'with eve'])
  await say(third, open, 'hello')
  await sees(second.engine, open, ['before eve', 'with eve', 'hello'])
  await did(founder.engine, { kind: 'remove-member', conversationId: open, accountId: third.id })
  await until(third.engine, (each) => each.conversation(open) === null)
  await say(second, open, 'without eve')
  await sees(founder.engine, open, ['before eve', 'with eve', 'hello', 'without eve'])
  expect(third.engine.search({ words: 'without' }).messages).toEqual([])
})

test('S65: roles, handing over, policies and leaving go by signed entries', async () => {
  await using stage = await sealedStage(['ada', 'ben', 'eve'])
  const [ada, ben, eve] = [named(stage.people, 0), named(stage.people, 1), named(stage.people, 2)]
  const id = await sealedGroup(ada, [ben, eve])
  await did(ada.engine, { kind: 'set-role', conversationId: id, accountId: ben.id, role: 'admin' })
  await until(ben.engine, (each) => each.conversation(id)?.role === 'admin')
  await did(ada.engine, { kind: 'hand-over', conversationId: id, accountId: ben.id })
  await until(ben.engine, (each) => each.conversation(id)?.role === 'founder')
  await until(ada.engine, (each) => each.conversation(id)?.role === 'admin')
  await did(ben.engine, { kind: 'set-history', conversationId: id, history: 'joining' })
  await until(ada.engine, (each) => each.conversation(id)?.sealing?.history === 'joining')
  await did(eve.engine, { kind: 'leave', conversationId: id })
  await until(ada.engine, (each) => each.conversation(id)?.memberCount === 2)
  // The epoch that has to begin begins with what is said next.
  await say(ada, id, 'she has left')
  await sees(ben.engine, id, ['she has left'])
  expect(ada.engine.sealedNotices(id).map(({ kind }) => kind)).toEqual(['sealed', 'history'])
})

test('S65: an open group and one with a password are joined by oneself, and one with approval by asking', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  const open = await sealedGroup(ada, [], { joinPolicy: 'open' })
  const password = await sealedGroup(ada, [], { joinPolicy: 'password', password: 'open sesame' })
  const approval = await sealedGroup(ada, [], { joinPolicy: 'approval' })
  for (const id of [open, password, approval]) await say(ada, id, 'welcome')
  await did(ben.engine, { kind: 'join', conversationId: open })
  await sees(ben.engine, open, ['welcome'])
  await expect(
    did(ben.engine, { kind: 'join', conversationId: password, password: 'wrong' }),
  ).rejects.toThrow(/wrong-conversation-password/)
  await did(ben.engine, { kind: 'join', conversationId: password, password: 'open sesame' })
  await sees(ben.engine, password, ['welcome'])
  await did(ben.engine, { kind: 'ask-to-join', conversationId: approval })
  await until(ada.engine, (each) => each.requests().toDecide.length > 0)
  await did(ada.engine, { kind: 'approve-join', conversationId: approval, accountId: ben.id })
  await sees(ben.engine, approval, ['welcome'])
  await isOpen(ben.engine, approval)
})

test('S65: a link lets into a closed group, and only with its secret', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  const id = await sealedGroup(ada, [])
  await say(ada, id, 'welcome')
  const link = await ada.engine.inviteLink(id)
  const [, invite] = link.split('#')
  await expect(did(ben.engine, { kind: 'join', conversationId: id })).rejects.toThrow(/join-policy/)
  await did(ben.engine, { kind: 'join', conversationId: id, invite })
  await sees(ben.engine, id, ['welcome'])
})

test('S65: a link does not let in again who was removed', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  const id = await sealedGroup(ada, [])
  await isOpen(ada.engine, id)
  const [, invite] = (await ada.engine.inviteLink(id)).split('#')
  await did(ben.engine, { kind: 'join', conversationId: id, invite })
  await isOpen(ben.engine, id)
  await until(ada.engine, (each) => each.conversation(id)?.memberCount === 2)
  await did(ada.engine, { kind: 'remove-member', conversationId: id, accountId: ben.id })
  await until(ben.engine, (each) => each.conversation(id) === null)
  await expect(did(ben.engine, { kind: 'join', conversationId: id, invite })).rejects.toThrow(/chain-refused/)
  await did(ada.engine, { kind: 'add-members', conversationId: id, accountIds: [ben.id] })
  await isOpen(ben.engine, id)
})

test('S66: of two changes at once both are made, the later one signed anew', async () => {
  await using stage = await sealedStage(['ada', 'ben', 'eve', 'dan'])
  const [ada, ben, eve, dan] = [0, 1, 2, 3].map((at) => named(stage.people, at))
  if (!ada || !ben || !eve || !dan) throw new Error('There are four')
  const id = await sealedGroup(ada, [ben])
  await did(ada.engine, { kind: 'set-role', conversationId: id, accountId: ben.id, role: 'admin' })
  await until(ben.engine, (each) => each.conversation(id)?.role === 'admin')
  await isOpen(ben.engine, id)
  await Promise.all([
    did(ada.engine, { kind: 'add-members', conversationId: id, accountIds: [eve.id] }),
    did(ben.engine, { kind: 'add-members', conversationId: id, accountIds: [dan.id] }),
    did(ada.engine, { kind: 'set-history', conversationId: id, history: 'joining' }),
  ])
  await until(ada.engine, (each) => each.conversation(id)?.memberCount === 4)
  await Promise.all([say(ada, id, 'one'), say(ben, id, 'two')])
  await until(dan.engine, (each) => shown(each, id).toSorted().join() === 'one,two')
  await until(eve.engine, (each) => shown(each, id).toSorted().join() === 'one,two')
  await isOpen(dan.engine, id)
  expect(dan.engine.conversation(id)?.sealing?.history).toBe('joining')
})

test('S67: somebody without devices is in by name, and reads once there is one', async () => {
  await using stage = await sealedStage(['ada'])
  const ada = named(stage.people, 0)
  const late = await stage.person('late')
  const id = await sealedGroup(ada, [], {})
  await did(ada.engine, { kind: 'add-members', conversationId: id, accountIds: [late.account.id] })
  await say(ada, id, 'for later')
  const there = await stage.open(late)
  await sees(there.engine, id, ['for later'])
  await say(there, id, 'here I am')
  await sees(ada.engine, id, ['for later', 'here I am'])
  await isOpen(there.engine, id)
  expect(there.engine.sealedNotices(id).map(({ kind }) => kind)).toEqual(['sealed'])
})

/** What was done in a chain, once that is among it; it is read again at each change. */
async function opsWith({ person, engine }: Somebody, conversationId: ConversationId, op: ChainOp) {
  for (;;) {
    const change = Promise.withResolvers<void>()
    using _ = engine.onChange(() => change.resolve())
    const { entries } = await person.api.sealed.chain.query({ conversationId })
    const ops = entries.map(({ entry }) => readChainEntry(fromText(entry)).change.op)
    if (ops.includes(op)) return ops
    await change.promise
  }
}

test('S65: who leaves without a device is removed from the chain by an admin, and the last one leaves alone', async () => {
  await using stage = await sealedStage(['ada'])
  const ada = named(stage.people, 0)
  const late = await stage.person('late')
  const id = await sealedGroup(ada, [])
  await did(ada.engine, { kind: 'add-members', conversationId: id, accountIds: [late.account.id] })
  await late.api.conversations.leave.mutate({ conversationId: id })
  await until(ada.engine, (each) => each.conversation(id)?.memberCount === 1)
  await say(ada, id, 'alone')
  await did(ada.engine, {
    kind: 'set-join-policy',
    conversationId: id,
    joinPolicy: 'password',
    password: 'open sesame',
    listed: true,
  })
  await until(ada.engine, (each) => each.conversation(id)?.conversation.listed)
  expect(await opsWith(ada, id, 'remove')).toEqual(
    expect.arrayContaining(['create', 'add', 'remove', 'policy']),
  )
  await did(ada.engine, { kind: 'leave', conversationId: id })
  await until(ada.engine, (each) => each.conversation(id) === null)
})

test('S65: a group of programs of another kind, which has no chain, can be left', async () => {
  await using stage = await sealedStage(['ada'])
  const ada = named(stage.people, 0)
  const maker = await stage.person('maker')
  const { id } = await maker.api.conversations.makeGroup.mutate({
    name: 'Foreign',
    sealed: true,
    members: [ada.id],
  })
  await until(ada.engine, (each) => each.conversation(id)?.sealing?.cause === 'foreign')
  await did(ada.engine, { kind: 'leave', conversationId: id })
  await until(ada.engine, (each) => each.conversation(id) === null)
  const { conversations } = await ada.person.api.conversations.mine.query({})
  expect(conversations).toEqual([])
})
