import { symlink, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { begin, create, download, head, idIn, patch, refusalIn, uploaded } from './http.ts'
import { FilesStage, type Someone, someBytes } from './stage.ts'
import { AttachmentId } from '@parley/domain/ids'

const full = { status: 507, kind: 'storage-full' }
const said = (answer: Awaited<ReturnType<typeof patch>>) => ({
  status: answer.status,
  kind: refusalIn(answer).kind,
})

test('P9: on a disk that fills up an upload is refused, and goes on when there is room', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const body = someBytes(200_000)
  const url = await begin(stage.uploadsUrl, alice, body.length)
  const part = join(stage.folder, 'files', 'uploads', alice.actor.accountId, `${idIn(url)}.part`)
  // The device that is always full: the system itself says ENOSPC.
  await unlink(part)
  await symlink('/dev/full', part)
  expect(said(await patch(url, alice, 0, body))).toEqual(full)
  expect(stage.logged).toEqual([])
  await unlink(part)
  await writeFile(part, '')
  expect((await head(url, alice)).headers.get('upload-offset')).toBe('0')
  const { headers } = await patch(url, alice, 0, body)
  const id = AttachmentId.parse(headers.get('parley-attachment'))
  expect((await download(stage.url, alice, id)).body.equals(body)).toBe(true)
})

test('P9: uploads leave the database room on the disk', async () => {
  await using stage = await FilesStage.open({ limits: { freeBytesMin: Number.MAX_SAFE_INTEGER } })
  const alice = await stage.person('alice')
  expect(said(await create(stage.uploadsUrl, alice, { bytes: 1 }))).toEqual(full)
  expect(await stage.uploadFiles()).toEqual([])
})

test('P9: when the database is full there is no attachment, and its upload is finished when there is room', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const first = await uploaded(stage.uploadsUrl, alice, someBytes(100))
  await stage.stop()
  await stage.start({ pagesMax: 80 })
  const { body, url, refused } = await refusedUpload(stage, alice)
  expect(said(refused)).toEqual(full)
  expect((await head(url, alice)).status).toBe(507)
  expect(said(await patch(url, alice, body.length, Buffer.alloc(0)))).toEqual(full)
  expect(stage.logged).toEqual([])
  // Nothing uses the content yet, and no sweep may take it.
  await stage.sweepAll()
  // Reading goes on meanwhile.
  expect((await download(stage.url, alice, first)).status).toBe(200)
  await stage.stop()
  await stage.start()
  const again = new URL(new URL(url).pathname, stage.url).href
  const id = AttachmentId.parse((await head(again, alice)).headers.get('parley-attachment'))
  expect((await download(stage.url, alice, id)).body.equals(body)).toBe(true)
  expect(await stage.findings()).toEqual([])
})

/** Uploads until the database takes no more. */
async function refusedUpload(stage: FilesStage, who: Someone) {
  for (;;) {
    const body = someBytes(100)
    const url = await begin(stage.uploadsUrl, who, body.length)
    const refused = await patch(url, who, 0, body)
    if (refused.status !== 204) return { body, url, refused }
  }
}
