import type { NewMessage } from '@parley/db/stores'
import { expect, test } from 'vitest'
import {
  accountId,
  aMember,
  aMessage,
  anAttachment,
  attachmentId,
  conversationId,
  peopled,
  say,
} from '../fixtures.ts'
import type { OpenEmpty } from './opening.ts'

const carrying = (...numbers: number[]): Partial<NewMessage> => ({
  attachments: numbers.map((number) => {
    const { id, name, mediaType, bytes } = anAttachment(number)
    return { id, name, mediaType, bytes }
  }),
})

export const attachmentsContract = (open: OpenEmpty): void => {
  test('an attachment is read as it was stored, alone or with others', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1)
    await db.write((tx) => tx.attachments.insert(anAttachment(1)))
    await db.write((tx) => tx.attachments.insert(anAttachment(2)))
    expect(await db.read.attachments.get(attachmentId(1))).toEqual(anAttachment(1))
    expect(await db.read.attachments.get(attachmentId(9))).toBeNull()
    expect(await db.read.attachments.many([2, 9, 1].map(attachmentId))).toEqual([
      anAttachment(2),
      anAttachment(1),
    ])
  })

  test('its owner may read it, and members of a conversation in which it was sent; nobody else', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 4, 1)
    await db.write(async (tx) => {
      await tx.members.remove(conversationId(1), accountId(3))
      await tx.attachments.insert(anAttachment(1))
    })
    const readers = async () => {
      const may = await Promise.all(
        [1, 2, 3].map((n) => db.read.attachments.mayRead(attachmentId(1), accountId(n))),
      )
      return may
    }
    expect(await readers()).toEqual([true, false, false])
    await say(db, 1, carrying(1))
    expect(await readers()).toEqual([true, true, false])
    await db.write((tx) => tx.members.remove(conversationId(1), accountId(2)))
    expect(await readers()).toEqual([true, false, false])
    await db.write((tx) => tx.members.insert(aMember(1, 3)))
    expect(await readers()).toEqual([true, false, true])
    expect(await db.read.attachments.mayRead(attachmentId(9), accountId(1))).toBe(false)
  })

  test('with the last message that carried it deleted, nobody but its owner may read it, and it is an orphan', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2, 1)
    await db.write((tx) => tx.attachments.insert(anAttachment(1)))
    const first = await say(db, 1, carrying(1))
    const second = await say(db, 2, carrying(1))
    const content = { kind: 'deleted' as const, by: accountId(1), at: 5 }
    const remove = (number: number, { messageId: id, ordinal }: typeof first) =>
      db.write((tx) => tx.messages.replace({ ...aMessage(number), id, ordinal, content }))
    await remove(1, first)
    expect(await db.read.attachments.mayRead(attachmentId(1), accountId(2))).toBe(true)
    expect(await db.read.attachments.orphans(9_999, 9)).toEqual([])
    await remove(2, second)
    expect(await db.read.attachments.mayRead(attachmentId(1), accountId(2))).toBe(false)
    expect(await db.read.attachments.orphans(9_999, 9)).toEqual([anAttachment(1)])
  })

  test('orphans are those that nobody sent, the oldest first, and only from before a time', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    await db.write(async (tx) => {
      for (const number of [3, 1, 2, 4])
        await tx.attachments.insert(anAttachment(number, { uploadedAt: number * 10 }))
    })
    await say(db, 1, carrying(2))
    const orphans = async (before: number, limit = 9) =>
      (await db.read.attachments.orphans(before, limit)).map(({ id }) => id)
    expect(await orphans(40)).toEqual([1, 3].map(attachmentId))
    expect(await orphans(40, 1)).toEqual([attachmentId(1)])
    await db.write((tx) => tx.attachments.remove(attachmentId(1)))
    expect(await orphans(40)).toEqual([attachmentId(3)])
  })

  test('content is in use as long as one attachment has it, and is listed once', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1)
    await db.write(async (tx) => {
      await tx.attachments.insert(anAttachment(1, { contentHash: 'b', bytes: 7 }))
      await tx.attachments.insert(anAttachment(2, { contentHash: 'b', bytes: 7 }))
      await tx.attachments.insert(anAttachment(3, { contentHash: 'a', bytes: 8 }))
    })
    expect(await db.read.attachments.contentHashes('', 9)).toEqual([
      { contentHash: 'a', bytes: 8 },
      { contentHash: 'b', bytes: 7 },
    ])
    expect(await db.read.attachments.contentHashes('', 1)).toEqual([{ contentHash: 'a', bytes: 8 }])
    expect(await db.read.attachments.contentHashes('a', 9)).toEqual([{ contentHash: 'b', bytes: 7 }])
    await db.write((tx) => tx.attachments.remove(attachmentId(1)))
    expect(await db.read.attachments.isContentUsed('b')).toBe(true)
    await db.write((tx) => tx.attachments.remove(attachmentId(2)))
    expect(await db.read.attachments.isContentUsed('b')).toBe(false)
  })
}
