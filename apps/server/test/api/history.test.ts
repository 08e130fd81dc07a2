import { FakeClock } from '@parley/testkit/fake-clock'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { say, sayAll } from './saying.ts'
import { groupOf, refusal, type Someone, Stage } from './stage.ts'

const clock = new FakeClock()
const stage = await Stage.open({ clock })
afterAll(() => stage.close())

describe('the history of a conversation', () => {
  let ada: Someone
  let conversationId: string
  let other: string
  let ids: number[]
  const startedAt = clock.now()

  // Ten messages, a second apart, with messages of another conversation between them.
  beforeAll(async () => {
    ada = await stage.person()
    conversationId = await groupOf(ada)
    other = await groupOf(ada)
    ids = []
    for (let nth = 0; nth < 10; nth += 1) {
      ids.push((await say(ada, conversationId, `text ${nth}`)).messageId)
      await say(ada, other, 'elsewhere')
      clock.advance(1_000)
    }
  })

  interface Wanted {
    readonly before?: number
    readonly after?: number
    readonly around?: number
    readonly limit?: number
  }

  /** The page by the numbers of its messages, with what is said to be beyond its ends. */
  async function page(wanted: Wanted) {
    const { messages, hasOlder, hasNewer } = await ada.api.messages.page.query({ conversationId, ...wanted })
    return { nths: messages.map(({ id }) => ids.indexOf(id)), hasOlder, hasNewer }
  }
  const id = (nth: number) => ids[nth] ?? 0
  const nths = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, nth) => from + nth)

  test('comes newest first on joining: the newest page, oldest message first in it', async () => {
    expect(await page({})).toEqual({ nths: nths(0, 9), hasOlder: false, hasNewer: false })
    expect(await page({ limit: 10 })).toEqual({ nths: nths(0, 9), hasOlder: false, hasNewer: false })
    expect(await page({ limit: 9 })).toEqual({ nths: nths(1, 9), hasOlder: true, hasNewer: false })
    expect(await page({ limit: 1 })).toEqual({ nths: [9], hasOlder: true, hasNewer: false })
  })

  test('comes before and after a message, without it', async () => {
    expect(await page({ before: id(5), limit: 3 })).toEqual({
      nths: nths(2, 4),
      hasOlder: true,
      hasNewer: true,
    })
    expect(await page({ before: id(3), limit: 3 })).toEqual({
      nths: nths(0, 2),
      hasOlder: false,
      hasNewer: true,
    })
    expect(await page({ before: id(0) })).toEqual({ nths: [], hasOlder: false, hasNewer: true })
    expect(await page({ after: id(5), limit: 3 })).toEqual({
      nths: nths(6, 8),
      hasOlder: true,
      hasNewer: true,
    })
    expect(await page({ after: id(6), limit: 3 })).toEqual({
      nths: nths(7, 9),
      hasOlder: true,
      hasNewer: false,
    })
    expect(await page({ after: id(9) })).toEqual({ nths: [], hasOlder: true, hasNewer: false })
    expect(await page({ after: 0, limit: 2 })).toEqual({ nths: [0, 1], hasOlder: false, hasNewer: true })
  })

  test('comes around a message, which is in the middle; what one side lacks the other fills up', async () => {
    expect(await page({ around: id(5), limit: 5 })).toEqual({
      nths: nths(3, 7),
      hasOlder: true,
      hasNewer: true,
    })
    expect(await page({ around: id(1), limit: 5 })).toEqual({
      nths: nths(0, 4),
      hasOlder: false,
      hasNewer: true,
    })
    expect(await page({ around: id(9), limit: 5 })).toEqual({
      nths: nths(5, 9),
      hasOlder: true,
      hasNewer: false,
    })
    expect(await page({ around: id(5), limit: 1 })).toEqual({ nths: [5], hasOlder: true, hasNewer: true })
    expect(await page({ around: id(5) })).toEqual({ nths: nths(0, 9), hasOlder: false, hasNewer: false })
  })

  test('an anchor is a position, and need not be a message of the conversation, nor of any', async () => {
    const between = id(4) + 1
    expect((await page({ before: between, limit: 2 })).nths).toEqual([3, 4])
    expect((await page({ after: between, limit: 2 })).nths).toEqual([5, 6])
    expect((await page({ around: between, limit: 2 })).nths).toEqual([4, 5])
    const beyond = Number.MAX_SAFE_INTEGER
    expect(await page({ before: beyond, limit: 2 })).toEqual({
      nths: [8, 9],
      hasOlder: true,
      hasNewer: false,
    })
    expect(await page({ after: beyond })).toEqual({ nths: [], hasOlder: true, hasNewer: false })
    expect((await page({ around: beyond, limit: 2 })).nths).toEqual([8, 9])
    expect((await page({ around: 1, limit: 2 })).nths).toEqual([0, 1])
  })

  test('read page by page, backwards or forwards, it is whole', async () => {
    const backwards: number[] = []
    for (let before: number | undefined; ; before = ids[backwards[0] ?? 0]) {
      const { nths: found, hasOlder } = await page({ before, limit: 4 })
      backwards.unshift(...found)
      if (!hasOlder) break
    }
    expect(backwards).toEqual(nths(0, 9))
    const forwards: number[] = []
    for (let after = 0; ; after = id(forwards.at(-1) ?? 0)) {
      const { nths: found, hasNewer } = await page({ after, limit: 4 })
      forwards.push(...found)
      if (!hasNewer) break
    }
    expect(forwards).toEqual(nths(0, 9))
  })

  test('an empty one is a page of nothing', async () => {
    const empty = await groupOf(ada)
    for (const anchor of [{}, { before: 1 }, { after: 0 }, { around: 1 }]) {
      expect(await ada.api.messages.page.query({ conversationId: empty, ...anchor })).toEqual({
        messages: [],
        hasOlder: false,
        hasNewer: false,
      })
    }
    expect(await ada.api.messages.atTime.query({ conversationId: empty, at: 0 })).toBeNull()
  })

  test('somebody who joins late reads it from its beginning', async () => {
    const ben = await stage.person()
    await ada.api.conversations.addMembers.mutate({ conversationId, accountIds: [ben.id] })
    const { messages } = await ben.api.messages.page.query({ conversationId, after: 0, limit: 1 })
    expect(messages.map((message) => message.id)).toEqual([id(0)])
  })

  test('a date leads to the first message sent then or later', async () => {
    const atTime = async (at: number) => {
      const found = await ada.api.messages.atTime.query({ conversationId, at })
      return found === null ? null : ids.indexOf(found)
    }
    expect(await atTime(0)).toBe(0)
    expect(await atTime(startedAt)).toBe(0)
    expect(await atTime(startedAt + 1)).toBe(1)
    expect(await atTime(startedAt + 5_000)).toBe(5)
    expect(await atTime(startedAt + 8_999)).toBe(9)
    expect(await atTime(startedAt + 9_001)).toBeNull()
  })

  test('P9: takes one anchor, a page within its limit, and a message that is in it', async () => {
    const refused = (wanted: Wanted) => refusal(ada.api.messages.page.query({ conversationId, ...wanted }))
    expect(await refused({ before: id(1), after: id(0) })).toEqual({ kind: 'invalid-input' })
    expect(await refused({ limit: 201 })).toEqual({ kind: 'invalid-input', field: 'limit' })
    expect(await refused({ limit: 0 })).toEqual({ kind: 'invalid-input', field: 'limit' })
    expect(await refused({ before: 0 })).toEqual({ kind: 'invalid-input', field: 'before' })
    expect(await refused({ around: 1.5 })).toEqual({ kind: 'invalid-input', field: 'around' })
    const get = ada.api.messages.get.query({ conversationId: other, messageId: id(0) })
    expect(await refusal(get)).toEqual({ kind: 'not-found', field: 'messageId' })
  })
})

