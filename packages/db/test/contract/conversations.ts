import { ClientConversationId } from '@parley/domain/ids'
import { expect, test } from 'vitest'
import {
  accountId,
  aDirect,
  addGroup,
  aGroup,
  aMember,
  aMessage,
  at,
  conversationId,
  peopled,
  say,
} from '../fixtures.ts'
import type { OpenEmpty } from './opening.ts'

export const conversationsContract = (open: OpenEmpty): void => {
  test('a conversation is read as it was stored, and changed only in what a change names', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2)
    const group = aGroup(1, {
      description: 'what for',
      joinPolicy: 'password',
      passwordHash: 'hash',
      sealed: true,
    })
    await db.write((tx) => tx.conversations.insert(group))
    expect(await db.read.conversations.byId(group.id)).toEqual(group)
    expect(await db.read.conversations.byId(conversationId(2))).toBeNull()
    const change = {
      name: 'New',
      listed: false,
      joinPolicy: 'open',
      passwordHash: null,
      closedAt: 9,
      founderId: accountId(2),
    } as const
    await db.write((tx) => tx.conversations.update(group.id, change))
    expect(await db.read.conversations.byId(group.id)).toEqual({ ...group, ...change })
    await expect(db.write((tx) => tx.conversations.update(conversationId(2), {}))).rejects.toThrow(
      /no conversation/,
    )
  })

  test('standing says what a conversation is and what somebody is in it', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2)
    const member = aMember(1, 1, {
      role: 'admin',
      readUpTo: 4,
      readOrdinal: 2,
      keyMaterial: 'keys',
      grant: 'grant',
      joinedPosition: at(3),
    })
    await db.write(async (tx) => {
      await tx.conversations.insert(aGroup(1))
      await tx.members.insert(member)
    })
    expect(await db.read.conversations.standing(conversationId(1), accountId(1))).toEqual({
      conversation: aGroup(1),
      member,
    })
    expect(await db.read.conversations.standing(conversationId(1), accountId(2))).toEqual({
      conversation: aGroup(1),
      member: null,
    })
    expect(await db.read.conversations.standing(conversationId(2), accountId(1))).toBeNull()
  })

  test('P2: a group of one maker and client id is there once, whoever founds it by now', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 3)
    const clientConversationId = ClientConversationId.parse('mine')
    const first = aGroup(1, { clientConversationId })
    expect(await db.write((tx) => tx.conversations.insert(first))).toBe(true)
    await db.write((tx) => tx.conversations.update(first.id, { founderId: accountId(2) }))
    expect(await db.write((tx) => tx.conversations.insert(aGroup(2, { clientConversationId })))).toBe(false)
    const others = aGroup(3, { clientConversationId, founderId: accountId(3) })
    expect(await db.write((tx) => tx.conversations.insert(others))).toBe(true)
    expect(await db.read.conversations.madeAs(accountId(1), clientConversationId)).toEqual({
      ...first,
      founderId: accountId(2),
    })
    expect(await db.read.conversations.madeAs(accountId(2), clientConversationId)).toBeNull()
    expect(await db.read.conversations.byId(conversationId(2))).toBeNull()
  })

  test('two people have one direct conversation, whoever makes it and in whatever order', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 3)
    expect(await db.write((tx) => tx.conversations.insertDirect(aDirect(1, 1, 2)))).toBe(true)
    expect(await db.write((tx) => tx.conversations.insertDirect(aDirect(2, 2, 1)))).toBe(false)
    expect(await db.write((tx) => tx.conversations.insertDirect(aDirect(3, 1, 3)))).toBe(true)
    expect(await db.read.conversations.directOf(accountId(2), accountId(1))).toEqual(aDirect(1, 1, 2))
    expect(await db.read.conversations.directOf(accountId(2), accountId(3))).toBeNull()
    expect(await db.read.conversations.byId(conversationId(2))).toBeNull()
  })

  test('groups are listed by name, but for unlisted and closed ones, a page at a time', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2)
    await db.write(async (tx) => {
      const names = ['zebra', 'Apple pie', 'äpfel', 'Banana', 'hidden', 'over']
      for (const [index, name] of names.entries()) {
        const closedAt = name === 'over' ? 5 : null
        await tx.conversations.insert(aGroup(index + 1, { name, listed: name !== 'hidden', closedAt }))
      }
      await tx.members.insert(aMember(4, 2))
    })
    const pages: string[][] = []
    let after: string | undefined
    do {
      const page = await db.read.conversations.listed({ accountId: accountId(2), limit: 2, after })
      pages.push(page.groups.map(({ name }) => name))
      after = page.next ?? undefined
    } while (after !== undefined)
    expect(pages).toEqual([
      ['äpfel', 'Apple pie'],
      ['Banana', 'zebra'],
    ])
    const { groups } = await db.read.conversations.listed({ accountId: accountId(2), words: 'ban', limit: 9 })
    const { id, name, description, joinPolicy, sealed } = aGroup(4, { name: 'Banana' })
    expect(groups).toEqual([{ id, name, description, joinPolicy, sealed, memberCount: 1, isMember: true }])
    const found = async (words: string) =>
      (await db.read.conversations.listed({ accountId: accountId(2), words, limit: 9 })).groups.map(
        (group) => group.name,
      )
    expect(await found('PIE app')).toEqual(['Apple pie'])
    expect(await found('apf')).toEqual(['äpfel'])
    expect(await found('pple')).toEqual([])
    expect(await found('%')).toHaveLength(4)
  })

  test('groups of one name are all listed, across pages', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1)
    await db.write(async (tx) => {
      for (const number of [1, 2, 3]) await tx.conversations.insert(aGroup(number, { name: 'Same' }))
    })
    const first = await db.read.conversations.listed({ accountId: accountId(1), limit: 2 })
    const second = await db.read.conversations.listed({
      accountId: accountId(1),
      limit: 2,
      after: first.next ?? '',
    })
    expect([...first.groups, ...second.groups].map(({ id }) => id)).toEqual([1, 2, 3].map(conversationId))
    expect(second.next).toBeNull()
  })

  test('mine come with the newest activity first, a page at a time; joining is activity, too', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2, 4)
    await say(db, 1, { conversationId: conversationId(2) })
    await say(db, 2, { conversationId: conversationId(1) })
    await say(db, 3, { conversationId: conversationId(2) })
    await db.write(async (tx) => {
      await tx.conversations.insert(aGroup(5))
      await tx.members.insert(aMember(5, 1, { joinedPosition: at(2) }))
    })
    const pages: string[][] = []
    let after: string | undefined
    do {
      const page = await db.read.conversations.mine({ accountId: accountId(1), limit: 2, after })
      pages.push(page.conversations.map(({ conversation }) => conversation.id))
      after = page.next ?? undefined
    } while (after !== undefined)
    expect(pages).toEqual([[2, 5], [1, 4], [3]].map((page) => page.map(conversationId)))
    expect(
      (await db.read.conversations.mine({ accountId: accountId(2), limit: 9 })).conversations,
    ).toHaveLength(4)
  })

  test('mine refuses an `after` that is no page of its own', async () => {
    await using opened = await open()
    const { db } = opened
    await expect(
      db.read.conversations.mine({ accountId: accountId(1), limit: 2, after: '1; drop table' }),
    ).rejects.toMatchObject({ kind: 'invalid-input', detail: { field: 'after' } })
  })

  test('mine says the last message, the members, and what is unread', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 3, 2)
    const sent = await say(db, 1)
    await say(db, 2, { mentions: [accountId(2)] })
    await say(db, 3, { mentionsEveryone: true, mentions: [accountId(2)] })
    await say(db, 4, { mentions: [accountId(3)] })
    const mine = await db.read.conversations.mineOne(accountId(2), conversationId(1))
    expect(mine).toMatchObject({
      conversation: aGroup(1),
      member: aMember(1, 2),
      memberCount: 3,
      unread: 4,
      mentions: 2,
    })
    expect(JSON.parse(mine?.lastMessageJson ?? '')).toMatchObject({
      clientMessageId: aMessage(4).clientMessageId,
    })
    const [first] = (await db.read.conversations.mine({ accountId: accountId(2), limit: 1 })).conversations
    expect(first).toEqual(mine)
    await db.write((tx) => tx.members.advanceRead(conversationId(1), accountId(2), sent.messageId))
    expect(await db.read.conversations.mineOne(accountId(2), conversationId(1))).toMatchObject({
      unread: 3,
      mentions: 2,
    })
    expect(await db.read.conversations.mineOne(accountId(2), conversationId(2))).toMatchObject({
      lastMessageJson: null,
      unread: 0,
      mentions: 0,
    })
    expect(await db.read.conversations.mineOne(accountId(9), conversationId(1))).toBeNull()
    expect(await db.read.conversations.mineOne(accountId(1), conversationId(9))).toBeNull()
  })

  test('a group made within a write is seen in it, and by others only once it is committed', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1)
    const seen = await db.write(async (tx) => {
      await addGroup(tx, 1, 1)
      return [
        await tx.conversations.byId(conversationId(1)),
        await db.read.conversations.byId(conversationId(1)),
      ]
    })
    expect(seen).toEqual([aGroup(1), null])
    expect(await db.read.conversations.byId(conversationId(1))).toEqual(aGroup(1))
  })
}
