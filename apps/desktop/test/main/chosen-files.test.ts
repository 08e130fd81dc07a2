import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { ChosenFiles, chosenFilesMax } from '../../src/main/desk/chosen-files.ts'

const notFound = expect.objectContaining({ kind: 'not-found' })

test('a page learns name and size of a file, and the engine its path, once', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'notes.txt')
  writeFileSync(path, 'hello')
  const files = new ChosenFiles({ pick: async () => [path, folder.path], save: async () => null })
  const chosen = await files.pick()
  expect(chosen).toEqual([{ handle: expect.stringMatching(/^[0-9a-f-]{36}$/), name: 'notes.txt', bytes: 5 }])
  expect(JSON.stringify(chosen)).not.toContain(folder.path)
  const [{ handle } = { handle: '' }] = chosen
  expect(files.claim(handle)).toEqual({ path, purpose: 'read' })
  expect(() => files.claim(handle)).toThrow(notFound)
})

test('a place to save to is for writing, and is offered by a name without folders', async () => {
  const offered: string[] = []
  const files = new ChosenFiles({
    pick: async () => [],
    async save(name) {
      offered.push(name)
      return '/home/ann/report.pdf'
    },
  })
  const chosen = await files.save('../../.config/autostart/report.pdf')
  expect(offered).toEqual(['report.pdf'])
  expect(files.claim(chosen?.handle ?? '')).toEqual({ path: '/home/ann/report.pdf', purpose: 'write' })
})

test('who thinks better of it has chosen nothing', async () => {
  const files = new ChosenFiles({ pick: async () => [], save: async () => null })
  expect(await files.save('a.txt')).toBeNull()
  expect(await files.pick()).toEqual([])
})

test('P5: of choices that nobody takes, the oldest are forgotten', async () => {
  const files = new ChosenFiles({ pick: async () => [], save: async () => '/tmp/a' })
  const first = await files.save('a')
  for (let count = 0; count < chosenFilesMax; count += 1) await files.save('a')
  expect(() => files.claim(first?.handle ?? '')).toThrow(notFound)
})
