import { closeSync, openSync, readdirSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { makeGroup, newClientMessageId, send, signUp, type TestPerson } from '@parley/testkit/people'
import { runCommand } from '@parley/testkit/run-command'
import { type SpawnedServer, spawnServer } from '@parley/testkit/spawn-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { AttachmentId } from '@parley/domain/ids'
import { describe, expect, test } from 'vitest'

const check = (data: string) => runCommand(['check', '--data', data])
const content = 'what is in the file'

async function upload({ url }: SpawnedServer, { token }: TestPerson): Promise<AttachmentId> {
  const response = await fetch(`${url}/files/uploads`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'tus-resumable': '1.0.0',
      'upload-length': String(content.length),
      'upload-metadata': `filename ${btoa('a.txt')}`,
      'content-type': 'application/offset+octet-stream',
    },
    body: content,
  })
  expect(response.status).toBe(201)
  return AttachmentId.parse(response.headers.get('location')?.split('/').at(-1))
}

/** A data folder with some messages and an attachment, which no server has any more. */
async function stopped(): Promise<SpawnedServer> {
  const server = await spawnServer()
  await using ann = await signUp(server)
  const group = await makeGroup(ann)
  for (let count = 1; count <= 30; count += 1) await send(ann, group, `Message ${count} ${'x'.repeat(2_000)}`)
  const attachments = [await upload(server, ann)]
  const clientMessageId = newClientMessageId()
  const said = { kind: 'plain', text: 'See this' } as const
  await ann.api.messages.send.mutate({ conversationId: group, clientMessageId, content: said, attachments })
  await server.stop()
  return server
}

const database = (data: string) => join(data, 'parley.sqlite')

/** The one content that is stored. */
function storedContent(data: string): string {
  const folder = join(data, 'attachments')
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  const [path] = names.filter((name) => statSync(name).isFile() && statSync(name).size === content.length)
  if (path === undefined) throw new Error(`There is no content among ${names.join()}`)
  return path
}

function change(data: string, sql: string): void {
  const connection = new BetterSqlite(database(data))
  connection.pragma('foreign_keys = off')
  expect(connection.prepare(sql).run().changes).toBeGreaterThan(0)
  connection.close()
}

describe('parley check', () => {
  test('finds nothing wrong with what a server has written, whether it runs or not, or was killed', async () => {
    await using server = await stopped()
    const nothing = { code: 0, stdout: `Nothing is wrong with ${server.data}.`, stderr: '' }
    expect(await check(server.data)).toEqual(nothing)
    await server.restart()
    expect(await check(server.data)).toEqual(nothing)
    await server.kill()
    expect(await check(server.data)).toEqual(nothing)
    await server.restart()
    await using _ = await signUp(server)
  })

  test('finds content that was changed', async () => {
    await using server = await stopped()
    writeFileSync(storedContent(server.data), 'What is in the file')
    expect(await check(server.data)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^wrong\tdamaged attachment\t[0-9a-f]{64}$/),
      stderr: expect.stringContaining('One thing is wrong'),
    })
  })

  test('finds content that is gone', async () => {
    await using server = await stopped()
    rmSync(storedContent(server.data))
    expect(await check(server.data)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^wrong\tmissing attachment\t[0-9a-f]{64}$/),
    })
  })

  test('mentions what does not belong there, and does not call it wrong', async () => {
    await using server = await stopped()
    const path = storedContent(server.data)
    writeFileSync(join(path, '..', 'stray'), 'x')
    expect(await check(server.data)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('note\tunknown attachment\t'),
    })
  })

  test('P3: finds a message that is gone from the log', async () => {
    await using server = await stopped()
    change(
      server.data,
      'delete from message where position = (select position from message order by position limit 1 offset 3)',
    )
    const result = await check(server.data)
    expect(result.code).toBe(1)
    expect(result.stdout).toMatch(/^wrong\torder\t/m)
  })

  test('finds a message that says something else than its row, and does not repeat what it says', async () => {
    await using server = await stopped()
    change(
      server.data,
      'update message set sentAt = sentAt + 1 where position = (select max(position) from message)',
    )
    const result = await check(server.data)
    expect(result).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^wrong\tcontent\tmessage \d+: it has another sentAt$/),
    })
    expect(result.stdout).not.toContain('See this')
  })

  test('finds a database file with damage in its middle', async () => {
    await using server = await stopped()
    const file = openSync(database(server.data), 'r+')
    const middle = Math.floor(statSync(database(server.data)).size / 2 / 4096) * 4096
    writeSync(file, Buffer.alloc(3 * 4096, 0x5a), 0, 3 * 4096, middle)
    closeSync(file)
    const result = await check(server.data)
    expect(result.code).toBe(1)
    expect(`${result.stdout}${result.stderr}`).toMatch(/damaged|malformed/)
  })

  test.each([
    ['that is not there', () => {}, 'There is no data folder'],
    ['without a database', (data: string) => writeFileSync(data, ''), 'There is no database'],
  ])('says so of a folder %s', async (_, make, said) => {
    using folder = temporaryFolder()
    const data = join(folder.path, 'data')
    make(data)
    expect(await check(data)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(said) })
  })
})