describe('search', () => {
  const textsOf = (found: { messages: readonly { content: { kind: string; text?: string } }[] }) =>
    found.messages.map(({ content }) => content.text)

  test('finds by words in any order, accents and case aside, newest first', async () => {
    const ada = await stage.person()
    const conversationId = await groupOf(ada)
    await sayAll(ada, conversationId, ['Ein Bär im Wald', 'Der Wald', 'wald & BAR!', 'bärig im Wald'])
    const search = async (words: string) => textsOf(await ada.api.messages.search.query({ words }))
    expect(await search('wald bär')).toEqual(['wald & BAR!', 'Ein Bär im Wald'])
    expect(await search('WALD')).toEqual(['bärig im Wald', 'wald & BAR!', 'Der Wald', 'Ein Bär im Wald'])
    expect(await search('bar*')).toEqual(['bärig im Wald', 'wald & BAR!', 'Ein Bär im Wald'])
    expect(await search('bari')).toEqual([])
    for (const nothing of ['"', '*', 'NEAR(', 'wald OR nothing', '-', '\\', "'; --"]) {
      expect(await search(nothing), nothing).toEqual([])
    }
  })

  test('is narrowed down by conversation, person and time, and goes on page by page', async () => {
    const [ada, ben] = await stage.people(2)
    const [one, other] = await Promise.all([groupOf(ada, [ben]), groupOf(ada, [ben])])
    const startedAt = clock.now()
    for (let nth = 0; nth < 3; nth += 1) {
      await say(ada, one, `needle ${nth} of ada in one`)
      await say(ben, one, `needle ${nth} of ben in one`)
      await say(ben, other, `needle ${nth} of ben in other`)
      clock.advance(1_000)
    }
    const search = async (query: Omit<Parameters<typeof ada.api.messages.search.query>[0], 'words'>) =>
      textsOf(await ada.api.messages.search.query({ words: 'needle', ...query }))
    const of = (nth: number, who: string, where: string) => `needle ${nth} of ${who} in ${where}`
    expect(await search({})).toHaveLength(9)
    expect(await search({ conversationId: other })).toEqual([2, 1, 0].map((nth) => of(nth, 'ben', 'other')))
    expect(await search({ authorId: ada.id })).toEqual([2, 1, 0].map((nth) => of(nth, 'ada', 'one')))
    expect(await search({ authorId: ben.id, conversationId: one })).toHaveLength(3)
    expect(await search({ authorId: `a${'x'.repeat(15)}` })).toEqual([])
    const sentAfter = startedAt + 1_000
    expect(await search({ sentAfter, authorId: ada.id })).toEqual([of(2, 'ada', 'one'), of(1, 'ada', 'one')])
    expect(await search({ sentBefore: sentAfter, authorId: ada.id })).toEqual([of(0, 'ada', 'one')])
    expect(await search({ sentAfter, sentBefore: sentAfter + 1, authorId: ada.id })).toEqual([
      of(1, 'ada', 'one'),
    ])
    const seen: unknown[] = []
    let before: number | undefined
    do {
      const found: Awaited<ReturnType<typeof ada.api.messages.search.query>> =
        await ada.api.messages.search.query({ words: 'needle', before, limit: 4 })
      seen.push(...textsOf(found))
      before = found.next ?? undefined
    } while (before !== undefined)
    expect(seen).toEqual(await search({}))
  })

  test('P6: finds nothing in conversations that one is not in now, has left, or was removed from', async () => {
    const [ada, ben, eve] = await stage.people(3)
    const conversationId = await groupOf(ada, [ben, eve])
    await say(ada, conversationId, 'haystack')
    const search = async ({ api }: Someone) => textsOf(await api.messages.search.query({ words: 'haystack' }))
    expect(await search(ben)).toEqual(['haystack'])
    await ben.api.conversations.leave.mutate({ conversationId })
    await ada.api.conversations.removeMember.mutate({ conversationId, accountId: eve.id })
    for (const each of [ben, eve, await stage.person()]) expect(await search(each)).toEqual([])
    expect(await search(ada)).toEqual(['haystack'])
    await ada.api.conversations.addMembers.mutate({ conversationId, accountIds: [eve.id] })
    expect(await search(eve)).toEqual(['haystack'])
  })

  test('P6: finds nothing elsewhere either for somebody who is in a great many conversations', async () => {
    const [ada, ben] = await stage.people(2)
    const many = Array.from({ length: 70 }, () =>
      ada.http.conversations.makeGroup.mutate({ name: 'One of many', members: [ben.id] }),
    )
    const [first] = await Promise.all(many)
    const conversationId = await groupOf(ada, [ben])
    await sayAll(ada, conversationId, ['beanstalk one', 'beanstalk two'])
    await say(ada, first?.id ?? '', 'beanstalk three')
    await ben.api.conversations.leave.mutate({ conversationId })
    const search = async ({ api }: Someone) =>
      textsOf(await api.messages.search.query({ words: 'beanstalk' }))
    expect(await search(ben)).toEqual(['beanstalk three'])
    expect(await search(ada)).toEqual(['beanstalk three', 'beanstalk two', 'beanstalk one'])
  })

  test('finds what a message says now: neither what was deleted nor what was edited away', async () => {
    const ada = await stage.person()
    const conversationId = await groupOf(ada)
    const [deleted = 0, edited = 0] = await sayAll(ada, conversationId, ['thimble one', 'thimble two'])
    const search = async (words: string) => textsOf(await ada.api.messages.search.query({ words }))
    expect(await search('thimble')).toHaveLength(2)
    await ada.api.messages.delete.mutate({ conversationId, messageId: deleted })
    const content = { kind: 'plain' as const, text: 'a needle now' }
    await ada.api.messages.edit.mutate({ conversationId, messageId: edited, content })
    expect(await search('thimble')).toEqual([])
    expect(await search('needle now')).toEqual(['a needle now'])
    await stage.restart()
    const again = await stage.device(ada)
    expect(textsOf(await again.api.messages.search.query({ words: 'thimble' }))).toEqual([])
  })

  test('P9: needs words, and a page within its limit', async () => {
    const ada = await stage.person()
    const search = (query: object) => refusal(ada.api.messages.search.query({ words: 'x', ...query }))
    expect(await search({ words: '  ' })).toEqual({ kind: 'invalid-input', field: 'words' })
    expect(await search({ words: 'x'.repeat(201) })).toEqual({ kind: 'invalid-input', field: 'words' })
    expect(await search({ limit: 101 })).toEqual({ kind: 'invalid-input', field: 'limit' })
    expect(await search({ sentAfter: -1 })).toEqual({ kind: 'invalid-input', field: 'sentAfter' })
  })
})
