import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startServer } from '@parley/testkit/start-server'
import { expect, test } from 'vitest'
import { portErrorOf } from '../../src/ports/caller.ts'
import { type EngineClient, type TestDevice, openDevice, until } from './device.ts'

const kindOf = async (asked: Promise<unknown>) =>
  asked.then(
    () => 'nothing was refused',
    (error: unknown) => portErrorOf(error)?.kind,
  )

/** Somebody who is signed in on a device, with a group of their own. */
async function inAGroup(device: TestDevice, url: string) {
  await device.engine.servers.signUp.mutate({ url, username: 'ada', password: 'correct horse battery' })
  const { id } = await device.engine.outbox.act.mutate({
    action: {
      kind: 'make-group',
      name: 'Photos',
      description: '',
      joinPolicy: 'closed',
      listed: false,
      members: [],
    },
  })
  return until(device, async (engine) => {
    const waits = (await engine.outbox.list.query()).some((operation) => operation.id === id)
    return !waits && (await engine.conversations.list.query())[0]?.id
  })
}

async function handOver(
  engine: EngineClient,
  handle: string,
  bytes: Uint8Array<ArrayBuffer>,
  pieceBytes: number,
) {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    await engine.attachments.put.mutate({ handle, bytes: bytes.subarray(at, at + pieceBytes) })
  }
  return engine.attachments.finish.mutate({ handle })
}

test('P7: a file that the page has in pieces is in the draft, and arrives whole with its message', async () => {
  await using server = await startServer()
  await using device = await openDevice()
  const { engine, desk, folder } = device
  const conversationId = await inAGroup(device, server.url)

  // Pieces of another size than the store's own.
  const photo = randomBytes(700_001)
  const name = { conversationId, name: 'photo.png', mediaType: 'image/png' }
  const { handle } = await engine.attachments.begin.mutate(name)
  const pasted = await handOver(engine, handle, photo, 100_000)
  const path = join(folder, 'notes.txt')
  writeFileSync(path, 'notes')
  const picked = await engine.attachments.addChosen.mutate({
    conversationId,
    name: 'notes.txt',
    mediaType: 'text/plain',
    handle: desk.choose(path, 'read'),
  })
  expect(await engine.messages.draft.query({ conversationId })).toMatchObject({
    attachments: [pasted, picked],
  })

  const content = { kind: 'plain' as const, text: 'look' }
  const attachments = [pasted.id, picked.id]
  await engine.outbox.act.mutate({ action: { kind: 'send', conversationId, content, attachments } })
  const arrived = await until(device, async () => {
    const { items } = await engine.messages.timeline.query({ conversationId, at: { kind: 'newest' } })
    const item = items.at(-1)
    return item?.delivery === 'confirmed' && item
  })
  const { id: messageId } = arrived
  expect(arrived.attachments).toMatchObject([
    { name: 'photo.png', bytes: photo.length },
    { name: 'notes.txt', bytes: 5 },
  ])
  const [first] = arrived.attachments
  if (!first) throw new Error('It carries nothing')
  expect(Buffer.from(await engine.attachments.bytes.query({ id: first.id, messageId })).equals(photo)).toBe(
    true,
  )

  const saved = join(folder, 'saved.png')
  await engine.attachments.save.mutate({ id: first.id, messageId, handle: desk.choose(saved, 'write') })
  expect(readFileSync(saved).equals(photo)).toBe(true)
})

test('P9: a file that was taken back, a handle used twice and one for another purpose are refused', async () => {
  await using server = await startServer()
  await using device = await openDevice()
  const { engine, desk, folder } = device
  const conversationId = await inAGroup(device, server.url)
  const file = { conversationId, name: 'a.txt', mediaType: 'text/plain' }

  const { handle } = await engine.attachments.begin.mutate(file)
  await engine.attachments.put.mutate({ handle, bytes: new Uint8Array(10) })
  await engine.attachments.cancel.mutate({ handle })
  expect(await kindOf(engine.attachments.put.mutate({ handle, bytes: new Uint8Array(1) }))).toBe('not-found')
  expect(await engine.messages.draft.query({ conversationId })).toBeNull()

  const path = join(folder, 'a.txt')
  writeFileSync(path, 'a')
  const toWrite = desk.choose(path, 'write')
  expect(await kindOf(engine.attachments.addChosen.mutate({ ...file, handle: toWrite }))).toBe('not-allowed')
  expect(await kindOf(engine.attachments.addChosen.mutate({ ...file, handle: toWrite }))).toBe('not-found')
  const toRead = desk.choose(path, 'read')
  const added = await engine.attachments.addChosen.mutate({ ...file, handle: desk.choose(path, 'read') })
  expect(
    await kindOf(engine.attachments.save.mutate({ id: added.id, messageId: null, handle: toRead })),
  ).toBe('not-allowed')
  expect(await engine.attachments.remove.mutate({ id: added.id })).toBe(true)
  expect(await engine.attachments.remove.mutate({ id: added.id })).toBe(false)
})
