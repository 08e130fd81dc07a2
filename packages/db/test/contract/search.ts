import type { Database, NewMessage } from '@parley/db/stores'
import type { SearchMessages } from '@parley/domain/messages'
import { Message } from '@parley/domain/messages'
import type { Randomness } from '@parley/testkit/randomness'
import { withRandomness } from '@parley/testkit/randomness'
import { expect, test } from 'vitest'
import {
  accountId,
  addGroup,
  aMember,
  aMessage,
  anAccount,
  conversationId,
  messageId,
  peopled,
} from '../fixtures.ts'
import type { OpenEmpty } from './opening.ts'

type Query = Partial<SearchMessages> & { words: string }

const find = async (db: Database, account: number, query: Query) => {
  const { json, next } = await db.read.messages.search(accountId(account), { limit: 20, ...query })
  return { messages: json.map((text) => Message.parse(JSON.parse(text))), next }
}

const texts = async (db: Database, account: number, query: Query) =>
  (await find(db, account, query)).messages.map(({ content }) =>
    content.kind === 'plain' ? content.text : content.kind,
  )

const sayAll = (db: Database, said: readonly (string | Partial<NewMessage>)[]) =>
  db.write(async (tx) => {
    for (const [index, one] of said.entries()) {
      const change = typeof one === 'string' ? { content: { kind: 'plain' as const, text: one } } : one
      await tx.messages.insert(aMessage(index, change))
    }
  })

const plain = (text: string) => ({ kind: 'plain', text }) as const

