import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AttachmentId, type ConversationId, MessageId } from '@parley/domain/ids'
import { connect } from '@parley/client/connect'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { openSqlite } from '@parley/sync/store/ciphers'
import { beginFile, copiesHeld, endFile, fileOf, nameFile } from '@parley/sync/store/files'
import { migrate } from '@parley/sync/store/migrate'
import type { Progress } from '@parley/sync/views'
import { until } from './devices.ts'
import { stage } from './stage.ts'

const mebibyte = 1024 * 1024

/** A message of bob's with a file, once ada's device has it. */
async function withFile(on: Awaited<ReturnType<typeof stage>>, content: Uint8Array<ArrayBuffer>) {
  await using bob = connect({ url: on.server.url, token: on.bob.token })
  const id = AttachmentId.parse(await bob.upload(new Blob([content]), { name: 'file.bin' }))
  await bob.send(on.id, 'look', { attachments: [id] })
  await until(on.engine, () => heldOf(on, on.id) !== undefined)
  return id
}

const heldOf = (on: Awaited<ReturnType<typeof stage>>, conversationId: ConversationId) =>
  on.engine.timeline({ conversationId, at: { kind: 'newest' } }).items.at(-1)?.attachments[0]?.held

test('S44: what was looked at once can be looked at without the server, until the copies are cleared', async () => {
  await using on = await stage()
  const content = randomBytes(600 * 1024)
  const id = await withFile(on, content)
  expect(heldOf(on, on.id)).toBe(false)
  const [one, other] = await Promise.all([on.engine.attachment(id, null), on.engine.attachment(id, null)])
  expect(one).toBe(other)
  expect(Buffer.from(one).equals(content)).toBe(true)
  expect(heldOf(on, on.id)).toBe(true)
  await on.goOffline()
  await using again = await on.device.reopen()
  expect(Buffer.from(await again.engine.attachment(id, null)).equals(content)).toBe(true)
  await again.engine.clearAttachmentCache()
  await expect(again.engine.attachment(id, null)).rejects.toMatchObject({ kind: 'unreachable' })
})

test('S44, S8: the copy of a file goes with its message, and with its conversation', async () => {
  await using on = await stage()
  const one = await withFile(on, randomBytes(10))
  await on.engine.attachment(one, null)
  const [message] = on.engine.timeline({ conversationId: on.id, at: { kind: 'newest' } }).items
  const messageId = MessageId.parse(message?.id)
  await on.bob.http.messages.delete.mutate({ conversationId: on.id, messageId })
  await until(on.engine, () => heldOf(on, on.id) === undefined)
  await expect(on.engine.attachment(one, null)).rejects.toMatchObject({ kind: 'not-found' })

  const other = await withFile(on, randomBytes(10))
  await on.engine.attachment(other, null)
  await on.ada.http.conversations.handOver.mutate({ conversationId: on.id, accountId: on.bob.account.id })
  await on.bob.http.conversations.removeMember.mutate({ conversationId: on.id, accountId: on.ada.account.id })
  await until(on.engine, () => on.engine.conversation(on.id) === null)
  await expect(on.engine.attachment(other, null)).rejects.toMatchObject({ kind: 'not-found' })
})

test('S44: a copy that is one too many makes the one go that was unused for longest', () => {
  const connection = openSqlite(':memory:')
  migrate(connection)
  const ids = ['f1_____________1', 'f2_____________2', 'f3_____________3'].map((id) => AttachmentId.parse(id))
  for (const id of ids) {
    beginFile(connection, id)
    endFile(connection, id, 40)
    nameFile(connection, id, id, 100)
  }
  expect(ids.map((id) => fileOf(connection, id) !== null)).toEqual([false, true, true])
  expect(copiesHeld(connection)).toEqual({ bytes: 80, files: 2 })
  connection.close()
})

test('S45: a file is saved to a path of the person, with progress, and goes on where the network broke off', async () => {
  await using on = await stage()
  const content = randomBytes(20 * mebibyte)
  const id = await withFile(on, content)
  using folder = temporaryFolder()
  const path = join(folder.path, 'saved.bin')
  writeFileSync(path, 'what was there')
  const before = on.proxy.bytes.down
  const progress: Progress[] = []
  let cuts = 0
  await on.engine.saveAttachment(id, null, path, {
    onProgress: (each) => {
      progress.push(each)
      if (each.doneBytes < 4 * mebibyte || cuts > 0) return
      cuts += 1
      on.proxy.cut()
      on.engine.retryNow()
    },
  })
  expect(cuts).toBe(1)
  expect(readFileSync(path).equals(content)).toBe(true)
  expect(progress.at(-1)).toEqual({ doneBytes: content.length, bytes: content.length })
  expect(on.proxy.bytes.down - before).toBeLessThan(30 * mebibyte)
})

test('S45: a saving that ends early leaves what was at the path as it was', async () => {
  await using on = await stage()
  const id = await withFile(on, randomBytes(4 * mebibyte))
  using folder = temporaryFolder()
  const path = join(folder.path, 'saved.bin')
  writeFileSync(path, 'what was there')
  const ending = new AbortController()
  const saving = on.engine.saveAttachment(id, null, path, {
    onProgress: () => ending.abort(new Error('enough')),
    signal: ending.signal,
  })
  await expect(saving).rejects.toBeInstanceOf(Error)
  expect(readFileSync(path, 'utf8')).toBe('what was there')
  expect(existsSync(`${path}.part`)).toBe(false)
  await on.goOffline()
  await expect(on.engine.saveAttachment(id, null, path)).rejects.toMatchObject({ kind: 'unreachable' })
  expect(readFileSync(path, 'utf8')).toBe('what was there')
})
