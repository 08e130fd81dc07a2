import { expect, test } from 'vitest'
import { answerTo, ask, bearer, begin, create, head, patch, patching, refusalIn } from './http.ts'
import { FilesStage, someBytes } from './stage.ts'

const mebibyte = 1024 * 1024

test('P9: a file above the limit is refused before it comes, by the setting and by the limit', async () => {
  await using stage = await FilesStage.open({ attachmentBytesMax: 1_000 })
  const alice = await stage.person('alice')
  const refused = await create(stage.uploadsUrl, alice, { bytes: 1_001 })
  expect(refused.status).toBe(413)
  expect(refusalIn(refused)).toEqual({ kind: 'too-large', field: 'Upload-Length' })
  expect((await create(stage.uploadsUrl, alice, { bytes: 1_000 })).status).toBe(201)
  await stage.stop()
  await stage.start({ attachmentBytesMax: Number.MAX_SAFE_INTEGER })
  expect((await create(stage.uploadsUrl, alice, { bytes: 512 * mebibyte + 1 })).status).toBe(413)
})

test('P9: an upload takes no more bytes than it said it would have', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const url = await begin(stage.uploadsUrl, alice, 1_000)
  const declared = await patch(url, alice, 0, someBytes(1_001))
  expect(declared.status).toBe(413)
  expect(refusalIn(declared).kind).toBe('too-large')
  const chunked = patching(url, alice, 0, { 'Transfer-Encoding': 'chunked' })
  chunked.end(someBytes(1_001))
  expect((await answerTo(chunked)).status).toBe(413)
  expect((await head(url, alice)).headers.get('upload-offset')).toBe('0')
})

const wrongNames = [
  '',
  ' ',
  '.',
  '..',
  '../../etc/passwd',
  'a/b',
  'a\\b',
  'a\u0000b',
  'a\r\nSet-Cookie: x',
  'a\u0085b',
  'gpj.\u202eexe',
  'x'.repeat(256),
]

test.each(wrongNames)('P9: the name %j is refused', async (name) => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const answer = await create(stage.uploadsUrl, alice, { bytes: 1, name })
  expect(answer.status).toBe(400)
  expect(refusalIn(answer)).toEqual({ kind: 'invalid-input', field: 'filename' })
  expect(await stage.uploadFiles()).toEqual([])
})

test.each(['text', 'text/', '/plain', 'text/html\r\nX: y', 'a b/c', `text/${'x'.repeat(200)}`])(
  'P9: the media type %j is refused',
  async (type) => {
    await using stage = await FilesStage.open()
    const alice = await stage.person('alice')
    const answer = await create(stage.uploadsUrl, alice, { bytes: 1, type })
    expect(answer.status).toBe(400)
    expect(refusalIn(answer)).toEqual({ kind: 'invalid-input', field: 'filetype' })
  },
)

test.each([
  ['Upload-Length', { 'Upload-Length': '-1' }],
  ['Upload-Length', { 'Upload-Length': '1e3' }],
  ['Upload-Metadata', { 'Upload-Metadata': 'filename !!!' }],
  ['Upload-Metadata', { 'Upload-Metadata': 'filename /w==' }],
  ['Upload-Metadata', { 'Upload-Metadata': 'filename YQ==,filename Yg==' }],
  ['Upload-Metadata', { 'Upload-Metadata': `filename ${'A'.repeat(4_100)}` }],
  ['filename', { 'Upload-Metadata': '' }],
])('P9: a wrong %s is named: %j', async (field, headers) => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const answer = await create(stage.uploadsUrl, alice, { bytes: 1, headers })
  expect(answer.status).toBe(400)
  expect(refusalIn(answer)).toEqual({ kind: 'invalid-input', field })
})

test('P6: without a token, or with one that was never given, nothing is told but what the server can do', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const url = await begin(stage.uploadsUrl, alice, 10)
  for (const Authorization of ['', 'Bearer ', 'Bearer x', `Basic ${alice.token}`, `Bearer ${alice.token}x`]) {
    for (const [method, target] of [
      ['POST', stage.uploadsUrl],
      ['GET', stage.uploadsUrl],
      ['HEAD', url],
      ['PATCH', url],
      ['DELETE', url],
    ] as const) {
      const answer = await ask(target, { method, headers: { Authorization, 'Tus-Resumable': '1.0.0' } })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
      if (method !== 'HEAD') expect(refusalIn(answer).kind).toBe('signed-out')
    }
  }
  const described = await ask(stage.uploadsUrl, { method: 'OPTIONS' })
  expect(described.status).toBe(204)
  expect(described.headers.get('tus-extension')).toBe('creation,creation-with-upload,expiration,termination')
  expect(described.headers.get('tus-max-size')).toBe(String(64 * mebibyte))
})

test('P9: bytes from another offset than the upload has come to are refused, and change nothing', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const url = await begin(stage.uploadsUrl, alice, 10)
  await patch(url, alice, 0, someBytes(4))
  for (const offset of [0, 3, 5, 10]) {
    const answer = await patch(url, alice, offset, someBytes(1))
    expect(answer.status).toBe(409)
    expect(refusalIn(answer).field).toBe('Upload-Offset')
  }
  expect((await head(url, alice)).headers.get('upload-offset')).toBe('4')
})

test('P9: what is not the protocol is refused with what would be', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const url = await begin(stage.uploadsUrl, alice, 10)
  const version = await ask(url, { method: 'HEAD', headers: { ...bearer(alice), 'Tus-Resumable': '0.2.2' } })
  expect(version.status).toBe(412)
  expect(version.headers.get('tus-version')).toBe('1.0.0')
  const type = patching(url, alice, 0, { 'Content-Type': 'text/plain' })
  type.end('x')
  expect((await answerTo(type)).status).toBe(415)
  const noOffset = patching(url, alice, 0, { 'Upload-Offset': 'x' })
  noOffset.end('x')
  expect((await answerTo(noOffset)).status).toBe(400)
  const put = await ask(url, { method: 'PUT', headers: { ...bearer(alice), 'Tus-Resumable': '1.0.0' } })
  expect(put.status).toBe(405)
})

test('pages of allowed origins may upload, and of others not', async () => {
  await using stage = await FilesStage.open()
  const preflight = (Origin: string) =>
    ask(stage.uploadsUrl, {
      method: 'OPTIONS',
      headers: { Origin, 'Access-Control-Request-Method': 'PATCH' },
    })
  const allowed = await preflight('https://chat.example')
  expect(allowed.status).toBe(204)
  expect(allowed.headers.get('access-control-allow-headers')).toContain('Upload-Offset')
  expect(allowed.headers.get('access-control-expose-headers')).toContain('Parley-Attachment')
  expect((await preflight('https://evil.example')).status).toBe(403)
})
