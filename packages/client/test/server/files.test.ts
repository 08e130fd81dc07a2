import { randomBytes } from 'node:crypto'
import { openFaultProxy } from '@parley/testkit/fault-proxy'
import { makeGroup, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { describe, expect, test } from 'vitest'
import { connect } from '../../src/connect.ts'
import { download, upload } from '../../src/files.ts'
import { uploadChunkBytesMax } from '../../src/limits.ts'
import { errorOf } from '../stage.ts'

const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer())

describe('attachments', () => {
  test('a file is uploaded in parts, sent with a message, and read by its members', async () => {
    await using server = await startServer()
    await using one = await signUp(server)
    await using other = await signUp(server)
    const conversationId = await makeGroup(one, [other])
    await using sender = connect({ url: server.url, token: one.token })
    await using reader = connect({ url: server.url, token: other.token })
    const content = randomBytes(2 * uploadChunkBytesMax + 5)
    const progress: number[] = []
    const attachmentId = await sender.upload(new Blob([content], { type: 'image/png' }), {
      name: 'café ☕.png',
      onProgress: (sent, bytes) => progress.push(sent / bytes),
    })
    expect(progress).toHaveLength(3)
    expect(progress.at(-1)).toBe(1)

    expect((await errorOf(reader.download(attachmentId))).kind).toBe('not-found')
    const { messageId } = await sender.send(conversationId, 'look', { attachments: [attachmentId] })
    const message = await reader.api.messages.get.query({ conversationId, messageId })
    expect(message.attachments).toEqual([
      { id: attachmentId, name: 'café ☕.png', mediaType: 'image/png', bytes: content.length },
    ])
    const answer = await reader.download(attachmentId)
    expect(answer.headers.get('content-type')).toBe('image/png')
    expect((await bytesOf(answer)).equals(content)).toBe(true)
    const rest = await reader.download(attachmentId, { fromByte: content.length - 5 })
    expect((await bytesOf(rest)).equals(content.subarray(-5))).toBe(true)
  })

  test('an empty file is one too', async () => {
    await using server = await startServer()
    await using one = await signUp(server)
    const attachmentId = await upload({ url: server.url, token: one.token }, new Blob([]), {
      name: 'empty.txt',
    })
    expect(await bytesOf(await download({ url: server.url, token: one.token }, attachmentId))).toHaveLength(0)
  })

  test('an upload that the network cuts goes on with what the server has not got', async () => {
    await using server = await startServer()
    await using one = await signUp(server)
    await using proxy = await openFaultProxy(server.url)
    const content = randomBytes(6 * uploadChunkBytesMax)
    const uploading = upload(
      { url: proxy.through(server.url), token: one.token, random: () => 0.002 },
      new Blob([content]),
      { name: 'large.bin' },
    )
    for (const parts of [1.5, 3.5, 4.5]) {
      await proxy.until(({ bytes }) => bytes.up > parts * uploadChunkBytesMax)
      proxy.cut()
    }
    const attachmentId = await uploading
    expect(proxy.bytes.up).toBeLessThan(9.5 * uploadChunkBytesMax)
    const answer = await download({ url: server.url, token: one.token }, attachmentId)
    expect((await bytesOf(answer)).equals(content)).toBe(true)
  })

  test('an upload that was left is gone on with by its id, by another program', async () => {
    await using server = await startServer()
    await using one = await signUp(server)
    const where = { url: server.url, token: one.token }
    const content = randomBytes(3 * uploadChunkBytesMax)
    const leaving = new AbortController()
    let uploadId = ''
    const left = errorOf(
      upload(where, new Blob([content]), {
        name: 'large.bin',
        signal: leaving.signal,
        onBegin: (id) => (uploadId = id),
        onProgress: () => leaving.abort(),
      }),
    )
    expect((await left).kind).toBe('aborted')
    const progress: number[] = []
    const attachmentId = await upload(where, new Blob([content]), {
      name: 'large.bin',
      uploadId,
      onProgress: (sent) => progress.push(sent),
    })
    expect(progress).toEqual([1, 2, 3].map((parts) => parts * uploadChunkBytesMax))
    expect((await bytesOf(await download(where, attachmentId))).equals(content)).toBe(true)
    const again = upload(where, new Blob([content]), { name: 'large.bin', uploadId })
    expect(await again).toBe(attachmentId)
    const other = upload(where, new Blob(['something else']), { name: 'large.bin', uploadId })
    expect(await errorOf(other)).toMatchObject({ kind: 'invalid-input', field: 'uploadId' })
  })

  test('P9: what is refused is refused by kind', async () => {
    await using server = await startServer({ settings: { attachmentBytesMax: 1_000 } })
    await using one = await signUp(server)
    const where = { url: server.url, token: one.token }
    const file = new Blob([randomBytes(1_001)])
    expect((await errorOf(upload(where, file, { name: 'a' }))).kind).toBe('too-large')
    expect((await errorOf(upload({ ...where, token: 'made-up' }, file, { name: 'a' }))).kind).toBe(
      'signed-out',
    )
    const unknown = upload(where, file, { name: 'a', uploadId: 'f'.repeat(16) })
    expect((await errorOf(unknown)).kind).toBe('not-found')
    expect((await errorOf(download(where, 'f'.repeat(16)))).kind).toBe('not-found')
    expect((await errorOf(download(where, '../healthz'))).kind).toBe('not-found')
  })

  test('a server that stays away is given up in the end', async () => {
    await using server = await startServer()
    await using one = await signUp(server)
    await using proxy = await openFaultProxy(server.url)
    proxy.refuse()
    const where = { url: proxy.through(server.url), token: one.token, random: () => 0 }
    expect((await errorOf(upload(where, new Blob(['x']), { name: 'a' }))).kind).toBe('unreachable')
  })
})
