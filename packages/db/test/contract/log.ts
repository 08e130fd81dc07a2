import type { Database, LoggedEntry, LogScope, NewEntry } from '@parley/db/stores'
import { everybody } from '@parley/db/stores'
import { feedPageBytesMax, feedPageEntriesMax } from '@parley/domain/limits'
import { Entry } from '@parley/domain/stream'
import { expect, test } from 'vitest'
import {
  accountId,
  aGroup,
  aMember,
  aMessage,
  anAccount,
  at,
  conversationId,
  peopled,
  say,
  sessionId,
} from '../fixtures.ts'
import type { OpenEmpty } from './opening.ts'

const person = (number: number): NewEntry & { kind: 'person' } => {
  const { id, username, displayName, name, lastName, bot, disabled } = anAccount(number)
  return { kind: 'person', person: { id, username, displayName, name, lastName, bot, disabled } }
}

const renamed = (number: number): NewEntry & { kind: 'conversation' } => {
  const { passwordHash: _, ...conversation } = aGroup(number)
  return { kind: 'conversation', conversation }
}

const scopeOf = async (db: Database, number: number): Promise<LogScope> => ({
  accountId: accountId(number),
  conversations: await db.read.members.channelsOf(accountId(number)),
})

/** All that a reader gets from a cursor on, page after page. */
const readAll = async (db: Database, scope: LogScope, after = 0) => {
  const read: Entry[] = []
  let pages = 0
  let cursor = at(after)
  while (cursor < db.head()) {
    const page = await db.read.log.page(scope, cursor, db.head())
    expect(page.upTo).toBeGreaterThan(cursor)
    expect(page.json.length).toBeLessThanOrEqual(feedPageEntriesMax)
    cursor = page.upTo
    pages += 1
    read.push(...page.json.map((json) => Entry.parse(JSON.parse(json))))
  }
  return { positions: read.map(({ position }) => Number(position)), entries: read, pages }
}

