import { parse } from 'content-disposition'
import { deleteMessage } from '@parley/chat/messages/change'
import { addMembers, removeMember } from '@parley/chat/conversations/members'
import { AttachmentId } from '@parley/domain/ids'
import { expect, test } from 'vitest'
import { ask, bearer, download, refusalIn, uploaded } from './http.ts'
import { FilesStage, someBytes } from './stage.ts'

test('an attachment comes with headers under which no browser takes it for a page', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const body = Buffer.from('<script>alert(1)</script>')
  const id = await uploaded(stage.uploadsUrl, alice, body, { name: 'page.html', type: 'text/html' })
  for (const method of ['GET', 'HEAD']) {
    const answer = await download(stage.url, alice, id, { method })
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html',
      'content-length': String(body.length),
      'content-disposition': 'attachment; filename=page.html',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, no-cache',
      'accept-ranges': 'bytes',
    })
    expect(answer.body.equals(method === 'GET' ? body : Buffer.alloc(0))).toBe(true)
  }
})

test.each([
  ['image/png', 'inline'],
  ['audio/ogg', 'inline'],
  ['video/mp4', 'inline'],
  ['image/svg+xml', 'attachment'],
  ['application/pdf', 'attachment'],
  ['application/xhtml+xml', 'attachment'],
  ['text/plain', 'attachment'],
  ['', 'attachment'],
])('what is %j is to be shown %s', async (type, disposition) => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const id = await uploaded(stage.uploadsUrl, alice, someBytes(10), { type })
  const { headers } = await download(stage.url, alice, id, { method: 'HEAD' })
  expect(parse(headers.get('content-disposition') ?? '').type).toBe(disposition)
  expect(headers.get('content-type')).toBe(type || 'application/octet-stream')
})

test.each([
  'plain.txt',
  'two words.txt',
  'quo"te.txt',
  'semi;colon=x.txt',
  `apos'trophe.txt`,
  'a.txt"; filename="evil.html',
  "a.txt; filename*=UTF-8''evil.html",
  '100%41.txt',
  'übersicht.pdf',
  '概要 📎.pdf',
  '.hidden',
])('the name %j comes back as it was, and as nothing else', async (name) => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const id = await uploaded(stage.uploadsUrl, alice, someBytes(10), { name })
  const { headers } = await download(stage.url, alice, id)
  const header = headers.get('content-disposition') ?? ''
  expect(header).toMatch(/^[\x20-\x7e]+$/)
  const { type, parameters } = parse(header)
  expect(type).toBe('attachment')
  expect(parameters['filename']).toBe(name)
})

test('ranges and conditions are answered as HTTP has them', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const body = someBytes(1_000)
  const id = await uploaded(stage.uploadsUrl, alice, body)
  const get = (headers: Record<string, string>, method = 'GET') =>
    download(stage.url, alice, id, { method, headers })

  const middle = await get({ Range: 'bytes=100-199' })
  expect(middle.status).toBe(206)
  expect(middle.headers.get('content-range')).toBe('bytes 100-199/1000')
  expect(middle.body.equals(body.subarray(100, 200))).toBe(true)
  expect((await get({ Range: 'bytes=-10' })).body.equals(body.subarray(990))).toBe(true)
  expect((await get({ Range: 'bytes=990-' })).body.equals(body.subarray(990))).toBe(true)
  const beyond = await get({ Range: 'bytes=1000-' })
  expect(beyond.status).toBe(416)
  expect(beyond.headers.get('content-range')).toBe('bytes */1000')
  expect(refusalIn(beyond)).toEqual({ kind: 'invalid-input', field: 'Range' })

  const etag = (await get({}, 'HEAD')).headers.get('etag') ?? ''
  expect(etag).toMatch(/^"[0-9a-f]{64}"$/)
  const unchanged = await get({ 'If-None-Match': etag })
  expect(unchanged.status).toBe(304)
  expect(unchanged.body.length).toBe(0)
  expect((await get({ 'If-None-Match': '"other"' })).status).toBe(200)
  expect((await get({ 'If-Match': '"other"' })).status).toBe(412)
  expect((await get({ Range: 'bytes=0-9', 'If-Range': etag })).status).toBe(206)
  expect((await get({ Range: 'bytes=0-9', 'If-Range': '"other"' })).status).toBe(200)
})

