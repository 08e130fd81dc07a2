import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ParleyError } from '@parley/client/parley-error'
import type { ConversationId } from '@parley/domain/ids'
import { attachmentsPerMessageMax } from '@parley/domain/limits'
import { makeGroup, signUp } from '@parley/testkit/people'
import { openFaultProxy } from '@parley/testkit/fault-proxy'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import type { Action } from '@parley/sync/actions'
import type { Engine } from '@parley/sync/engine'
import type { Transfer } from '@parley/sync/views'
import { caughtUp, engineAt, openDevice, settled, texts, until } from './devices.ts'
import { host } from './host.ts'
import { stage } from './stage.ts'

const mebibyte = 1024 * 1024
const plain = (text: string) => ({ kind: 'plain', text }) as const
const newest = (engine: Engine, conversationId: ConversationId) =>
  engine.timeline({ conversationId, at: { kind: 'newest' } }).items

const add = (engine: Engine, id: ConversationId, content: Uint8Array | { path: string }, name = 'a file') =>
  engine.addAttachment(id, { name, mediaType: 'image/png', content })

test('S40, S41, S44: files by bytes and by path arrive with their message, and are there without the originals', async () => {
  await using on = await stage()
  using folder = temporaryFolder()
  const path = join(folder.path, 'photo.png')
  const content = randomBytes(2 * mebibyte + 5)
  writeFileSync(path, content)
  const one = await add(on.engine, on.id, { path }, 'photo.png')
  const two = await add(on.engine, on.id, new Uint8Array(), 'empty.txt')
  rmSync(path)
  expect(on.engine.draft(on.id)).toEqual({ text: '', attachments: [one, two] })
  expect(on.engine.conversation(on.id)?.draft?.attachments).toHaveLength(2)

  const transfers: Transfer[] = []
  using _ = on.engine.onChange((topics) => {
    if (topics.has('transfers')) transfers.push(...on.engine.transfers())
  })
  const attachments = [one.id, two.id]
  const said = on.engine.act({ kind: 'send', conversationId: on.id, content: plain(''), attachments })
  expect(said.upload).toEqual({ doneBytes: 0, bytes: content.length })
  expect(on.engine.draft(on.id)).toBeNull()
  expect(newest(on.engine, on.id)[0]?.attachments).toEqual([
    {
      id: one.id,
      name: 'photo.png',
      mediaType: 'image/png',
      bytes: content.length,
      sentBytes: 0,
      held: true,
    },
    { id: two.id, name: 'empty.txt', mediaType: 'image/png', bytes: 0, sentBytes: 0, held: true },
  ])
  expect(Buffer.from(await on.engine.attachment(one.id, null)).equals(content)).toBe(true)
  await settled(on.engine)
  expect(new Set(transfers.map(({ doneBytes }) => doneBytes))).toContain(mebibyte)
  // What was sent need not be brought back to be looked at.
  const sent = newest(on.engine, on.id)[0]?.attachments[0]
  expect(sent).toMatchObject({ held: true, sentBytes: null, bytes: content.length })
  await on.goOffline()
  expect(Buffer.from(await on.engine.attachment(sent?.id ?? one.id, null)).equals(content)).toBe(true)

  await using other = openDevice(on.server, on.bob)
  const { engine } = other
  await until(engine, () => texts(engine, on.id).length === 1)
  const [photo, empty] = newest(engine, on.id)[0]?.attachments ?? []
  if (!photo || !empty) throw new Error('They did not come')
  expect(photo).toMatchObject({
    name: 'photo.png',
    mediaType: 'image/png',
    bytes: content.length,
    held: false,
  })
  expect(Buffer.from(await engine.attachment(photo.id, null)).equals(content)).toBe(true)
  expect(await engine.attachment(empty.id, null)).toHaveLength(0)
})

test('S40, S9: the files of a draft survive a restart, lie in the store encrypted, and go when they are removed', async () => {
  await using on = await stage()
  const secret = Buffer.alloc(300 * 1024, 'nobody reads this ')
  const kept = await add(on.engine, on.id, secret)
  const gone = await add(on.engine, on.id, randomBytes(10))
  on.engine.saveDraft(on.id, { text: 'look' })
  on.engine.saveDraft(on.id, null)
  expect(on.engine.removeDraftAttachment(gone.id)).toBe(true)
  expect(on.engine.removeDraftAttachment(gone.id)).toBe(false)
  for (const file of [on.device.path, `${on.device.path}-wal`]) {
    expect(readFileSync(file).includes('nobody reads')).toBe(false)
  }
  await using again = await on.device.reopen()
  expect(again.engine.draft(on.id)).toEqual({ text: '', attachments: [kept] })
  expect(Buffer.from(await again.engine.attachment(kept.id, null)).equals(secret)).toBe(true)
  await expect(again.engine.attachment(gone.id, null)).rejects.toMatchObject({ kind: 'not-found' })
})

