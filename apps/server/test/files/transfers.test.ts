import { once } from 'node:events'
import { expect, test } from 'vitest'
import { answerTo, ask, bearer, begin, create, head, patch, patching, refusalIn, remove } from './http.ts'
import { FilesStage, someBytes } from './stage.ts'

test('P5: an account has a limited number of unfinished uploads, and is told which', async () => {
  await using stage = await FilesStage.open({ limits: { uploadsPerAccountMax: 3 } })
  const alice = await stage.person('alice')
  const answers = await Promise.all(
    Array.from({ length: 8 }, () =>
      create(stage.uploadsUrl, alice, { bytes: 10, name: 'a.txt', type: 'text/plain' }),
    ),
  )
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(3)
  const refused = answers.filter(({ status }) => status !== 201)
  expect(refused.map((answer) => [answer.status, refusalIn(answer).kind])).toEqual(
    refused.map(() => [429, 'too-many']),
  )

  const list = await ask(stage.uploadsUrl, { headers: bearer(alice) })
  const { uploads }: { uploads: { id: string }[] } = JSON.parse(list.body.toString())
  expect(uploads).toHaveLength(3)
  expect(uploads[0]).toMatchObject({ name: 'a.txt', mediaType: 'text/plain', bytes: 10, offset: 0 })
  // One that is finished, and one that is deleted, make room.
  const [first, second] = uploads.map(({ id }) => `${stage.uploadsUrl}/${id}`)
  expect((await patch(first ?? '', alice, 0, someBytes(10))).status).toBe(204)
  expect((await remove(second ?? '', alice)).status).toBe(204)
  expect((await head(second ?? '', alice)).status).toBe(404)
  await begin(stage.uploadsUrl, alice, 10)
  await begin(stage.uploadsUrl, alice, 10)
  expect((await create(stage.uploadsUrl, alice, { bytes: 10 })).status).toBe(429)
  expect((await create(stage.uploadsUrl, await stage.person('bob'), { bytes: 10 })).status).toBe(201)
})

test('the newest request has the upload: one that hangs gives way, and what it brought stays', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const body = someBytes(100_000)
  const url = await begin(stage.uploadsUrl, alice, body.length)
  const hanging = patching(url, alice, 0, { 'Content-Length': String(body.length) })
  const given = answerTo(hanging)
  hanging.write(body.subarray(0, 60_000))
  await stage.transfers(1)
  const told = await head(url, alice)
  expect((await given).status).toBe(409)
  const offset = Number(told.headers.get('upload-offset'))
  expect(offset).toBeLessThanOrEqual(60_000)
  const last = await patch(url, alice, offset, body.subarray(offset))
  expect(last.status).toBe(204)
})

test('P5: a connection on which nothing moves is cut off, and its upload can go on', async () => {
  await using stage = await FilesStage.open({ limits: { transferIdleMs: 50 } })
  const alice = await stage.person('alice')
  const url = await begin(stage.uploadsUrl, alice, 100)
  const hanging = patching(url, alice, 0, { 'Content-Length': '100' })
  const failed = once(hanging, 'error')
  hanging.on('response', () => undefined)
  hanging.write(someBytes(40))
  await failed.catch(() => undefined)
  expect((await head(url, alice)).headers.get('upload-offset')).toBe('40')
})

test('P5: an account has a limited number of transfers at a time', async () => {
  await using stage = await FilesStage.open({ limits: { transfersPerAccountMax: 2 } })
  const alice = await stage.person('alice')
  const urls = [await begin(stage.uploadsUrl, alice, 10), await begin(stage.uploadsUrl, alice, 10)]
  const hanging = urls.map((url) => patching(url, alice, 0, { 'Content-Length': '10' }))
  for (const request of hanging) request.write('x')
  await stage.transfers(2)
  const refused = await create(stage.uploadsUrl, alice, { bytes: 1 })
  expect(refused.status).toBe(429)
  expect(refusalIn(refused).kind).toBe('too-many')
  expect((await create(stage.uploadsUrl, await stage.person('bob'), { bytes: 1 })).status).toBe(201)
  for (const request of hanging) request.end(someBytes(9))
  expect(await Promise.all(hanging.map(async (request) => (await answerTo(request)).status))).toEqual([
    204, 204,
  ])
})

test('P1: a server that stops puts what has come on disk, and tells the client to come back', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const body = someBytes(200_000)
  const url = await begin(stage.uploadsUrl, alice, body.length)
  await patch(url, alice, 0, body.subarray(0, 50_000))
  const hanging = patching(url, alice, 50_000, { 'Content-Length': '150000' })
  const given = answerTo(hanging)
  hanging.write(body.subarray(50_000, 100_000))
  await stage.transfers(1)
  await stage.files.close()
  const answer = await given
  expect(answer.status).toBe(503)
  expect(refusalIn(answer).kind).toBe('shutting-down')
  expect((await create(stage.uploadsUrl, alice, { bytes: 1 })).status).toBe(503)
  await stage.stop()
  await stage.start()
  const again = new URL(new URL(url).pathname, stage.url).href
  const offset = Number((await head(again, alice)).headers.get('upload-offset'))
  expect(offset).toBeGreaterThanOrEqual(50_000)
  const last = await patch(again, alice, offset, body.subarray(offset))
  expect(last.status).toBe(204)
})

test('P5: what is left of a request that was refused may come for so long, and no longer', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const url = await begin(stage.uploadsUrl, alice, 100)
  const wrong: Record<string, string>[] = [{ Authorization: 'Bearer nobody' }, { 'Upload-Offset': '7' }]
  for (const headers of wrong) {
    const endless = patching(url, alice, 0, { 'Content-Length': '100', Connection: 'keep-alive', ...headers })
    endless.on('error', () => undefined)
    endless.write('x')
    const closed = once(endless, 'close')
    expect([401, 409]).toContain((await answerTo(endless)).status)
    endless.write('x')
    expect(endless.destroyed).toBe(false)
    stage.clock.advance(10_000)
    await closed
  }
})
