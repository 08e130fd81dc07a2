import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { execFile } from 'node:child_process'
import { checkDatabase } from '@parley/db/check'
import { openDatabase } from '@parley/db/open'
import { everybody } from '@parley/db/stores'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { startCommand } from './child.ts'
import { accountId, aMessage, conversationId, messageId, peopled, say } from './fixtures.ts'
import { openEmpty } from './open-test-database.ts'

const writeUntilFull = new URL('./children/write-until-full.ts', import.meta.url)
const text = 'x'.repeat(10_000)
const content = { kind: 'plain', text } as const

test('a full database refuses with `storage-full`, keeps what it has, is read, and takes writes when there is room', async () => {
  await using opened = await openEmpty({ pagesMax: 300 })
  const { db, path } = opened
  await peopled(db, 1, 1)
  const person = {
    id: accountId(1),
    username: 'p',
    displayName: 'P',
    name: '',
    lastName: text,
    bot: false,
    disabled: false,
  }
  await db.write(async (tx) => {
    for (let number = 0; number < 40; number += 1) await tx.log.append(everybody, { kind: 'person', person })
  })
  const results: PromiseSettledResult<{ messageId: number }>[] = []
  while (!results.some(({ status }) => status === 'rejected')) {
    const count = results.length
    results.push(
      ...(await Promise.allSettled([0, 1, 2, 3].map((index) => say(db, count + index, { content })))),
    )
  }
  // A group is given back whole where its transaction was; one by one, what there is room for still fits.
  do results.push(...(await Promise.allSettled([say(db, results.length, { content })])))
  while (results.at(-1)?.status === 'fulfilled')
  const sent = results.filter((result) => result.status === 'fulfilled').map(({ value }) => value.messageId)
  for (const result of results) {
    if (result.status === 'rejected')
      expect(result.reason).toMatchObject({ name: 'Refusal', kind: 'storage-full' })
  }
  expect(sent).toEqual(sent.map((_, index) => 41 + index))
  expect(db.head()).toBe(sent.at(-1))
  for (const id of sent) expect(await db.read.messages.get(conversationId(1), messageId(id))).not.toBeNull()
  const { json } = await db.read.messages.page(conversationId(1), { kind: 'newest' }, 200)
  expect(json.at(-1)).toContain(`"id":${db.head()},`)
  await expect(say(db, 1_000, { content })).rejects.toMatchObject({ kind: 'storage-full' })

  const head = db.head()
  expect(await db.write((tx) => tx.log.prune(head, 1_000))).toBe(40)
  expect(await say(db, 1_000, { content })).toMatchObject({ messageId: head + 1, repeated: false })
  await db.close()
  expect(await Array.fromAsync(checkDatabase(`sqlite:${path}`))).toEqual([])
})

test('a commit that the disk has no room for refuses everybody in it, and gives their positions back', async () => {
  using folder = temporaryFolder('parley-db')
  const path = join(folder.path, 'parley.sqlite')
  const prepared = await openDatabase(`sqlite:${path}`)
  await peopled(prepared, 1, 1)
  await prepared.close()
  // The operating system lets no file of the child grow beyond 1 MiB: writing the log fails in the commit.
  const child = `ulimit -S -f 2048; exec "$0" "$@"`
  await using full = startCommand('sh', ['-c', child, process.execPath, fileURLToPath(writeUntilFull), path])
  const told: unknown = JSON.parse(await full.line())
  expect(told).toMatchObject({ kinds: ['storage-full', 'storage-full', 'storage-full'], read: 1 })
  expect(told).toHaveProperty('head', Reflect.get(Object(told), 'sent'))
  await promisify(execFile)('prlimit', ['--pid', String(full.process.pid), '--fsize=unlimited'])
  full.process.stdin.write('room\n')
  expect(JSON.parse(await full.line())).toEqual({
    messageId: Number(Reflect.get(Object(told), 'head')) + 1,
    repeated: false,
  })
  await full.kill()
  expect(await Array.fromAsync(checkDatabase(`sqlite:${path}`))).toEqual([])
})

test('one write that does not fit is refused alone', async () => {
  await using opened = await openEmpty({ pagesMax: 200 })
  const { db } = opened
  await peopled(db, 1, 1)
  const huge = db.write(async (tx) => {
    for (let number = 100; number < 200; number += 1) await tx.messages.insert(aMessage(number, { content }))
  })
  const [before, refused, after] = await Promise.allSettled([say(db, 1), huge, say(db, 2)])
  expect(refused).toMatchObject({ status: 'rejected', reason: { kind: 'storage-full' } })
  const kept = [before, after].filter(({ status }) => status === 'fulfilled').length
  const { json } = await db.read.messages.page(conversationId(1), { kind: 'newest' }, 9)
  expect(json).toHaveLength(kept)
  expect(await say(db, 3)).toMatchObject({ ordinal: kept + 1 })
})
