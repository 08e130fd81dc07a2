import { expect, test } from 'vitest'
import { accountId, anAccount, aSession, hashOf, sessionId } from '../fixtures.ts'
import type { OpenEmpty } from './opening.ts'

export const sessionsContract = (open: OpenEmpty): void => {
  test('a session is found by the hash of its token, with its account', async () => {
    await using opened = await open()
    const { db } = opened
    await db.write(async (tx) => {
      await tx.accounts.insert(anAccount(1))
      await tx.sessions.insert(aSession(1))
      await tx.sessions.insert(aSession(2))
    })
    const found = await db.read.sessions.byTokenHash(hashOf(2))
    expect(found?.account).toEqual(anAccount(1))
    expect(found?.session).toMatchObject({
      id: sessionId(2),
      accountId: accountId(1),
      deviceName: 'Device 2',
    })
    expect([...(found?.session.tokenHash ?? [])]).toEqual([...hashOf(2)])
    expect(await db.read.sessions.byTokenHash(hashOf(3))).toBeNull()
    expect(await db.read.sessions.byId(sessionId(1))).toMatchObject({ createdAt: 1_001, lastUsedAt: 2_001 })
    expect(await db.read.sessions.byId(sessionId(3))).toBeNull()
  })

  test('no two sessions have one token', async () => {
    await using opened = await open()
    const { db } = opened
    await db.write(async (tx) => {
      await tx.accounts.insert(anAccount(1))
      await tx.sessions.insert(aSession(1))
    })
    await expect(db.write((tx) => tx.sessions.insert(aSession(2, { tokenHash: hashOf(1) })))).rejects.toThrow(
      /constraint/i,
    )
    expect(await db.read.sessions.byId(sessionId(2))).toBeNull()
  })

  test('the sessions of an account are its own only, oldest first, and end by being removed', async () => {
    await using opened = await open()
    const { db } = opened
    await db.write(async (tx) => {
      await tx.accounts.insert(anAccount(1))
      await tx.accounts.insert(anAccount(2))
      for (const number of [3, 1, 2]) await tx.sessions.insert(aSession(number))
      await tx.sessions.insert(aSession(4, { accountId: accountId(2) }))
    })
    const ids = async () => (await db.read.sessions.ofAccount(accountId(1))).map(({ id }) => id)
    expect(await ids()).toEqual([1, 2, 3].map(sessionId))
    expect(await db.write((tx) => tx.sessions.remove(sessionId(2)))).toBe(true)
    expect(await db.write((tx) => tx.sessions.remove(sessionId(2)))).toBe(false)
    expect(await ids()).toEqual([1, 3].map(sessionId))
  })

  test('sessions that nobody used are found, the longest unused first', async () => {
    await using opened = await open()
    const { db } = opened
    await db.write(async (tx) => {
      await tx.accounts.insert(anAccount(1))
      for (const number of [1, 2, 3]) await tx.sessions.insert(aSession(number, { lastUsedAt: number * 10 }))
    })
    const idle = async (before: number, limit = 9) =>
      (await db.read.sessions.idle(before, limit)).map(({ id }) => id)
    expect(await idle(30)).toEqual([1, 2].map(sessionId))
    expect(await idle(30, 1)).toEqual([sessionId(1)])
    await db.write((tx) =>
      tx.sessions.touch([
        { id: sessionId(1), at: 99 },
        { id: sessionId(9), at: 99 },
      ]),
    )
    expect(await idle(30)).toEqual([sessionId(2)])
  })
}