test('S40: what a message may not carry is refused when it is added, and nothing is left of it', async () => {
  await using on = await stage()
  const none = { kind: 'not-found' }
  await expect(add(on.engine, on.id, { path: '/no/such/file' })).rejects.toMatchObject(none)
  await expect(add(on.engine, on.id, { path: '/' })).rejects.toMatchObject({ kind: 'invalid-input' })
  await expect(add(on.engine, on.id, new Uint8Array(1), '')).rejects.toMatchObject({ kind: 'invalid-input' })
  const added = []
  for (let i = 0; i < attachmentsPerMessageMax; i++) added.push(await add(on.engine, on.id, randomBytes(1)))
  await expect(add(on.engine, on.id, randomBytes(1))).rejects.toMatchObject({ kind: 'too-many' })
  const [one] = added
  if (!one) throw new Error('Nothing was added')
  const wish: Action = { kind: 'send', conversationId: on.id, content: plain('x'), attachments: [one.id] }
  on.engine.act(wish)
  expect(() => on.engine.act(wish)).toThrow(expect.objectContaining({ kind: 'attachment-missing' }))
  expect(on.engine.draft(on.id)?.attachments).toHaveLength(attachmentsPerMessageMax - 1)
})

test('S41, P7: an upload that a killed process began is gone on with, and the message is there once', async () => {
  await using server = await startServer()
  await using ada = await signUp(server)
  const id = await makeGroup(ada)
  using folder = temporaryFolder()
  const path = join(folder.path, 'store.db')
  const original = join(folder.path, 'large.bin')
  const content = randomBytes(12 * mebibyte)
  writeFileSync(original, content)
  await using proxy = await openFaultProxy(server.url)
  const killed = await host([proxy.through(server.url), ada.token, path, id], 2, original)
  await proxy.until(({ bytes }) => bytes.up > 6 * mebibyte)
  proxy.refuse()
  await killed.kill()
  rmSync(original)
  const before = proxy.bytes.up

  proxy.resume()
  await using engine = engineAt({ url: proxy.through(server.url), token: ada.token, path })
  expect(engine.outbox()[0]?.id).toBe(killed.ids[0])
  expect(engine.outbox()[0]?.upload?.doneBytes).toBeGreaterThan(3 * mebibyte)
  await settled(engine)
  expect(proxy.bytes.up - before).toBeLessThan(8 * mebibyte)
  expect(texts(engine, id)).toEqual(['kept 2', 'kept 1'])
  const { messages } = await ada.http.messages.page.query({ conversationId: id })
  expect(messages.map(({ attachments }) => attachments?.length ?? 0)).toEqual([0, 1])
  const attachment = messages[1]?.attachments?.[0]
  if (!attachment) throw new Error('It is not there')
  await using reader = openDevice(server, ada)
  await caughtUp(reader.engine)
  expect(Buffer.from(await reader.engine.attachment(attachment.id, null)).equals(content)).toBe(true)
})

test('S13: what is said after a message with files does not wait for them, and what is about it or carries files does', async () => {
  await using server = await startServer()
  await using ada = await signUp(server)
  const conversationId = await makeGroup(ada)
  using folder = temporaryFolder()
  const { promise: mayUpload, resolve: letUpload } = Promise.withResolvers<void>()
  await using engine = engineAt(
    { url: server.url, token: ada.token, path: join(folder.path, 'store.db') },
    (port) => ({
      ...port,
      get state() {
        return port.state
      },
      async upload(file, wish) {
        await mayUpload
        return port.upload(file, wish)
      },
    }),
  )
  await caughtUp(engine)
  const file = await add(engine, conversationId, randomBytes(300_000))
  const small = await add(engine, conversationId, randomBytes(10))
  const say = (text: string, more: Partial<Extract<Action, { kind: 'send' }>> = {}) =>
    engine.act({ kind: 'send', conversationId, content: plain(text), ...more })
  const large = say('large', { attachments: [file.id] })
  say('small', { attachments: [small.id] })
  say('about it', { replyTo: large.id })
  say('one')
  engine.act({ kind: 'rename', conversationId, name: 'Renamed' })
  say('two')
  engine.act({ kind: 'close', conversationId })
  const written = ['large', 'small', 'about it', 'one', 'two'].map((text) => `${text} (sending)`)
  expect(texts(engine, conversationId)).toEqual(written)
  const passed = ['one', 'two', 'large (sending)', 'small (sending)', 'about it (sending)']
  await until(engine, () => texts(engine, conversationId).join() === passed.join())
  expect(engine.conversation(conversationId)?.conversation.name).toBe('Renamed')
  letUpload()
  await settled(engine)
  expect(texts(engine, conversationId)).toEqual(['one', 'two', 'large', 'about it', 'small'])
  expect(engine.conversation(conversationId)?.conversation.closedAt).not.toBeNull()
})