export const searchContract = (open: OpenEmpty): void => {
  test('messages are found by their words, all of them, newest first, letter case and accents aside', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    await sayAll(db, ['Grüße aus Köln', 'koln ist weit', 'Die GRUSSE, und Köln!', 'kölnisch'])
    expect(await texts(db, 1, { words: 'köln' })).toEqual([
      'Die GRUSSE, und Köln!',
      'koln ist weit',
      'Grüße aus Köln',
    ])
    expect(await texts(db, 1, { words: 'KOLN und' })).toEqual(['Die GRUSSE, und Köln!'])
    expect(await texts(db, 1, { words: 'nothing köln' })).toEqual([])
  })

  test('a star after the last word finds what begins so', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    await sayAll(db, ['a meeting today', 'we met', 'meet me', 'today'])
    expect(await texts(db, 1, { words: 'meet*' })).toEqual(['meet me', 'a meeting today'])
    expect(await texts(db, 1, { words: 'today meet*' })).toEqual(['a meeting today'])
    expect(await texts(db, 1, { words: 'meet' })).toEqual(['meet me'])
    expect(await texts(db, 1, { words: 'meet* today' })).toEqual([])
  })

  test('words are words: nothing in them is taken for an operator', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    await sayAll(db, ['alpha beta', 'alpha', 'or', 'not near and'])
    expect(await texts(db, 1, { words: 'alpha OR beta' })).toEqual([])
    expect(await texts(db, 1, { words: 'alpha NOT beta' })).toEqual([])
    expect(await texts(db, 1, { words: '"alpha' })).toEqual(['alpha', 'alpha beta'])
    expect(await texts(db, 1, { words: 'text:alpha ^alpha -alpha' })).toEqual([])
    expect(await texts(db, 1, { words: "alpha') --" })).toEqual(['alpha', 'alpha beta'])
    expect(await texts(db, 1, { words: 'AND NEAR( not' })).toEqual(['not near and'])
    expect(await texts(db, 1, { words: '*** ""' })).toEqual([])
    expect(await texts(db, 1, { words: '\u{e000}c1' })).toEqual([])
  })

  test('writings without spaces are found by each character', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    await sayAll(db, ['明日会議があります', '今日は休み'])
    expect(await texts(db, 1, { words: '会議' })).toEqual(['明日会議があります'])
    expect(await texts(db, 1, { words: '日' })).toEqual(['今日は休み', '明日会議があります'])
  })

  test('P6: nobody finds what was said where he is not a member now', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2, 1)
    await db.write((tx) => addGroup(tx, 2, 1))
    await sayAll(db, [
      { content: plain('word one') },
      { content: plain('word two'), conversationId: conversationId(2) },
    ])
    expect(await texts(db, 1, { words: 'word' })).toEqual(['word two', 'word one'])
    expect(await texts(db, 2, { words: 'word' })).toEqual(['word one'])
    expect(await texts(db, 2, { words: 'word', conversationId: conversationId(2) })).toEqual([])
    await db.write((tx) => tx.members.insert(aMember(2, 2)))
    expect(await texts(db, 2, { words: 'word' })).toEqual(['word two', 'word one'])
    await db.write((tx) => tx.members.remove(conversationId(1), accountId(2)))
    expect(await texts(db, 2, { words: 'word' })).toEqual(['word two'])
    expect(await texts(db, 9, { words: 'word' })).toEqual([])
  })

  test('P6: nobody in however many conversations finds what is said in others', async () => {
    await using opened = await open()
    const { db } = opened
    const groups = 100
    await peopled(db, 2, groups)
    await db.write((tx) => tx.members.remove(conversationId(7), accountId(2)))
    await sayAll(
      db,
      Array.from({ length: groups }, (_, index) => ({
        content: plain('word'),
        conversationId: conversationId(index + 1),
      })),
    )
    const inGroups = async (account: number) =>
      (await find(db, account, { words: 'word', limit: groups })).messages.map(
        (message) => message.conversationId,
      )
    expect(await inGroups(1)).toContain(conversationId(7))
    expect(await inGroups(2)).toHaveLength(groups - 1)
    expect(await inGroups(2)).not.toContain(conversationId(7))
  })

  test('a search is narrowed down to a conversation, an author, and a time', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2, 2)
    await sayAll(db, [
      { content: plain('w 0'), sentAt: 100 },
      { content: plain('w 1'), sentAt: 200, authorId: accountId(2) },
      { content: plain('w 2'), sentAt: 300, conversationId: conversationId(2) },
      { content: plain('w 3'), sentAt: 150 },
    ])
    expect(await texts(db, 1, { words: 'w', conversationId: conversationId(1) })).toEqual([
      'w 3',
      'w 1',
      'w 0',
    ])
    expect(await texts(db, 1, { words: 'w', conversationId: conversationId(9) })).toEqual([])
    expect(await texts(db, 1, { words: 'w', authorId: accountId(2) })).toEqual(['w 1'])
    expect(await texts(db, 1, { words: 'w', authorId: accountId(9) })).toEqual([])
    expect(await texts(db, 1, { words: 'w', sentAfter: 150 })).toEqual(['w 3', 'w 2', 'w 1'])
    expect(await texts(db, 1, { words: 'w', sentAfter: 150, sentBefore: 300 })).toEqual(['w 3', 'w 1'])
    expect(await texts(db, 1, { words: 'w', sentAfter: 301 })).toEqual([])
  })

  test('edited and deleted messages are found by what they say now, sealed ones never', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    await sayAll(db, ['before', 'gone', { content: { kind: 'sealed', sealed: 'before' } }])
    expect(await texts(db, 1, { words: 'before' })).toEqual(['before'])
    const message = (position: number) => ({
      ...aMessage(position - 1),
      id: messageId(position),
      ordinal: position,
    })
    await db.write(async (tx) => {
      await tx.messages.replace({ ...message(1), content: plain('after') })
      await tx.messages.replace({ ...message(2), content: { kind: 'deleted', by: accountId(1), at: 5 } })
    })
    expect(await texts(db, 1, { words: 'before' })).toEqual([])
    expect(await texts(db, 1, { words: 'after' })).toEqual(['after'])
    expect(await texts(db, 1, { words: 'gone' })).toEqual([])
  })

  test('pages follow each other without a gap, and the last says so', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    await sayAll(
      db,
      Array.from({ length: 7 }, (_, number) => `word ${number}`),
    )
    const pages: string[][] = []
    let before: Message['id'] | undefined
    for (;;) {
      const page = await find(db, 1, { words: 'word', limit: 3, ...(before !== undefined && { before }) })
      pages.push(page.messages.map(({ content }) => (content.kind === 'plain' ? content.text.slice(-1) : '')))
      if (page.next === null) break
      before = page.next
    }
    expect(pages).toEqual([['6', '5', '4'], ['3', '2', '1'], ['0']])
  })

  test('whatever is said and asked, a search finds what reading everything finds', async () => {
    await withRandomness(async (random) => {
      await using opened = await open()
      const { db } = opened
      const stage = await populated(db, random)
      for (let round = 0; round < 60; round += 1) {
        const account = random.int(1, stage.accounts)
        const query = stage.query(random)
        const found: Message[] = []
        for (let before: Message['id'] | undefined; ;) {
          const page = await find(db, account, {
            ...query,
            limit: random.int(1, 9),
            ...(before !== undefined && { before }),
          })
          found.push(...page.messages)
          if (page.next === null) break
          before = page.next
        }
        expect(
          found.map(({ id }) => id),
          JSON.stringify(query),
        ).toEqual(await stage.expected(account, query))
      }
    })
  })
}

