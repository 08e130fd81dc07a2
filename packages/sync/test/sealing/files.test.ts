import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { attachmentChunkBytes } from '@parley/domain/limits'
import { AttachmentId, type ConversationId, type MessageId } from '@parley/domain/ids'
import { tagBytes } from '@parley/domain/sealed/bytes'
import type { Engine } from '@parley/sync/engine'
import type { Download, ServerPort } from '@parley/sync/ports'
import { type FaultProxy, openFaultProxy } from '@parley/testkit/fault-proxy'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { openDevice, type Otherwise, settled, until } from '../devices.ts'
import { isOpen, ready, sealedGroup, sealedStage, type Somebody } from './people.ts'

const mebibyte = 1024 * 1024
const sealedChunk = attachmentChunkBytes + tagBytes

/** Ada with a network that fails, ben with a server of which a test makes what it likes, and a sealed group of the two. */
async function filesStage(around?: Otherwise['around']) {
  const stage = await sealedStage([])
  const { stack, server } = stage
  const proxy = stack.use(await openFaultProxy(server.url))
  const person = await stage.person('ada')
  const device = stack.use(openDevice({ url: proxy.through(server.url) }, person))
  await ready(device.engine)
  const ada: Somebody = { person, device, engine: device.engine, id: person.account.id }
  const ben = await stage.open(await stage.person('ben'), around ? { around } : {})
  const id = await sealedGroup(ada, [ben])
  await isOpen(ada.engine, id)
  await isOpen(ben.engine, id)
  return { stage, proxy, ada, ben, id, [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose]() }
}

/** The newest message's only file, once it is here. */
const fileIn = (engine: Engine, id: ConversationId): Promise<readonly [AttachmentId, MessageId]> =>
  until(engine, (each) => {
    const item = each.timeline({ conversationId: id, at: { kind: 'newest' } }).items.at(-1)
    const file = item?.delivery === 'confirmed' ? AttachmentId.safeParse(item.attachments[0]?.id).data : null
    return file && item?.id ? [file, item.id] : null
  })

async function sendFile({ engine }: Somebody, id: ConversationId, content: Uint8Array | { path: string }) {
  const { id: file } = await engine.addAttachment(id, { name: 'plan.bin', mediaType: '', content })
  return engine.act({
    kind: 'send',
    conversationId: id,
    content: { kind: 'plain', text: '' },
    attachments: [file],
  })
}

/** Once so much more came through it. */
const passed = (proxy: FaultProxy, way: 'up' | 'down', bytes: number): Promise<void> => {
  const before = proxy.bytes[way]
  return proxy.until(({ bytes: now }) => now[way] - before > bytes)
}

test('S79: a sealed file arrives whole though the network is cut, the program ended, and the original changed', async () => {
  await using on = await filesStage()
  using folder = temporaryFolder()
  const path = join(folder.path, 'plan.bin')
  const content = randomBytes(6 * mebibyte + 7)
  writeFileSync(path, content)
  const { proxy, ada, ben, id } = on
  const cut = passed(proxy, 'up', mebibyte)
  await sendFile(ada, id, { path })
  // It goes from the copy that was taken.
  writeFileSync(path, randomBytes(content.length))
  await cut
  proxy.cut()
  ada.engine.retryNow()
  await passed(proxy, 'up', mebibyte)
  proxy.stall('up')
  await ada.device.close()
  rmSync(path)
  proxy.cut()
  proxy.resume()
  const device = on.stage.stack.use(await ada.device.reopen())
  await settled(device.engine)
  const file = await fileIn(ben.engine, id)
  expect(Buffer.from(await ben.engine.attachment(...file)).equals(content)).toBe(true)
}, 60_000)

