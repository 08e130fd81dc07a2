import { AccountId, ClientMessageId, ConversationId, MessageId } from '@parley/domain/ids'
import type { Message } from '@parley/domain/messages'
import { makeGroup, send } from '@parley/testkit/people'
import { expect, test } from 'vitest'
import type { Engine } from '@parley/sync/engine'
import { asksServerSetting, mergedPage } from '@parley/sync/queries/everywhere'
import type { SearchPage, SearchQuery } from '@parley/sync/views'
import { openDevice, caughtUp, until } from './devices.ts'
import { stage } from './stage.ts'

const pagesOf = (engine: Engine, query: SearchQuery): Promise<SearchPage[]> =>
  Array.fromAsync(engine.searchEverywhere(query))

const words = ({ messages }: SearchPage) =>
  messages.map(({ content }) => (content.kind === 'plain' ? content.text : content.kind))

/** 130 messages of which a device that comes later holds the newest hundred, and two of another conversation. */
async function said(on: Awaited<ReturnType<typeof stage>>) {
  for (let count = 1; count <= 130; count++) await send(count % 2 ? on.bob : on.ada, on.id, `word ${count}`)
  const other = await makeGroup(on.bob, [on.ada])
  await send(on.bob, other, 'word elsewhere')
  return other
}

test('S33: what is held comes at once, and then with what the server finds, each once, newest first, by pages', async () => {
  await using on = await stage()
  const other = await said(on)
  await using device = openDevice(on.server, on.ada)
  const { engine } = device
  await caughtUp(engine)
  await until(engine, (each) => each.search({ words: 'word', limit: 100 }).messages.length === 100)
  const [held, everything, ...none] = await pagesOf(engine, { words: 'word', limit: 100 })
  if (!held || !everything) throw new Error('There are two pages')
  expect(none).toEqual([])
  expect(held.scope).toBe('held')
  expect(everything.scope).toBe('everything')
  const expected = ['word elsewhere', ...Array.from({ length: 130 }, (_, index) => `word ${130 - index}`)]
  const found = words(everything)
  for (let { next } = everything; next !== null;) {
    const last: SearchPage | undefined = (
      await pagesOf(engine, { words: 'word', limit: 100, before: next })
    ).at(-1)
    if (!last) throw new Error('No page came')
    found.push(...words(last))
    ;({ next } = last)
  }
  expect(found).toEqual(expected)

  const filtered = await pagesOf(engine, {
    words: 'word',
    conversationId: on.id,
    authorId: on.ada.account.id,
    limit: 5,
  })
  expect(words(filtered[1] ?? held)).toEqual(['word 130', 'word 128', 'word 126', 'word 124', 'word 122'])
  const [newest] = everything.messages
  const sentAt = newest?.sentAt ?? 0
  for (const page of await pagesOf(engine, { words: 'word', conversationId: other, sentAfter: sentAt })) {
    expect(words(page)).toEqual(['word elsewhere'])
  }
  for (const page of await pagesOf(engine, { words: 'word', conversationId: other, sentBefore: sentAt })) {
    expect(words(page)).toEqual([])
  }
})

test('S33: without the server what is held is found, and it is said why that is all', async () => {
  await using on = await stage()
  await send(on.bob, on.id, 'a word')
  await until(on.engine, (each) => each.search({ words: 'word' }).messages.length === 1)
  await on.goOffline()
  const [held, last] = await pagesOf(on.engine, { words: 'word' })
  expect(held?.problem).toBeUndefined()
  expect(last).toMatchObject({ scope: 'held', problem: { kind: 'unreachable' } })
  expect(last?.messages).toEqual(held?.messages)
})

test('S33: who wants no words to go to the server finds what is held, also after a restart, and may ask it of one', async () => {
  await using on = await stage()
  await send(on.bob, on.id, 'a word')
  await until(on.engine, (each) => each.search({ words: 'word' }).messages.length === 1)
  on.engine.setSetting(asksServerSetting, false)
  await using again = await on.device.reopen()
  await caughtUp(again.engine)
  expect(again.engine.searchReach()).toEqual({ asksServer: false, isChosen: true })
  const pages = await pagesOf(again.engine, { words: 'word' })
  expect(pages).toMatchObject([{ scope: 'held', unasked: 'everywhere' }])
  expect(pages[0]?.messages.length).toBe(1)
  // The server can read what is said there anyway.
  const inOne = await pagesOf(again.engine, { words: 'word', conversationId: on.id })
  expect(inOne.at(-1)).toMatchObject({ scope: 'everything' })
  again.engine.setSetting(asksServerSetting, null)
  expect(again.engine.searchReach()).toEqual({ asksServer: true, isChosen: false })
  // A new device does not know yet whether something is sealed.
  await using another = openDevice(on.server, on.ada)
  expect(another.engine.searchReach()).toEqual({ asksServer: false, isChosen: false })
  await caughtUp(another.engine)
  expect(another.engine.searchReach()).toEqual({ asksServer: true, isChosen: false })
})

const message = (id: number): Message => ({
  id: MessageId.parse(id),
  conversationId: ConversationId.parse('c_______________'),
  authorId: AccountId.parse('abob____________'),
  clientMessageId: ClientMessageId.parse(`m-${id}`),
  ordinal: id,
  sentAt: id,
  content: { kind: 'plain', text: `word ${id}` },
})

const page = (ids: readonly number[], next: number | null) => ({
  messages: ids.map(message),
  next: next === null ? null : MessageId.parse(next),
})

test.for([
  ['the server’s page is a short one', page([9, 3], null), page([8, 7], 7), [9, 8, 7], 7],
  ['the device holds more', page([9, 8, 7], 7), page([9, 2], null), [9, 8, 7], 7],
  ['both are whole', page([9, 3], null), page([8, 3], null), [9, 8, 3], null],
  ['both together are more than a page', page([9, 8, 6], null), page([7, 5], null), [9, 8, 7, 6], 6],
] as const)(
  'S33: where %s, a page of both leaves out nothing that lies between',
  ([, held, found, ids, next]) => {
    const merged = mergedPage(held, found, 4)
    expect(merged.messages.map(({ id }) => id)).toEqual(ids)
    expect(merged.next).toBe(next)
  },
)
