import { expect, test } from 'vitest'
import { accountId, conversationId, peopled, say } from '../fixtures.ts'
import type { OpenEmpty } from './opening.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

export const readingContract = (open: OpenEmpty): void => {
  test('several reads see one state, and the head that belongs to it, whatever is written meanwhile', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    await say(db, 1)
    const seen = await db.read.at(async (read, head) => {
      const before = await read.messages.page(conversationId(1), { kind: 'newest' }, 9)
      await say(db, 2)
      await turn()
      const after = await read.messages.page(conversationId(1), { kind: 'newest' }, 9)
      return { head, before: before.json.length, after: after.json.length, now: db.head() }
    })
    expect(seen).toEqual({ head: 1, before: 1, after: 1, now: 2 })
    expect(await db.read.at(async (_, head) => head)).toBe(2)
  })

  test('each reader of one state has its own, one after another, and one that fails harms no other', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    const seen = await Promise.allSettled([
      db.read.at(async (_, head) => {
        await say(db, 1)
        return head
      }),
      db.read.at(async () => {
        throw new Error('no')
      }),
      db.read.at(async (read, head) => [head, (await read.accounts.many([accountId(1)])).length]),
    ])
    expect(seen).toMatchObject([{ value: 0 }, { reason: { message: 'no' } }, { value: [1, 1] }])
  })

  test('a state within a state is the same one', async () => {
    await using opened = await open()
    const { db } = opened
    expect(await db.read.at((read) => read.at(async (_, head) => head))).toBe(0)
  })
}