test('S79: a sealed file is saved whole though the network is cut, and a full disk leaves what was there', async () => {
  await using on = await filesStage()
  using folder = temporaryFolder()
  const content = randomBytes(6 * mebibyte + 70_001)
  const { proxy, ada, ben, id } = on
  await sendFile(ben, id, content)
  const file = await fileIn(ada.engine, id)
  const path = join(folder.path, 'saved.bin')
  writeFileSync(path, 'what was there')
  // Every write into it says that the disk is full.
  symlinkSync('/dev/full', `${path}.part`)
  await expect(ada.engine.saveAttachment(...file, path)).rejects.toMatchObject({ kind: 'too-large' })
  expect(readFileSync(path, 'utf8')).toBe('what was there')
  expect(existsSync(`${path}.part`)).toBe(false)
  // Ended in the middle.
  const ending = ada.engine.saveAttachment(...file, path, {
    onProgress: ({ doneBytes }) => {
      if (doneBytes > mebibyte) proxy.stall('down')
    },
  })
  const ended = ending.catch((error: unknown) => error)
  await until(ada.engine, (each) => each.transfers().some(({ doneBytes }) => doneBytes > mebibyte))
  await ada.device.close()
  expect(await ended).toBeInstanceOf(Error)
  expect(readFileSync(path, 'utf8')).toBe('what was there')
  proxy.cut()
  proxy.resume()
  const device = on.stage.stack.use(await ada.device.reopen())
  await ready(device.engine)
  let cuts = 0
  await device.engine.saveAttachment(...file, path, {
    onProgress: ({ doneBytes }) => {
      // In the middle of a chunk, again and again.
      if (doneBytes < (cuts + 1) * mebibyte || cuts === 3) return
      cuts += 1
      proxy.cut()
      device.engine.retryNow()
    },
  })
  expect(cuts).toBe(3)
  expect(readFileSync(path).equals(content)).toBe(true)
}, 60_000)

/** The bytes of a download, as a server makes them that lies. */
type Bend = (all: Buffer) => Buffer

const bending = (how: { bend: Bend | null }) => (server: ServerPort) => ({
  ...server,
  get state() {
    return server.state
  },
  async download(id: AttachmentId, wish: Parameters<ServerPort['download']>[1]): Promise<Download> {
    const download = await server.download(id, wish)
    const { bend } = how
    if (!bend) return download
    const parts: Uint8Array[] = []
    for await (const part of download.parts) parts.push(part)
    const bent = bend(Buffer.concat(parts))
    return { bytes: bent.length, parts: partsOf(bent) }
  },
})

async function* partsOf(all: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < all.length; at += 100_000) yield all.subarray(at, at + 100_000)
}

test('S79: a chunk that the server swaps, repeats, changes or leaves out is caught, and nothing of the file is shown', async () => {
  const how: { bend: Bend | null } = { bend: null }
  await using on = await filesStage(bending(how))
  using folder = temporaryFolder()
  const { ada, ben, id } = on
  const content = randomBytes(4 * attachmentChunkBytes + 9)
  await sendFile(ada, id, content)
  const file = await fileIn(ben.engine, id)
  const chunk = (all: Buffer, at: number) => all.subarray(at * sealedChunk, (at + 1) * sealedChunk)
  const lies: Record<string, Bend> = {
    swapped: (all) => Buffer.concat([chunk(all, 1), chunk(all, 0), all.subarray(2 * sealedChunk)]),
    repeated: (all) => Buffer.concat([chunk(all, 0), chunk(all, 0), all.subarray(2 * sealedChunk)]),
    'one left out': (all) => Buffer.concat([chunk(all, 0), all.subarray(2 * sealedChunk)]),
    'the last left out': (all) => all.subarray(0, 4 * sealedChunk),
    'the last cut short': (all) => all.subarray(0, -1),
    lengthened: (all) => Buffer.concat([all, Buffer.alloc(sealedChunk)]),
    'one bit': (all) => {
      const bent = Buffer.from(all)
      bent[2 * sealedChunk + 5] = (bent[2 * sealedChunk + 5] ?? 0) ^ 1
      return bent
    },
    empty: () => Buffer.alloc(0),
  }
  const path = join(folder.path, 'saved.bin')
  for (const [name, bend] of Object.entries(lies)) {
    how.bend = bend
    const caught = { kind: 'chain-refused', message: expect.stringMatching(/^tampered: /) }
    await expect(ben.engine.attachment(...file), name).rejects.toMatchObject(caught)
    await expect(ben.engine.saveAttachment(...file, path), name).rejects.toMatchObject(caught)
    expect(existsSync(path), name).toBe(false)
  }
  how.bend = null
  expect(Buffer.from(await ben.engine.attachment(...file)).equals(content)).toBe(true)
})
