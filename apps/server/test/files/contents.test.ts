import { createHash } from 'node:crypto'
import { mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contentPath } from '@parley/server/files/contents'
import { expect, test } from 'vitest'
import { download, uploaded } from './http.ts'
import { FilesStage, someBytes } from './stage.ts'

const hashOf = (body: Uint8Array) => createHash('sha256').update(body).digest('hex')
const pathOf = (stage: FilesStage, body: Uint8Array) => join(stage.folder, 'files', contentPath(hashOf(body)))

test('the same content is stored once, under its hash, whoever uploads it and however it is called', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const bob = await stage.person('bob')
  const body = someBytes(1_000)
  const first = await uploaded(stage.uploadsUrl, alice, body, { name: 'a.png', type: 'image/png' })
  const second = await uploaded(stage.uploadsUrl, bob, body, { name: 'b.txt', type: 'text/plain' })
  expect(await stage.contents()).toEqual([hashOf(body)])
  expect((await readFile(pathOf(stage, body))).equals(body)).toBe(true)
  expect((await download(stage.url, alice, first)).body.equals(body)).toBe(true)
  expect((await download(stage.url, bob, second)).body.equals(body)).toBe(true)
  // Having the same content gives no right to somebody else's attachment of it.
  expect((await download(stage.url, alice, second)).status).toBe(404)
})

test('the same content uploaded by many at once is stored once and whole', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const body = someBytes(300_000)
  const ids = await Promise.all(Array.from({ length: 10 }, () => uploaded(stage.uploadsUrl, alice, body)))
  expect(new Set(ids).size).toBe(10)
  expect(await stage.contents()).toEqual([hashOf(body)])
  expect(await stage.findings()).toEqual([])
})

test('a check names every content that is missing, damaged, unreferenced or unknown', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const [whole, missing, changed, cut, stray] = [1, 2, 3, 4, 5].map((count) => someBytes(count * 1_000))
  if (!whole || !missing || !changed || !cut || !stray) throw new Error('There are five')
  for (const body of [whole, missing, changed, cut]) await uploaded(stage.uploadsUrl, alice, body)
  expect(await stage.findings()).toEqual([])

  await unlink(pathOf(stage, missing))
  const flipped = Buffer.from(changed)
  flipped[500] = (flipped[500] ?? 0) ^ 1
  await writeFile(pathOf(stage, changed), flipped)
  await writeFile(pathOf(stage, cut), cut.subarray(0, 999))
  await mkdir(join(pathOf(stage, stray), '..'), { recursive: true })
  await writeFile(pathOf(stage, stray), stray)
  await writeFile(join(pathOf(stage, stray), '..', 'notes.txt'), 'x')
  const found = await stage.findings()
  expect(
    found.toSorted((one, other) => one.kind.localeCompare(other.kind) || one.name.localeCompare(other.name)),
  ).toEqual([
    ...[hashOf(changed), hashOf(cut)]
      .toSorted((one, other) => one.localeCompare(other))
      .map((name) => ({ kind: 'damaged', name })),
    { kind: 'missing', name: hashOf(missing) },
    { kind: 'unknown', name: `${hashOf(stray).slice(0, 2)}/notes.txt` },
    { kind: 'unreferenced', name: hashOf(stray) },
  ])
})

test('uploading the same content again heals one that was damaged or lost', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const body = someBytes(1_000)
  const id = await uploaded(stage.uploadsUrl, alice, body)
  await writeFile(pathOf(stage, body), 'damaged')
  await uploaded(stage.uploadsUrl, alice, body)
  expect((await download(stage.url, alice, id)).body.equals(body)).toBe(true)
})

test('an attachment whose content is lost is answered as a failure, and logged without what it is', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const body = someBytes(1_000)
  const id = await uploaded(stage.uploadsUrl, alice, body, { name: 'secret plan.txt' })
  await unlink(pathOf(stage, body))
  const answer = await download(stage.url, alice, id)
  expect(answer.status).toBe(500)
  expect(answer.headers.has('content-disposition')).toBe(false)
  expect(stage.logged.map(({ event }) => event)).toEqual(['route-failed'])
  expect(JSON.stringify(stage.logged)).not.toContain('secret plan')
})
