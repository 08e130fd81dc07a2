import { Message } from '@parley/domain/messages'
import { Position } from '@parley/domain/ids'
import { expect, test } from 'vitest'
import { until } from '../devices.ts'
import { bent, lyingStage } from './lying-stage.ts'
import { did, isOpen, say, sealedGroup, sees, shown } from './people.ts'

test('S70: a chain that is shorter than before is caught, said, and mended by the truth', async () => {
  await using on = await lyingStage()
  const id = await on.group()
  await did(on.ada.engine, { kind: 'set-history', conversationId: id, history: 'joining' })
  await until(on.engine, (each) => each.conversation(id)?.sealing?.history === 'joining')
  on.liar.lie = {
    chain: ({ entries }, from) => ({
      entries: entries.filter(({ index }) => index < 1 && index >= from),
      more: false,
    }),
    entry: (entry) => (entry.kind === 'chain' ? [] : [entry]),
  }
  // Whoever knows more than the server shows says so: the sender names the chain that it knows.
  await did(on.ada.engine, { kind: 'set-history', conversationId: id, history: 'everything' })
  await say(on.ada, id, 'two')
  await until(on.engine, (each) => each.conversation(id)?.sealing?.cause === 'chain-broken')
  expect(shown(on.engine, id)).toEqual(['one', 'closed: chain-behind'])
  expect(on.engine.sealedNotices(id).at(-1)).toMatchObject({ kind: 'lied', cause: 'chain-broken' })
  on.liar.lie = {}
  await on.reopen()
  await sees(on.engine, id, ['one', 'two'])
  await isOpen(on.engine, id)
  expect(on.engine.conversation(id)?.sealing).toMatchObject({ state: 'open', history: 'everything' })
})

test('S70: a forged entry of a chain is caught, said, and nothing of it taken', async () => {
  await using on = await lyingStage()
  const id = await on.group()
  on.liar.lie = {
    entry: (entry) => (entry.kind === 'chain' ? [{ ...entry, entry: bent(entry.entry) }] : [entry]),
    chain: ({ entries, more }) => ({
      entries: entries.map((each) => (each.index === 0 ? each : { ...each, entry: bent(each.entry) })),
      more,
    }),
  }
  await did(on.ada.engine, { kind: 'set-history', conversationId: id, history: 'joining' })
  await until(on.engine, (each) => each.conversation(id)?.sealing?.state === 'broken')
  expect(on.engine.sealedNotices(id).at(-1)).toMatchObject({ kind: 'lied' })
  expect(on.engine.conversation(id)?.sealing?.history).toBe('everything')
  on.liar.lie = {}
  await on.reopen()
  await isOpen(on.engine, id)
  expect(on.engine.conversation(id)?.sealing?.history).toBe('joining')
})

test('S70: a chain out of order is caught', async () => {
  await using on = await lyingStage()
  const id = await on.group()
  on.liar.lie = { entry: (entry) => (entry.kind === 'chain' ? [] : [entry]) }
  for (const history of ['joining', 'everything'])
    await did(on.ada.engine, { kind: 'set-history', conversationId: id, history })
  on.liar.lie.chain = ({ entries: [first, ...others], more }) => ({
    entries: [...(first ? [first] : []), ...others.toReversed()],
    more,
  })
  await say(on.ada, id, 'two')
  await until(on.engine, (each) => each.conversation(id)?.sealing?.cause === 'chain-broken')
  expect(shown(on.engine, id)).toEqual(['one', 'closed: chain-behind'])
})

test('S70: somebody whom the server alone puts in is no member', async () => {
  await using on = await lyingStage()
  const id = await on.group()
  const { eve } = on
  on.liar.lie = {
    members: (page) => {
      const [one] = page.members
      if (!one) return page
      const person = { ...one.person, id: eve.id, displayName: 'a stranger' }
      return { ...page, members: [...page.members, { ...one, accountId: eve.id, role: 'admin', person }] }
    },
  }
  await on.engine.loadMembers(id)
  const names = on.engine.members(id).members.map(({ accountId }) => accountId)
  expect(names.toSorted()).toEqual([on.ada.id, on.ben.id].toSorted())
  expect(on.engine.members(id).members.find(({ accountId }) => accountId === on.ben.id)?.role).toBe('member')
})