export const logContract = (open: OpenEmpty): void => {
  test('the log has an id of its own', async () => {
    await using one = await open()
    await using other = await open()
    const id = await one.db.read.log.id()
    expect(id).toMatch(/^.{8,64}$/)
    expect(await one.db.read.log.id()).toBe(id)
    expect(await other.db.read.log.id()).not.toBe(id)
  })

  test('P3: positions go up by one with every entry, messages among them, in the order of commits', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    const committed: LoggedEntry[] = []
    db.onCommit((entries) => committed.push(...entries))
    const positions = await Promise.all([
      db.write((tx) => tx.log.append(everybody, person(1))),
      say(db, 1).then(({ messageId }) => messageId),
      db.write(async (tx) => {
        expect(tx.log.next()).toBe(3)
        return tx.log.append(conversationId(1), renamed(1))
      }),
    ])
    expect(positions).toEqual([1, 2, 3])
    expect(db.head()).toBe(3)
    expect(committed.map(({ position }) => position)).toEqual([1, 2, 3])
    const { entries } = await readAll(db, await scopeOf(db, 1))
    expect(committed.map(({ json }) => Entry.parse(JSON.parse(json)))).toEqual(entries)
  })

  test('a refused write leaves no gap in the positions', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    const committed: LoggedEntry[] = []
    db.onCommit((entries) => committed.push(...entries))
    const refused = db.write(async (tx) => {
      await tx.log.append(everybody, person(1))
      await tx.messages.insert(aMessage(9))
      throw new Error('no')
    })
    const [, sent] = await Promise.all([expect(refused).rejects.toThrow('no'), say(db, 1)])
    expect(sent).toMatchObject({ messageId: 1, ordinal: 1 })
    expect(await say(db, 9)).toMatchObject({ messageId: 2, ordinal: 2, repeated: false })
    expect(committed.map(({ kind, position }) => [kind, position])).toEqual([
      ['message', 1],
      ['message', 2],
    ])
  })

  test('P4: a reader gets each entry that it may see exactly once, and in order', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 3, 2)
    await db.write(async (tx) => {
      await tx.members.remove(conversationId(2), accountId(2))
      await tx.log.append(everybody, person(1)) // 1: everybody
      await tx.messages.insert(aMessage(1)) // 2: group 1
      await tx.messages.insert(aMessage(2, { conversationId: conversationId(2) })) // 3: group 2
      await tx.log.append(accountId(2), { kind: 'session-ended', sessionId: sessionId(1) }) // 4: account 2
      await tx.log.append(accountId(3), { kind: 'session-ended', sessionId: sessionId(2) }) // 5: account 3
      await tx.log.append(conversationId(2), renamed(2)) // 6: group 2
      await tx.log.append(conversationId(1), renamed(1)) // 7: group 1
    })
    expect((await readAll(db, await scopeOf(db, 2))).positions).toEqual([1, 2, 4, 7])
    expect((await readAll(db, await scopeOf(db, 3))).positions).toEqual([1, 2, 3, 5, 6, 7])
    expect((await readAll(db, await scopeOf(db, 2), 2)).positions).toEqual([4, 7])
    const cut = await db.read.log.page(await scopeOf(db, 2), at(0), at(4))
    expect([cut.json.length, cut.upTo]).toEqual([3, 4])
  })

  test('a conversation is read from where its reader joined', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2)
    await db.write(async (tx) => {
      await tx.conversations.insert(aGroup(1))
      await tx.members.insert(aMember(1, 1))
      for (const number of [1, 2, 3]) await tx.messages.insert(aMessage(number))
      await tx.members.insert(aMember(1, 2, { joinedPosition: at(2) }))
    })
    expect((await readAll(db, await scopeOf(db, 1))).positions).toEqual([1, 2, 3])
    expect((await readAll(db, await scopeOf(db, 2))).positions).toEqual([3])
  })

  test('a conversation is read from where its reader joined, also far back in a long log', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2)
    const messages = 400
    await db.write(async (tx) => {
      await tx.conversations.insert(aGroup(1))
      for (let number = 1; number <= messages; number += 1) await tx.messages.insert(aMessage(number))
      await tx.members.insert(aMember(1, 2, { joinedPosition: at(messages - 2) }))
    })
    expect((await readAll(db, await scopeOf(db, 2))).positions).toEqual([messages - 1, messages])
  })

  test('readers of many and of few conversations get the same from a long log', async () => {
    await using opened = await open()
    const { db } = opened
    const groups = 40
    const messages = 1_500
    await peopled(db, 1, groups)
    await peopledBeside(db, 2, 3)
    await db.write(async (tx) => {
      for (let number = 0; number < messages; number += 1) {
        await tx.messages.insert(aMessage(number, { conversationId: conversationId((number % groups) + 1) }))
      }
    })
    const many = await readAll(db, await scopeOf(db, 1))
    expect(many.positions).toEqual(Array.from({ length: messages }, (_, index) => index + 1))
    const few = await readAll(db, await scopeOf(db, 2))
    expect(few.positions).toEqual(many.positions.filter((position) => (position - 1) % groups < 3))
    expect(few.pages).toBe(1)
    const last = await readAll(db, await scopeOf(db, 2), messages - groups)
    expect(last.positions).toEqual(few.positions.slice(-3))
  })

  test('P5: a page of the log is bounded in bytes', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    const content = { kind: 'sealed' as const, sealed: 'x'.repeat(feedPageBytesMax / 4) }
    for (const number of [1, 2, 3, 4, 5]) await say(db, number, { content })
    const scope = await scopeOf(db, 1)
    const { json } = await db.read.log.page(scope, at(0), db.head())
    expect(json).toHaveLength(3)
    expect(Buffer.byteLength(json.join(','))).toBeLessThanOrEqual(feedPageBytesMax)
    expect((await readAll(db, scope)).positions).toEqual([1, 2, 3, 4, 5])
  })

  test('what was deleted is gone from the log that is read again', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    const { messageId: id } = await say(db, 1, { content: { kind: 'plain', text: 'secret' } })
    const edited = { ...aMessage(1), id, ordinal: 1 }
    await db.write((tx) =>
      tx.messages.replace({ ...edited, content: { kind: 'plain', text: 'secret again' } }),
    )
    await db.write((tx) =>
      tx.messages.replace({ ...edited, content: { kind: 'deleted', by: accountId(1), at: 5 } }),
    )
    const { json } = await db.read.log.page(await scopeOf(db, 1), at(0), db.head())
    expect(json).toHaveLength(3)
    expect(json.join()).not.toContain('secret')
  })

  test('the log forgets entries, never messages, and says from where on it is whole', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    expect(await db.read.log.keptAfter()).toBe(0)
    await db.write(async (tx) => {
      for (const number of [1, 2, 3]) {
        await tx.log.append(everybody, person(1))
        await tx.messages.insert(aMessage(number))
      }
    })
    expect(await db.write((tx) => tx.log.prune(at(4), 1))).toBe(1)
    expect(await db.read.log.keptAfter()).toBe(1)
    expect(await db.write((tx) => tx.log.prune(at(4), 9))).toBe(1)
    expect(await db.read.log.keptAfter()).toBe(4)
    expect(await db.write((tx) => tx.log.prune(at(2), 9))).toBe(0)
    expect(await db.read.log.keptAfter()).toBe(4)
    expect((await readAll(db, await scopeOf(db, 1))).positions).toEqual([2, 4, 5, 6])
    expect(await db.write((tx) => tx.log.prune(at(1_000), 9))).toBe(1)
    expect(await db.read.log.keptAfter()).toBe(6)
    expect(await db.write((tx) => tx.log.append(everybody, person(1)))).toBe(7)
  })
}

/** One more account, in the first few groups. */
const peopledBeside = (db: Database, number: number, groups: number) =>
  db.write(async (tx) => {
    await tx.accounts.insert(anAccount(number))
    for (let group = 1; group <= groups; group += 1) await tx.members.insert(aMember(group, number))
  })
