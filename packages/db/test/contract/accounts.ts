import { expect, test } from 'vitest'
import { accountId, anAccount } from '../fixtures.ts'
import type { OpenEmpty } from './opening.ts'

export const accountsContract = (open: OpenEmpty): void => {
  test('an account is read as it was stored, by its id and by its username in any letter case', async () => {
    await using opened = await open()
    const { db } = opened
    await db.write((tx) => tx.accounts.insert(anAccount(9)))
    const stored = anAccount(1, {
      username: 'Ann.B',
      displayName: 'Ann',
      name: 'Änne',
      lastName: 'B',
      bot: true,
      disabled: true,
      operator: true,
      ownerId: accountId(9),
      passwordHash: 'hash',
      lastSeenAt: 77,
    })
    await db.write((tx) => tx.accounts.insert(stored))
    expect(await db.read.accounts.byId(stored.id)).toEqual(stored)
    expect(await db.read.accounts.byUsername('aNN.b')).toEqual(stored)
    expect(await db.read.accounts.byId(accountId(2))).toBeNull()
    expect(await db.read.accounts.byUsername('ann')).toBeNull()
  })

  test('a username is taken in any letter case, at sign-up and when it is changed', async () => {
    await using opened = await open()
    const { db } = opened
    await db.write((tx) => tx.accounts.insert(anAccount(1, { username: 'ann' })))
    await db.write((tx) => tx.accounts.insert(anAccount(2, { username: 'bob' })))
    await expect(
      db.write((tx) => tx.accounts.insert(anAccount(3, { username: 'ANN' }))),
    ).rejects.toMatchObject({
      name: 'Refusal',
      kind: 'username-taken',
    })
    await expect(
      db.write((tx) => tx.accounts.update(accountId(2), { username: 'Ann' })),
    ).rejects.toMatchObject({
      kind: 'username-taken',
    })
    await db.write((tx) => tx.accounts.update(accountId(1), { username: 'Ann' }))
    expect(await db.read.accounts.byUsername('ann')).toMatchObject({ username: 'Ann' })
    expect(await db.read.accounts.count()).toBe(2)
  })

  test('a change changes what it names, and nothing else', async () => {
    await using opened = await open()
    const { db } = opened
    const before = anAccount(1, { name: 'Ann', passwordHash: 'old', lastSeenAt: 5 })
    await db.write((tx) => tx.accounts.insert(before))
    await db.write((tx) =>
      tx.accounts.update(before.id, { displayName: 'Annie', disabled: true, passwordHash: 'new' }),
    )
    expect(await db.read.accounts.byId(before.id)).toEqual({
      ...before,
      displayName: 'Annie',
      disabled: true,
      passwordHash: 'new',
    })
    await db.write((tx) => tx.accounts.update(before.id, { passwordHash: null }))
    expect(await db.read.accounts.byId(before.id)).toMatchObject({ hasPassword: false, passwordHash: null })
    await expect(db.write((tx) => tx.accounts.update(accountId(2), {}))).rejects.toThrow(/no account/)
  })

  test('an outside identity leads to its account, and to one only', async () => {
    await using opened = await open()
    const { db } = opened
    await db.write((tx) => tx.accounts.insert(anAccount(1)))
    await db.write((tx) => tx.accounts.insert(anAccount(2)))
    await db.write((tx) => tx.accounts.linkIdentity(accountId(1), 'https://issuer', 'subject'))
    expect(await db.read.accounts.byIdentity('https://issuer', 'subject')).toEqual(anAccount(1))
    expect(await db.read.accounts.byIdentity('https://issuer', 'other')).toBeNull()
    expect(await db.read.accounts.byIdentity('https://other', 'subject')).toBeNull()
    await expect(
      db.write((tx) => tx.accounts.linkIdentity(accountId(2), 'https://issuer', 'subject')),
    ).rejects.toThrow(/constraint/i)
  })

  test('people come in the order of their usernames, a page at a time, disabled ones when asked for', async () => {
    await using opened = await open()
    const { db } = opened
    await db.write(async (tx) => {
      for (const [number, username] of ['dora', 'Bea', 'ann', 'carl'].entries()) {
        await tx.accounts.insert(anAccount(number + 1, { username, disabled: username === 'carl' }))
      }
    })
    const names = async (input: Parameters<typeof db.read.accounts.page>[0]) =>
      (await db.read.accounts.page(input)).map(({ username }) => username)
    expect(await names({ limit: 2 })).toEqual(['ann', 'Bea'])
    expect(await names({ after: 'Bea', limit: 2 })).toEqual(['dora'])
    expect(await names({ limit: 9, withDisabled: true })).toEqual(['ann', 'Bea', 'carl', 'dora'])
    expect(await db.read.accounts.count()).toBe(4)
  })

  test('people are found by how the words of their names begin, letter case and accents aside', async () => {
    await using opened = await open()
    const { db } = opened
    await db.write(async (tx) => {
      await tx.accounts.insert(
        anAccount(1, { username: 'jos', displayName: 'José', name: 'José', lastName: 'Núñez' }),
      )
      await tx.accounts.insert(
        anAccount(2, { username: 'josephine.k', displayName: 'Jo', name: 'Josephine' }),
      )
      await tx.accounts.insert(anAccount(3, { username: 'other', displayName: 'Banjo' }))
      await tx.accounts.insert(anAccount(4, { username: 'jos-off', displayName: 'Jos', disabled: true }))
    })
    const found = async (words: string, limit = 9) =>
      (await db.read.accounts.search(words, limit)).map(({ username }) => username)
    expect(await found('JOS')).toEqual(['jos', 'josephine.k'])
    expect(await found('nune jo')).toEqual(['jos'])
    const all = await db.read.accounts.search('jos', 9, { withDisabled: true })
    expect(all.map(({ username }) => username)).toEqual(['jos', 'jos-off', 'josephine.k'])
    expect(await found('jo k')).toEqual(['josephine.k'])
    expect(await found('josé')).toEqual(['jos', 'josephine.k'])
    expect(await found('njo')).toEqual([])
    expect(await found('jo', 1)).toHaveLength(1)
    expect(await found('% _ " *')).toEqual([])
    await db.write((tx) => tx.accounts.update(accountId(3), { displayName: 'Joker' }))
    expect(await found('joke')).toEqual(['other'])
    expect(await found('banjo')).toEqual([])
  })

  test('somebody is named by exactly a name, letter case aside', async () => {
    await using opened = await open()
    const { db } = opened
    await db.write(async (tx) => {
      await tx.accounts.insert(
        anAccount(1, { username: 'annlee', displayName: 'Boss', name: 'Ann', lastName: 'Lee' }),
      )
      await tx.accounts.insert(anAccount(2, { username: 'x', displayName: 'ann lee' }))
      await tx.accounts.insert(anAccount(3, { username: 'y', displayName: 'Ann Lee', disabled: true }))
    })
    const named = async (name: string) =>
      (await db.read.accounts.named(name, 9)).map(({ username }) => username)
    expect(await named('ANN LEE')).toEqual(['annlee', 'x'])
    expect(await named('lee')).toEqual(['annlee'])
    expect(await named('ANN')).toEqual(['annlee'])
    expect(await named('boss')).toEqual(['annlee'])
    expect(await named('X')).toEqual(['x'])
    expect(await named('le')).toEqual([])
  })

  test('several people at once, and those whom somebody owns', async () => {
    await using opened = await open()
    const { db } = opened
    await db.write(async (tx) => {
      for (const number of [1, 2, 3]) await tx.accounts.insert(anAccount(number))
      await tx.accounts.insert(anAccount(4, { bot: true, ownerId: accountId(1) }))
    })
    const many = await db.read.accounts.many([accountId(3), accountId(8), accountId(1)])
    expect(many.map(({ id }) => id)).toEqual([accountId(3), accountId(1)])
    expect((await db.read.accounts.ofOwner(accountId(1))).map(({ id }) => id)).toEqual([accountId(4)])
    expect(await db.read.accounts.ofOwner(accountId(2))).toEqual([])
  })

  test('when people were last seen is stored for several at once', async () => {
    await using opened = await open()
    const { db } = opened
    await db.write(async (tx) => {
      for (const number of [1, 2, 3]) await tx.accounts.insert(anAccount(number))
      await tx.accounts.setLastSeen([
        { id: accountId(1), at: 11 },
        { id: accountId(3), at: 33 },
      ])
    })
    const seen = await db.read.accounts.many([1, 2, 3].map(accountId))
    expect(seen.map(({ lastSeenAt }) => lastSeenAt)).toEqual([11, null, 33])
  })
}