test('S70: a device that the account did not sign is not taken, and shows', async () => {
  await using on = await lyingStage()
  const id = await on.group()
  const before = on.engine.safetyNumber(on.ada.id)
  on.liar.lie = {
    lists: ({ lists }) => ({
      lists: lists.map((list) =>
        list.accountId === on.ada.id && list.entries[0] !== undefined
          ? { ...list, entries: [...list.entries, bent(list.entries[0])] }
          : list,
      ),
    }),
  }
  await on.reopen()
  await until(on.engine, (each) => each.conversation(id)?.sealing?.state === 'broken')
  expect(on.engine.safetyNumber(on.ada.id)).toEqual(before)
})

test('S70: keys that nobody gave open nothing, and the true ones heal it', async () => {
  await using on = await lyingStage()
  on.liar.lie = {
    grants: (page) => ({
      ...page,
      grants: page.grants.map((each) => ({ ...each, grant: bent(each.grant) })),
    }),
    entry: (entry) => (entry.kind === 'grants' ? [{ ...entry, grants: entry.grants.map(bent) }] : [entry]),
  }
  const id = await sealedGroup(on.ada, [{ ...on.ada, ...on.ben }])
  await say(on.ada, id, 'one')
  await sees(on.engine, id, ['closed: no-grant-yet'])
  await until(on.engine, (each) => each.conversation(id)?.sealing?.cause === 'no-grant-yet')
  on.liar.lie = {}
  await on.reopen()
  await sees(on.engine, id, ['one'])
  expect(on.engine.conversation(id)?.unread).toBe(1)
})

test('S70: swapped, changed, repeated and plain content is not shown as what somebody said', async () => {
  await using on = await lyingStage()
  const id = await on.group()
  await say(on.ada, id, 'two')
  await say(on.ada, id, 'three')
  await sees(on.engine, id, ['one', 'two', 'three'])
  await on.engine.close()
  on.liar.lie = {
    entry: (entry) => {
      if (entry.kind !== 'message') return [entry]
      const { message, position } = entry
      const [one, two, three] = [1, 2, 3].map((more) => Position.parse(position + more))
      const at = (
        place: typeof one,
        ordinal: number,
        content: unknown,
        name: string = message.clientMessageId,
      ) => ({
        ...entry,
        position: place ?? position,
        message: Message.parse({ ...message, id: place, ordinal, content, clientMessageId: name }),
      })
      if (message.content.kind !== 'sealed') return [entry]
      const { sealed } = message.content
      return [
        entry,
        at(one, message.ordinal + 1, { kind: 'sealed', sealed }),
        at(
          two,
          message.ordinal + 2,
          { kind: 'sealed', sealed: bent(sealed) },
          `${message.clientMessageId}-2`.slice(-60),
        ),
        at(
          three,
          message.ordinal + 3,
          { kind: 'plain', text: 'pay the stranger' },
          `${message.clientMessageId}-3`.slice(-60),
        ),
      ]
    },
  }
  await say(on.ada, id, 'four')
  await on.reopen()
  await until(on.engine, (each) => shown(each, id).length === 7)
  expect(shown(on.engine, id).slice(3)).toEqual([
    'four',
    'closed: replayed',
    expect.stringMatching(/^closed: (bad-signature|tampered|malformed|chain-broken)$/),
    'closed: tampered',
  ])
  expect(on.engine.search({ words: 'stranger' }).messages).toEqual([])
})

test('S70: an older revision does not come back in place of a newer one', async () => {
  await using on = await lyingStage()
  const id = await on.group()
  const [said] = on.engine.timeline({ conversationId: id, at: { kind: 'newest' } }).items
  if (!said?.id) throw new Error('It has an id')
  const { messages } = await on.ada.person.api.messages.page.query({ conversationId: id })
  const content = { kind: 'plain', text: 'two' }
  await did(on.ada.engine, { kind: 'edit', conversationId: id, messageId: said.id, content })
  await sees(on.engine, id, ['two'])
  on.liar.lie = { page: (page) => ({ ...page, messages }) }
  await on.engine.fill(id, { kind: 'newest' })
  expect(shown(on.engine, id)).toEqual(['two'])
})
