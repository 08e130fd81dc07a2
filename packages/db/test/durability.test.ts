import { join } from 'node:path'
import { checkDatabase } from '@parley/db/check'
import { openDatabase } from '@parley/db/open'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { withRandomness } from '@parley/testkit/randomness'
import { expect, test } from 'vitest'
import { startChild } from './child.ts'
import { countSyncs } from '@parley/testkit/count-syncs'
import { accountId, clientId, peopled } from './fixtures.ts'

const writeGroups = new URL('./children/write-groups.ts', import.meta.url)
const writeForEver = new URL('./children/write-for-ever.ts', import.meta.url)

/** Two people in a group, in a file. */
const prepared = async (path: string) => {
  const db = await openDatabase(`sqlite:${path}`)
  await peopled(db, 2, 1)
  await db.close()
}

test('P1: each commit of a group of writes is synced to disk once, and not left to chance', async () => {
  using folder = temporaryFolder('parley-db')
  const synced = async (groups: number) => {
    const path = join(folder.path, `${groups}.sqlite`)
    await prepared(path)
    const { output, syncs } = await countSyncs(writeGroups, [path, String(groups)])
    expect(output.trim()).toBe(String(groups))
    return syncs.filter((file) => file === `${path}-wal`).length
  }
  const few = await synced(10)
  const many = await synced(60)
  expect(many - few).toBe(50)
})

test('P1: what was acknowledged is there after kill -9, and the log goes on without a gap', async () => {
  await withRandomness(async (random) => {
    using folder = temporaryFolder('parley-db')
    const path = join(folder.path, 'parley.sqlite')
    await prepared(path)
    const acknowledged = new Map<number, number>()
    for (let round = 0; round < 3; round += 1) {
      const from = Math.max(0, ...acknowledged.keys()) + 100
      await using child = startChild(writeForEver, [path, String(from)])
      for (let left = random.int(1, 300); left > 0; left -= 1) {
        const [number, position] = (await child.line()).split(' ').map(Number)
        if (number !== undefined && position !== undefined) acknowledged.set(number, position)
      }
      await child.kill()
      const db = await openDatabase(`sqlite:${path}`)
      for (const [number, position] of acknowledged) {
        expect(await db.read.messages.byClientId(accountId(1), clientId(number))).toMatchObject({
          messageId: position,
        })
      }
      await db.close()
      expect(await Array.fromAsync(checkDatabase(`sqlite:${path}`))).toEqual([])
    }
  })
})