test('P6: members have the attachment of a message from their joining to their removal, and nobody else', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const bob = await stage.person('bob')
  const carol = await stage.person('carol')
  const room = await stage.group(alice, bob)
  const id = await uploaded(stage.uploadsUrl, alice, someBytes(10))
  const status = async (who: typeof bob) => (await download(stage.url, who, id)).status

  expect([await status(alice), await status(bob), await status(carol)]).toEqual([200, 404, 404])
  await stage.send(alice, room, id)
  expect([await status(alice), await status(bob), await status(carol)]).toEqual([200, 200, 404])
  await addMembers(stage.chat, alice.actor, { conversationId: room.id, accountIds: [carol.actor.accountId] })
  expect(await status(carol)).toBe(200)
  await removeMember(stage.chat, alice.actor, { conversationId: room.id, accountId: bob.actor.accountId })
  expect([await status(alice), await status(bob), await status(carol)]).toEqual([200, 404, 200])
  const refused = await download(stage.url, bob, id)
  expect(refusalIn(refused).kind).toBe('not-found')
  for (const header of ['content-disposition', 'etag']) expect(refused.headers.has(header)).toBe(false)
})

test('P6: the attachment of a deleted message is its uploader’s alone again', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const bob = await stage.person('bob')
  const room = await stage.group(alice, bob)
  const id = await uploaded(stage.uploadsUrl, alice, someBytes(10))
  const first = await stage.send(alice, room, id)
  const second = await stage.send(bob, room, id)
  const status = async () => (await download(stage.url, bob, id)).status
  await deleteMessage(stage.chat, alice.actor, { conversationId: room.id, messageId: first.messageId })
  expect(await status()).toBe(200)
  await deleteMessage(stage.chat, bob.actor, { conversationId: room.id, messageId: second.messageId })
  expect(await status()).toBe(404)
  expect((await download(stage.url, alice, id)).status).toBe(200)
})

test('P9: what is no attachment is refused alike: unknown, unfinished, or no id at all', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const unknown = await download(stage.url, alice, AttachmentId.parse('fAAAAAAAAAAAAAAA'))
  expect(unknown.status).toBe(404)
  expect(refusalIn(unknown).kind).toBe('not-found')
  for (const path of [
    '/files/',
    '/files/x',
    '/files/uploads/x',
    '/files/fAAAAAAAAAAAAAAA/',
    '/files/fAAAAAAAAAAAAAAA.part',
  ]) {
    expect((await ask(stage.url, { path, headers: bearer(alice) })).status).toBe(404)
  }
  const id = await uploaded(stage.uploadsUrl, alice, someBytes(10))
  const written = await ask(`${stage.url}/files/${id}`, { method: 'DELETE', headers: bearer(alice) })
  expect(written.status).toBe(405)
  expect(written.headers.get('allow')).toBe('GET, HEAD')
  expect((await ask(`${stage.url}/files/${id}`)).status).toBe(401)
})

const ways = [
  '/files/../parley.db',
  '/files/%2e%2e/parley.db',
  '/files/..%2fparley.db',
  '/files/..%5cparley.db',
  '/files/%2e%2e%2fparley.db',
  '/files/....//parley.db',
  '/files/uploads/../../parley.db',
  '/files/uploads/..%2f..%2fparley.db',
  '/files/uploads/%00',
  '/files/f/../../parley.db',
  '/files//etc/passwd',
  '/files/uploads//etc/passwd',
  '//files/../parley.db',
  '/files/..\\parley.db',
  '/files/%',
  '/files/%ff',
]

test.each(ways)('P9: %s leads nowhere', async (path) => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  for (const method of ['GET', 'HEAD', 'PATCH', 'DELETE', 'POST']) {
    const headers = { ...bearer(alice), 'Tus-Resumable': '1.0.0', 'Upload-Offset': '0' }
    const answer = await ask(stage.url, { method, path, headers })
    expect([400, 404]).toContain(answer.status)
    expect(answer.body.includes('SQLite')).toBe(false)
  }
  expect(await stage.filesBelow('.')).toContain('parley.db')
})