const vocabulary = ['red', 'green', 'Blau', 'réd', 'redder', 'x1', '会', 'GREEN', 'and', 'o’clock']

/** A random past, and the plainest way to search it. */
const populated = async (db: Database, random: Randomness) => {
  const accounts = 4
  const groups = 6
  await db.write(async (tx) => {
    for (let account = 1; account <= accounts; account += 1) await tx.accounts.insert(anAccount(account))
    for (let group = 1; group <= groups; group += 1) await addGroup(tx, group, random.int(1, accounts))
  })
  const words = () => Array.from({ length: random.int(1, 5) }, () => random.pick(vocabulary)).join(' ')
  const all = await db.write(async (tx) => {
    const said: Message[] = []
    for (let number = 0; number < 300; number += 1) {
      const message = aMessage(number, {
        content: random.chance(0.05) ? { kind: 'sealed', sealed: 'red' } : plain(words()),
        conversationId: conversationId(random.int(1, groups)),
        authorId: accountId(random.int(1, accounts)),
        sentAt: random.int(1, 50),
      })
      const { messageId: id, ordinal } = await tx.messages.insert(message)
      said.push({ ...message, id, ordinal })
      const changed = random.pick(said)
      if (!random.chance(0.2) || changed.content.kind !== 'plain') continue
      changed.content = random.chance(0.5) ? plain(words()) : { kind: 'deleted', by: accountId(1), at: 1 }
      await tx.messages.replace(changed)
    }
    return said
  })
  const tokens = (text: string): string[] =>
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/会|[a-z0-9]+/g) ?? []
  const matches = (message: Message, query: Query) => {
    if (message.content.kind !== 'plain') return false
    const said = tokens(message.content.text)
    const { conversationId: only, authorId, sentAfter = 0, sentBefore = Infinity } = query
    return (
      tokens(query.words).every((word) => said.includes(word)) &&
      (only === undefined || message.conversationId === only) &&
      (authorId === undefined || message.authorId === authorId) &&
      message.sentAt >= sentAfter &&
      message.sentAt < sentBefore
    )
  }
  return {
    accounts,
    query: (draw: Randomness): Query => ({
      words: Array.from({ length: draw.int(1, 3) }, () => draw.pick(vocabulary)).join(' '),
      ...(draw.chance(0.3) && { conversationId: conversationId(draw.int(1, groups + 1)) }),
      ...(draw.chance(0.3) && { authorId: accountId(draw.int(1, accounts + 1)) }),
      ...(draw.chance(0.3) && { sentAfter: draw.int(0, 40) }),
      ...(draw.chance(0.3) && { sentBefore: draw.int(10, 60) }),
    }),
    expected: async (account: number, query: Query) => {
      const own = new Set(
        (await db.read.members.channelsOf(accountId(account))).map((one) => one.conversationId),
      )
      return all
        .filter((message) => own.has(message.conversationId) && matches(message, query))
        .map(({ id }) => id)
        .toReversed()
    },
  }
}
