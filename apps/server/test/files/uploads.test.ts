import { once } from 'node:events'
import { openFaultProxy } from '@parley/testkit/fault-proxy'
import { expect, test } from 'vitest'
import {
  ask,
  bearer,
  begin,
  create,
  download,
  head,
  patch,
  patching,
  remove,
  stockUpload,
  uploaded,
} from './http.ts'
import { FilesStage, someBytes } from './stage.ts'

const mebibyte = 1024 * 1024

test('the stock client uploads with progress and learns the attachment', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const body = someBytes(5 * mebibyte)
  const { upload, done, progress, requests } = stockUpload(stage.uploadsUrl, alice, body, {
    chunkSize: 2 * mebibyte,
  })
  upload.start()
  const id = await done
  expect(requests).toEqual(['POST 201 0', 'PATCH 204 2097152', 'PATCH 204 4194304', 'PATCH 204 5242880'])
  expect(progress.at(-1)).toBe(body.length)
  expect(progress).toEqual(progress.toSorted((one, other) => one - other))
  const answer = await download(stage.url, alice, id)
  expect(answer.status).toBe(200)
  expect(answer.body.equals(body)).toBe(true)
  expect(await stage.uploadFiles()).toEqual([])
  expect(await stage.findings()).toEqual([])
  expect(stage.logged).toEqual([])
})

test('P1: an upload that is cut off in its middle goes on from what had been taken in', async () => {
  await using stage = await FilesStage.open()
  await using proxy = await openFaultProxy(stage.url)
  const alice = await stage.person('alice')
  const body = someBytes(6 * mebibyte)
  let cuts = 0
  const { upload, done, requests } = stockUpload(proxy.through(stage.uploadsUrl), alice, body, {
    chunkSize: 2 * mebibyte,
    onChunk(accepted) {
      if (accepted === 6 * mebibyte) return
      cuts += 1
      const before = proxy.bytes.up
      void proxy.until(({ bytes }) => bytes.up > before + mebibyte).then(() => proxy.cut())
    },
  })
  upload.start()
  const id = await done
  expect(cuts).toBeGreaterThanOrEqual(2)
  const resumed = requests.filter((each) => each.startsWith('HEAD')).map((each) => Number(each.split(' ')[2]))
  expect(resumed.length).toBeGreaterThanOrEqual(2)
  for (const offset of resumed) expect(offset).toBeGreaterThanOrEqual(2 * mebibyte)
  expect((await download(stage.url, alice, id)).body.equals(body)).toBe(true)
})

test('P1: an upload goes on after the server was started again', async () => {
  await using stage = await FilesStage.open()
  await using proxy = await openFaultProxy(stage.url)
  const alice = await stage.person('alice')
  const body = someBytes(3 * mebibyte)
  const begun = Promise.withResolvers<void>()
  const { upload, done, requests } = stockUpload(proxy.through(stage.uploadsUrl), alice, body, {
    chunkSize: mebibyte,
    onChunk: () => begun.resolve(),
  })
  upload.start()
  await begun.promise
  await upload.abort()
  await stage.stop()
  await stage.start()
  proxy.retarget(stage.url)
  upload.start()
  const id = await done
  expect(requests.filter((each) => each.startsWith('POST'))).toHaveLength(1)
  const resumed = requests.find((each) => each.startsWith('HEAD'))
  expect(Number(resumed?.split(' ')[2])).toBeGreaterThanOrEqual(mebibyte)
  expect((await download(stage.url, alice, id)).body.equals(body)).toBe(true)
  expect(await stage.findings()).toEqual([])
})

test('P1: what had come before a cut is told exactly, and nothing of it has to come again', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const body = someBytes(mebibyte)
  const url = await begin(stage.uploadsUrl, alice, body.length)
  const request = patching(url, alice, 0, { 'Content-Length': String(body.length) })
  request.on('error', () => undefined)
  request.write(body.subarray(0, 300_000))
  const closed = once(request, 'close')
  request.once('socket', (socket) => {
    // The end of what is written is sent before the connection closes, so the server takes in all of it.
    socket.once('connect', () => socket.end())
  })
  await closed
  const offset = Number((await head(url, alice)).headers.get('upload-offset'))
  expect(offset).toBeGreaterThan(0)
  expect(offset).toBeLessThanOrEqual(300_000)
  const last = await patch(url, alice, offset, body.subarray(offset))
  expect(last.status).toBe(204)
  expect(last.headers.get('upload-offset')).toBe(String(body.length))
})

