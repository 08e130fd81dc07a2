import type { LoggedEntry, Writing } from '@parley/db/stores'
import { everybody } from '@parley/db/stores'
import { commitGroupWritesMax, writesWaitingMax } from '@parley/domain/limits'
import { expect, test } from 'vitest'
import { accountId, aMessage, anAccount, conversationId, peopled, say } from '../fixtures.ts'
import type { OpenEmpty } from './opening.ts'

export const writingContract = (open: OpenEmpty): void => {
  test('writes that wait together are committed together, in the order in which they were asked for', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    const groups: number[][] = []
    db.onCommit((entries) => groups.push(entries.map(({ position }) => position)))
    const before = { ...db.stats }
    const sent = await Promise.all([1, 2, 3].map((number) => say(db, number)))
    expect(sent.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3])
    expect(groups).toEqual([[1, 2, 3]])
    expect(db.stats).toMatchObject({ groups: before.groups + 1, writes: before.writes + 3, waiting: 0 })
  })

  test('a refused write is undone alone, and rejects alone', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    const before = db.stats.refusedWrites
    const results = await Promise.allSettled([
      say(db, 1),
      db.write(async (tx) => {
        await tx.accounts.insert(anAccount(2))
        await tx.messages.insert(aMessage(2))
        throw new Error('refused')
      }),
      db.write(() => {
        throw new Error('thrown at once')
      }),
      say(db, 3),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
    expect(await db.read.accounts.byId(accountId(2))).toBeNull()
    const { json } = await db.read.messages.page(conversationId(1), { kind: 'newest' }, 9)
    expect(json.map((text) => text.includes('client-1') || text.includes('client-3'))).toEqual([true, true])
    expect(db.stats.refusedWrites).toBe(before + 2)
  })

  test('P1: listeners, then writers, learn of a commit, when it can be read', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    const order: string[] = []
    const seen: Promise<unknown>[] = []
    db.onCommit((entries: readonly LoggedEntry[]) => {
      order.push(`first listener ${entries.length} ${db.head()}`)
      seen.push(db.read.messages.page(conversationId(1), { kind: 'newest' }, 9))
    })
    db.onCommit(() => order.push('second listener'))
    await Promise.all([1, 2].map((number) => say(db, number).then(() => order.push(`writer ${number}`))))
    expect(order).toEqual(['first listener 2 2', 'second listener', 'writer 1', 'writer 2'])
    expect(await seen[0]).toMatchObject({ json: { length: 2 } })
  })

  test('a write that awaits something else than its handle is undone, and harms no other', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    const results = await Promise.allSettled([
      say(db, 1),
      db.write(async (tx) => {
        await tx.messages.insert(aMessage(2))
        await new Promise((resolve) => setImmediate(resolve))
        await tx.messages.insert(aMessage(3))
      }),
      say(db, 4),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(results[1]).toMatchObject({ reason: { message: expect.stringMatching(/awaited something else/) } })
    const { json } = await db.read.messages.page(conversationId(1), { kind: 'newest' }, 9)
    expect(json).toHaveLength(2)
  })

  test('a handle is of no use once its write has ended', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    const kept: Writing[] = []
    await db.write(async (tx) => void kept.push(tx))
    const [tx] = kept
    if (!tx) throw new Error('no handle was given')
    await expect(tx.messages.insert(aMessage(1))).rejects.toThrow(/has ended/)
    await expect(db.write(() => tx.messages.insert(aMessage(1)))).rejects.toThrow(/has ended/)
  })

  test('a handle of one write cannot write within another', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    const kept: Writing['messages'][] = []
    await db.write(async (tx) => void kept.push(tx.messages))
    const late = db.write(async () => kept[0]?.insert(aMessage(1)))
    await expect(late).rejects.toThrow(/has ended/)
    expect(await db.read.messages.page(conversationId(1), { kind: 'newest' }, 9)).toMatchObject({ json: [] })
  })

  test('a commit holds a bounded number of writes; the rest come with the next', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    const sizes: number[] = []
    db.onCommit((entries) => sizes.push(entries.length))
    await Promise.all(Array.from({ length: commitGroupWritesMax + 3 }, (_, number) => say(db, number)))
    expect(sizes).toEqual([commitGroupWritesMax, 3])
  })

  test('P5: past a limit of waiting writes, further ones are refused', async () => {
    await using opened = await open()
    const { db } = opened
    const waiting = Array.from({ length: writesWaitingMax }, () => db.write(async () => 'done'))
    await expect(db.write(async () => 'too late')).rejects.toMatchObject({ kind: 'too-many' })
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['done']))
    expect(await db.write(async () => 'again')).toBe('again')
  })

  test('close finishes what waits, and takes no more', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    const waiting = [1, 2, 3].map((number) => say(db, number))
    const closed = db.close()
    await expect(say(db, 4)).rejects.toMatchObject({ kind: 'shutting-down' })
    expect((await Promise.all(waiting)).map(({ ordinal }) => ordinal)).toEqual([1, 2, 3])
    await closed
  })

  test('what a write reads is what it has written', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1)
    const head = db.head()
    await db.write(async (tx) => {
      await tx.accounts.update(accountId(1), { displayName: 'New' })
      expect(await tx.accounts.byId(accountId(1))).toMatchObject({ displayName: 'New' })
      expect(await db.read.accounts.byId(accountId(1))).toMatchObject({ displayName: 'Person 1' })
      await tx.log.append(everybody, {
        kind: 'person',
        person: {
          id: accountId(1),
          username: 'p',
          displayName: 'New',
          name: '',
          lastName: '',
          bot: false,
          disabled: false,
        },
      })
      expect(db.head()).toBe(head)
    })
    expect(db.head()).toBe(head + 1)
  })
}
