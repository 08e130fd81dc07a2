import type { Database, HistoryAnchor } from '@parley/db/stores'
import { pageCharsMax } from '@parley/domain/limits'
import { Message } from '@parley/domain/messages'
import { expect, test } from 'vitest'
import { accountId, aMessage, at, clientId, conversationId, messageId, peopled, say } from '../fixtures.ts'
import type { OpenEmpty } from './opening.ts'

export const messagesContract = (open: OpenEmpty): void => {
  test('a message is named by its position, and counted within its conversation', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 2)
    const first = await say(db, 1)
    const second = await say(db, 2, { conversationId: conversationId(2) })
    const third = await say(db, 3)
    expect([first, second, third].map(({ ordinal }) => ordinal)).toEqual([1, 1, 2])
    expect(first).toMatchObject({ repeated: false, sentAt: 10_001, conversationId: conversationId(1) })
    expect(second.messageId).toBe(first.messageId + 1)
    expect(third.messageId).toBe(db.head())
    expect(await db.read.messages.get(conversationId(1), third.messageId)).toEqual({
      ...aMessage(3),
      id: third.messageId,
      ordinal: 2,
    })
    expect(await db.read.messages.get(conversationId(2), third.messageId)).toBeNull()
    expect(await db.read.messages.get(conversationId(1), messageId(99))).toBeNull()
  })

  test('P2: a repeated send returns the first result, in the same commit or later, and changes nothing', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2, 2)
    const [first, again] = await Promise.all([
      say(db, 1),
      say(db, 1, {
        content: { kind: 'plain', text: 'other' },
        sentAt: 99,
        conversationId: conversationId(2),
      }),
    ])
    const head = db.head()
    expect(again).toEqual({ ...first, repeated: true })
    expect(await say(db, 1)).toEqual({ ...first, repeated: true })
    expect(db.head()).toBe(head)
    const page = await db.read.messages.page(conversationId(1), { kind: 'newest' }, 9)
    expect(page.json).toHaveLength(1)
    expect(await db.read.messages.page(conversationId(2), { kind: 'newest' }, 9)).toMatchObject({ json: [] })
    expect(await db.read.messages.byClientId(accountId(1), clientId(1))).toEqual({ ...first, repeated: true })
    expect(await db.read.messages.byClientId(accountId(2), clientId(1))).toBeNull()
    expect(await say(db, 1, { authorId: accountId(2) })).toMatchObject({ repeated: false, ordinal: 2 })
  })

  test('P5: a page of large messages holds fewer, says so, and leads to all of them', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    const ids: number[] = []
    for (let number = 1; number <= 12; number += 1) {
      const { messageId: id } = await say(db, number, {
        content: { kind: 'plain', text: 'x'.repeat(20_000) },
      })
      ids.push(id)
    }
    const idsOf = (json: readonly string[]) => json.map((text) => Message.parse(JSON.parse(text)).id)
    const page = (anchor: HistoryAnchor) => db.read.messages.page(conversationId(1), anchor, 50)

    const newest = await page({ kind: 'newest' })
    expect(newest.json.join('').length).toBeLessThanOrEqual(pageCharsMax)
    expect(newest).toMatchObject({ hasOlder: true, hasNewer: false })
    expect(idsOf(newest.json)).toEqual(ids.slice(-newest.json.length))
    const around = await page({ kind: 'around', position: ids[6] ?? 0 })
    expect(idsOf(around.json)).toContain(ids[6])
    expect(around).toMatchObject({ hasOlder: true, hasNewer: true })

    const read: number[] = []
    for (let more = true; more;) {
      const { json, hasNewer } = await page({ kind: 'after', position: read.at(-1) ?? 0 })
      read.push(...idsOf(json))
      more = hasNewer
    }
    expect(read).toEqual(ids)
  })

  test('history comes oldest first, before, after and around any position', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 2)
    const ids = await conversationOfTen(db)
    const page = async (anchor: HistoryAnchor, limit: number) => {
      const { json, hasOlder, hasNewer } = await db.read.messages.page(conversationId(1), anchor, limit)
      return {
        of: json.map((text) => ids.indexOf(Message.parse(JSON.parse(text)).id) + 1),
        hasOlder,
        hasNewer,
      }
    }
    const position = (number: number) => ids[number - 1] ?? 0
    expect(await page({ kind: 'newest' }, 3)).toEqual({ of: [8, 9, 10], hasOlder: true, hasNewer: false })
    expect(await page({ kind: 'newest' }, 10)).toMatchObject({ hasOlder: false, hasNewer: false })
    expect(await page({ kind: 'before', position: position(4) }, 2)).toEqual({
      of: [2, 3],
      hasOlder: true,
      hasNewer: true,
    })
    expect(await page({ kind: 'before', position: position(3) }, 2)).toEqual({
      of: [1, 2],
      hasOlder: false,
      hasNewer: true,
    })
    expect(await page({ kind: 'before', position: 1_000 }, 2)).toEqual({
      of: [9, 10],
      hasOlder: true,
      hasNewer: false,
    })
    expect(await page({ kind: 'after', position: 0 }, 2)).toEqual({
      of: [1, 2],
      hasOlder: false,
      hasNewer: true,
    })
    expect(await page({ kind: 'after', position: position(8) }, 2)).toEqual({
      of: [9, 10],
      hasOlder: true,
      hasNewer: false,
    })
    expect(await page({ kind: 'after', position: position(10) }, 2)).toEqual({
      of: [],
      hasOlder: true,
      hasNewer: false,
    })
    expect(await page({ kind: 'around', position: position(5) }, 4)).toEqual({
      of: [3, 4, 5, 6],
      hasOlder: true,
      hasNewer: true,
    })
    expect(await page({ kind: 'around', position: position(1) }, 4)).toEqual({
      of: [1, 2, 3, 4],
      hasOlder: false,
      hasNewer: true,
    })
    expect(await page({ kind: 'around', position: position(10) }, 4)).toEqual({
      of: [7, 8, 9, 10],
      hasOlder: true,
      hasNewer: false,
    })
    expect(await page({ kind: 'around', position: position(5) + 1 }, 2)).toEqual({
      of: [5, 6],
      hasOlder: true,
      hasNewer: true,
    })
    expect(await page({ kind: 'around', position: position(5) }, 20)).toMatchObject({
      hasOlder: false,
      hasNewer: false,
    })
  })

  test('the first message since a time is found', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 2)
    const ids = await conversationOfTen(db)
    const find = async (time: number) => {
      const found = await db.read.messages.atTime(conversationId(1), time)
      return found === null ? null : ids.indexOf(found) + 1
    }
    expect(await find(0)).toBe(1)
    expect(await find(100)).toBe(1)
    expect(await find(401)).toBe(5)
    expect(await find(500)).toBe(5)
    expect(await find(1_000)).toBe(10)
    expect(await find(1_001)).toBeNull()
    expect(await db.read.messages.atTime(conversationId(9), 0)).toBeNull()
  })

  test('what has become of a message is read everywhere, and logged', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2, 1)
    const { messageId: id } = await say(db, 1, { mentions: [accountId(2)] })
    const message = {
      ...aMessage(1),
      id,
      ordinal: 1,
      editedAt: 5,
      content: { kind: 'plain' as const, text: 'better' },
    }
    const position = await db.write((tx) => tx.messages.replace(message))
    expect(position).toBe(id + 1)
    expect(await db.read.messages.get(conversationId(1), id)).toEqual(message)
    const scope = { accountId: accountId(1), conversations: await db.read.members.channelsOf(accountId(1)) }
    const { json } = await db.read.log.page(scope, at(id), position)
    expect(json.map((text): unknown => JSON.parse(text))).toEqual([
      { position, kind: 'message-changed', message },
    ])
    expect(await db.read.conversations.mineOne(accountId(2), conversationId(1))).toMatchObject({
      mentions: 0,
      unread: 1,
    })
    await expect(db.write((tx) => tx.messages.replace({ ...message, id: messageId(77) }))).rejects.toThrow(
      /no message/,
    )
  })

  test('a deleted message mentions nobody any more', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2, 1)
    const { messageId: id } = await say(db, 1, { mentionsEveryone: true })
    expect(await db.read.conversations.mineOne(accountId(2), conversationId(1))).toMatchObject({
      mentions: 1,
    })
    const content = { kind: 'deleted' as const, by: accountId(1), at: 5 }
    await db.write((tx) => tx.messages.replace({ ...aMessage(1), id, ordinal: 1, content }))
    expect(await db.read.conversations.mineOne(accountId(2), conversationId(1))).toMatchObject({
      mentions: 0,
      unread: 1,
    })
  })
}

/** Ten messages, sent at 100, 200, ... 1,000, with others between them. @returns their positions */
const conversationOfTen = (db: Database) =>
  db.write(async (tx) => {
    const ids = []
    for (let number = 1; number <= 10; number += 1) {
      ids.push((await tx.messages.insert(aMessage(number, { sentAt: number * 100 }))).messageId)
      await tx.messages.insert(aMessage(100 + number, { conversationId: conversationId(2) }))
    }
    return ids
  })