test('a file can come whole with the request that begins its upload', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const body = someBytes(10_000)
  const answer = await create(stage.uploadsUrl, alice, {
    bytes: body.length,
    body,
    name: 'übersicht.pdf',
    type: 'Application/PDF; v=1',
  })
  expect(answer.status).toBe(201)
  expect(JSON.parse(answer.body.toString())).toEqual({
    id: answer.headers.get('parley-attachment'),
    name: 'übersicht.pdf',
    mediaType: 'application/pdf',
    bytes: 10_000,
    ownerId: alice.actor.accountId,
    uploadedAt: stage.clock.now(),
  })
})

test('a file of no bytes is an attachment as soon as it is begun', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const { upload, done, requests } = stockUpload(stage.uploadsUrl, alice, Buffer.alloc(0))
  upload.start()
  const answer = await download(stage.url, alice, await done)
  expect(requests).toEqual(['POST 201 0'])
  expect(answer.status).toBe(200)
  expect(answer.body.length).toBe(0)
  expect(answer.headers.get('content-length')).toBe('0')
})

test('P2: whoever missed the last answer asks again and learns the same attachment', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const body = someBytes(1_000)
  const url = await begin(stage.uploadsUrl, alice, body.length)
  const first = await patch(url, alice, 0, body)
  const id = first.headers.get('parley-attachment')
  expect(id).toMatch(/^f/)
  const asked = await head(url, alice)
  expect(asked.status).toBe(200)
  expect(asked.headers.get('parley-attachment')).toBe(id)
  expect(asked.headers.get('upload-offset')).toBe('1000')
  expect(asked.headers.get('upload-length')).toBe('1000')
  const repeated = await patch(url, alice, 1_000, Buffer.alloc(0))
  expect(repeated.status).toBe(204)
  expect(repeated.headers.get('parley-attachment')).toBe(id)
  expect(await stage.contents()).toHaveLength(1)
})

test('P6: an upload is seen, continued and deleted by its uploader alone, on any device', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const bob = await stage.person('bob')
  const url = await begin(stage.uploadsUrl, alice, 10)
  expect((await head(url, bob)).status).toBe(404)
  expect((await patch(url, bob, 0, someBytes(10))).status).toBe(404)
  expect((await remove(url, bob)).status).toBe(404)
  const list = await ask(stage.uploadsUrl, { headers: bearer(bob) })
  expect(JSON.parse(list.body.toString())).toEqual({ uploads: [] })

  const phone = await stage.session(alice)
  expect((await head(url, phone)).status).toBe(200)
  const done = await patch(url, phone, 0, someBytes(10))
  expect(done.status).toBe(204)
  // What it has become is not told to others by the upload's address either.
  expect((await head(url, bob)).status).toBe(404)
})

test('an upload that was not finished in time is gone', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const url = await begin(stage.uploadsUrl, alice, 10)
  const { headers } = await patch(url, alice, 0, someBytes(4))
  expect(headers.get('upload-expires')).toBe(new Date(stage.clock.now() + 24 * 3_600_000).toUTCString())
  stage.clock.advance(24 * 3_600_000 - 1)
  expect((await head(url, alice)).status).toBe(200)
  stage.clock.advance(1)
  expect((await head(url, alice)).status).toBe(404)
  expect((await patch(url, alice, 4, someBytes(6))).status).toBe(404)
})

test('same names and content may be uploaded as often as one likes', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const body = someBytes(100)
  const ids = [await uploaded(stage.uploadsUrl, alice, body), await uploaded(stage.uploadsUrl, alice, body)]
  expect(new Set(ids).size).toBe(2)
})
