import { lockDataFolder } from '@parley/db/lock'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { startChild } from './child.ts'

const holdFolder = new URL('./children/hold-folder.ts', import.meta.url)

test('a data folder is taken once, by another process or by the same', async () => {
  using folder = temporaryFolder('parley-db')
  await using child = startChild(holdFolder, [folder.path])
  expect(await child.line()).toBe('held')
  expect(() => lockDataFolder(folder.path)).toThrow(/in use by another Parley/)
  await child.kill()
  const lock = lockDataFolder(folder.path)
  expect(() => lockDataFolder(folder.path)).toThrow(/in use by another Parley/)
  lock.release()
})

test('a lock ends with kill -9 of its process, and by being released', async () => {
  using folder = temporaryFolder('parley-db')
  for (let round = 0; round < 2; round += 1) {
    await using child = startChild(holdFolder, [folder.path])
    await child.line()
    expect(() => lockDataFolder(folder.path)).toThrow(/in use/)
    await child.kill()
    using _ = lockDataFolder(folder.path)
  }
  const lock = lockDataFolder(folder.path)
  lock.release()
  lock.release()
  lockDataFolder(folder.path).release()
})

test('folders do not hinder each other', () => {
  using one = temporaryFolder('parley-db')
  using other = temporaryFolder('parley-db')
  using _one = lockDataFolder(one.path)
  using _other = lockDataFolder(other.path)
  expect(() => lockDataFolder(one.path)).toThrow(/in use/)
})
