import { expect, test } from 'vitest'
import {
  accountId,
  addGroup,
  aGroup,
  aMember,
  at,
  conversationId,
  messageId,
  peopled,
  say,
} from '../fixtures.ts'
import type { OpenEmpty } from './opening.ts'

export const membersContract = (open: OpenEmpty): void => {
  test('somebody is a member once, counted once, and until removed', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2)
    await db.write((tx) => tx.conversations.insert(aGroup(1)))
    const member = aMember(1, 2, { keyMaterial: 'keys', joinedPosition: at(7) })
    expect(await db.write((tx) => tx.members.insert(member))).toBe(true)
    expect(await db.write((tx) => tx.members.insert(aMember(1, 2, { role: 'admin' })))).toBe(false)
    expect(await db.read.members.get(conversationId(1), accountId(2))).toEqual(member)
    expect(await db.read.members.count(conversationId(1))).toBe(1)
    expect(await db.write((tx) => tx.members.remove(conversationId(1), accountId(2)))).toBe(true)
    expect(await db.read.members.count(conversationId(1))).toBe(0)
    expect(await db.write((tx) => tx.members.remove(conversationId(1), accountId(2)))).toBe(false)
    expect(await db.read.members.get(conversationId(1), accountId(2))).toBeNull()
    expect(await db.read.members.count(conversationId(1))).toBe(0)
    expect(await db.read.members.count(conversationId(9))).toBe(0)
  })

  test('nobody is a member of what is not there', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1)
    await expect(db.write((tx) => tx.members.insert(aMember(1, 1)))).rejects.toThrow(/constraint/i)
    await db.write((tx) => tx.conversations.insert(aGroup(1)))
    await expect(db.write((tx) => tx.members.insert(aMember(1, 2)))).rejects.toThrow(/constraint/i)
  })

  test('members come in the order of their ids, a page at a time', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 5, 1)
    const ids = async (after: number | undefined, limit: number) =>
      (
        await db.read.members.page(
          conversationId(1),
          after === undefined ? undefined : accountId(after),
          limit,
        )
      ).map((member) => member.accountId)
    expect(await ids(undefined, 3)).toEqual([1, 2, 3].map(accountId))
    expect(await ids(3, 3)).toEqual([4, 5].map(accountId))
  })

  test('founder and admins decide, as long as they are that', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 4, 1)
    await db.write((tx) => tx.members.setRole(conversationId(1), accountId(3), 'admin'))
    expect(await db.read.members.deciders(conversationId(1))).toEqual([1, 3].map(accountId))
    await db.write((tx) => tx.members.setRole(conversationId(1), accountId(3), 'member'))
    expect(await db.read.members.deciders(conversationId(1))).toEqual([accountId(1)])
    await expect(
      db.write((tx) => tx.members.setRole(conversationId(1), accountId(9), 'admin')),
    ).rejects.toThrow(/no member/)
  })

  test('the channels of an account are its conversations and where it joined them', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2)
    await db.write(async (tx) => {
      for (const number of [1, 2, 3]) await tx.conversations.insert(aGroup(number))
      await tx.members.insert(aMember(1, 1, { joinedPosition: at(5) }))
      await tx.members.insert(aMember(3, 1, { joinedPosition: at(6), role: 'founder' }))
      await tx.members.insert(aMember(2, 2))
    })
    const channels = await db.read.members.channelsOf(accountId(1))
    expect(channels.toSorted((one, other) => one.joinedPosition - other.joinedPosition)).toEqual([
      { conversationId: conversationId(1), joinedPosition: 5 },
      { conversationId: conversationId(3), joinedPosition: 6 },
    ])
    expect(await db.read.members.countOf(accountId(1))).toBe(2)
    expect(await db.read.members.countOf(accountId(9))).toBe(0)
  })

  test('a read marker moves forward only, and never past what is said', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2)
    await db.write((tx) => addGroup(tx, 1, 2))
    const advance = (to: number) =>
      db.write((tx) => tx.members.advanceRead(conversationId(1), accountId(2), messageId(to)))
    expect(await advance(5)).toEqual({ moved: false, readUpTo: 0, unread: 0, mentions: 0 })
    const sent = []
    for (const number of [1, 2, 3, 4]) {
      sent.push(await say(db, number, { mentions: [accountId(2)] }))
    }
    const [first, , third, fourth] = sent.map(({ messageId: id }) => Number(id))
    expect(await advance(third ?? 0)).toEqual({ moved: true, readUpTo: third, unread: 1, mentions: 1 })
    expect(await advance(first ?? 0)).toEqual({ moved: false, readUpTo: third, unread: 1, mentions: 1 })
    expect(await advance(1_000_000)).toEqual({ moved: true, readUpTo: fourth, unread: 0, mentions: 0 })
    await say(db, 5)
    expect(await advance(fourth ?? 0)).toEqual({ moved: false, readUpTo: fourth, unread: 1, mentions: 0 })
    await expect(
      db.write((tx) => tx.members.advanceRead(conversationId(1), accountId(9), messageId(1))),
    ).rejects.toThrow(/no member/)
  })
}
