import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '@parley/client/clock'
import { connect } from '@parley/client/connect'
import { documentedCopies } from '@parley/testkit/documented-copies'
import { makeGroup, send, signUp, type TestPerson } from '@parley/testkit/people'
import { spawnServer } from '@parley/testkit/spawn-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'

/** What a client that was there before hears first when it goes on. */
async function firstHeard(
  url: string,
  { token }: TestPerson,
  before: { cursor: number; logId: string },
): Promise<string | undefined> {
  const client = connect({ url, token, clock: systemClock })
  try {
    for await (const event of client.follow(before)) return event.kind
    return undefined
  } finally {
    await client.close()
  }
}

test('P4: after a backup was put back as documented, a client whose cursor lies within the log is told to start anew', async () => {
  using folder = temporaryFolder('parley-restore')
  const copies = documentedCopies(folder.path)
  await using server = await spawnServer({ data: copies.data })
  await using ann = await signUp(server)
  const group = await makeGroup(ann)
  await send(ann, group, 'before the backup')
  await copies.backUp()
  await send(ann, group, 'lost')
  const before = await ann.api.stream.snapshot.query()
  // The hardest case: nothing could be written in order.
  await server.kill()
  expect(await copies.putBack()).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^note\trestored\tthis database was put back from a copy/),
  })
  await server.restart()
  await server.stderr.find((line) => line.includes('"event":"restored"'))
  for (const text of ['one', 'two', 'three']) await send(ann, group, text)
  const after = await ann.api.stream.snapshot.query()
  expect(after.cursor).toBeGreaterThan(before.cursor)
  expect(after.logId).not.toBe(before.logId)
  expect(await firstHeard(server.url, ann, before)).toBe('resync')
  await server.stop()
  await server.restart()
  expect((await ann.api.stream.snapshot.query()).logId).toBe(after.logId)
})

test('P4: a folder that was put back as a whole has a new log once the operator says so', async () => {
  using folder = temporaryFolder('parley-restore')
  const copies = documentedCopies(folder.path)
  await using server = await spawnServer({ data: copies.data })
  await using ann = await signUp(server)
  const { logId } = await ann.api.stream.snapshot.query()
  expect(await copies.sayRestored()).toMatchObject({ code: 3 })
  await server.stop()
  const copy = join(folder.path, 'copy')
  await cp(copies.data, copy, { recursive: true })
  await server.restart()
  await makeGroup(ann)
  await server.stop()
  await rm(copies.data, { recursive: true })
  await cp(copy, copies.data, { recursive: true })
  expect(await copies.sayRestored()).toMatchObject({ code: 0 })
  await server.restart()
  expect((await ann.api.stream.snapshot.query()).logId).not.toBe(logId)
})