test('S42: taking a message back cancels its upload, and what was said after it goes on', async () => {
  await using on = await stage()
  const file = await add(on.engine, on.id, randomBytes(8 * mebibyte))
  const before = on.proxy.bytes.up
  const attachments = [file.id]
  const said = on.engine.act({ kind: 'send', conversationId: on.id, content: plain('no'), attachments })
  on.engine.act({ kind: 'send', conversationId: on.id, content: plain('yes') })
  await on.proxy.until(({ bytes }) => bytes.up > before + mebibyte)
  expect(on.engine.undo(said.id)).toBe(true)
  expect(on.engine.transfers()).toEqual([])
  await settled(on.engine)
  expect(texts(on.engine, on.id)).toEqual(['yes'])
  // It can be gone on with, also after a restart.
  await using again = await on.device.reopen()
  const { engine } = again
  expect(engine.draft(on.id)).toEqual({ text: 'no', attachments: [file] })
  on.goOnline(engine)
  engine.saveDraft(on.id, null)
  engine.act({ kind: 'send', conversationId: on.id, content: plain('after all'), attachments })
  await settled(engine)
  expect(newest(engine, on.id).map(({ attachments: each }) => each.length)).toEqual([0, 1])
})

test('S42: what was taken back stands in the draft before what is written there by then, and is kept beside an edit', async () => {
  await using on = await stage()
  await on.goOffline()
  const say = (text: string) =>
    on.engine.act({ kind: 'send', conversationId: on.id, content: plain(text) }).id
  const [first, second, third] = [say('first'), say('second'), say('third')]
  expect(on.engine.undo(second)).toBe(true)
  expect(on.engine.draft(on.id)).toEqual({ text: 'second', attachments: [] })
  on.engine.saveDraft(on.id, { text: 'new' })
  expect(on.engine.undo(third)).toBe(true)
  expect(on.engine.draft(on.id)).toMatchObject({ text: 'third\nnew' })
  const fourth = say('fourth')
  on.engine.saveDraft(on.id, { text: 'edited', editing: first, aside: 'for later' })
  expect(on.engine.undo(fourth)).toBe(true)
  expect(on.engine.draft(on.id)).toMatchObject({ text: 'edited', editing: first, aside: 'fourth\nfor later' })
})

test('S43: a file that the server does not take makes its message a refused one, for the person to decide', async () => {
  await using on = await stage({ settings: { attachmentBytesMax: 1_000 } })
  const file = await add(on.engine, on.id, randomBytes(1_001))
  const attachments = [file.id]
  const said = on.engine.act({ kind: 'send', conversationId: on.id, content: plain('big'), attachments })
  on.engine.act({ kind: 'send', conversationId: on.id, content: plain('goes on') })
  const refused = await until(on.engine, (each) => each.outbox().find(({ state }) => state === 'refused'))
  expect(refused).toMatchObject({ id: said.id, problem: { kind: 'too-large', field: 'attachments' } })
  await until(on.engine, (each) => each.outbox().length === 1)
  expect(texts(on.engine, on.id)).toEqual(['goes on', 'big (failed)'])
  on.engine.retry(said.id)
  await until(on.engine, (each) => each.outbox()[0]?.state === 'refused')
  expect(on.engine.undo(said.id)).toBe(true)
  expect(on.engine.outbox()).toEqual([])
})

test('S43: what the server has dropped before the message came is uploaded again, and not for ever', async () => {
  await using server = await startServer()
  await using ada = await signUp(server)
  const id = await makeGroup(ada)
  using folder = temporaryFolder()
  let missing = 2
  let uploads = 0
  await using engine = engineAt(
    { url: server.url, token: ada.token, path: join(folder.path, 'store.db') },
    (port) => ({
      ...port,
      get state() {
        return port.state
      },
      perform: (call) =>
        call.kind === 'send' && missing-- > 0
          ? Promise.reject(new ParleyError('attachment-missing', 'It was dropped.'))
          : port.perform(call),
      upload: (file, wish) => {
        uploads += 1
        return port.upload(file, wish)
      },
    }),
  )
  await caughtUp(engine)
  const send = async (text: string) => {
    const file = await add(engine, id, randomBytes(100))
    return engine.act({ kind: 'send', conversationId: id, content: plain(text), attachments: [file.id] })
  }
  await send('again')
  await settled(engine)
  expect(uploads).toBe(3)
  missing = 3
  await send('never')
  const refused = await until(engine, (each) => each.outbox().find(({ state }) => state === 'refused'))
  expect(refused.problem?.kind).toBe('attachment-missing')
  expect(uploads).toBe(6)
  expect(texts(engine, id)).toEqual(['again', 'never (failed)'])
})
