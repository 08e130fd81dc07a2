import { createHash } from 'node:crypto'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deleteMessage } from '@parley/chat/messages/change'
import { newAttachmentId } from '@parley/chat/secrets'
import { orphanAttachmentKeptMs, uploadKeptMs } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import { expect, test } from 'vitest'
import { begin, download, idIn, patch, patching, answerTo, uploaded } from './http.ts'
import { FilesStage, someBytes } from './stage.ts'

test('an attachment that no message carries goes with its content when its time is over, and not before', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const room = await stage.group(alice)
  const kept = await uploaded(stage.uploadsUrl, alice, someBytes(100))
  await stage.send(alice, room, kept)
  const orphan = await uploaded(stage.uploadsUrl, alice, someBytes(100))
  stage.clock.advance(orphanAttachmentKeptMs)
  await stage.sweepAll()
  expect((await download(stage.url, alice, orphan)).status).toBe(200)
  stage.clock.advance(1)
  await stage.sweepAll()
  expect((await download(stage.url, alice, orphan)).status).toBe(404)
  expect((await download(stage.url, alice, kept)).status).toBe(200)
  expect(await stage.contents()).toHaveLength(1)
  expect(await stage.findings()).toEqual([])
})

test('content that another attachment uses stays, until none does', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const room = await stage.group(alice)
  const body = someBytes(100)
  const orphan = await uploaded(stage.uploadsUrl, alice, body)
  const carried = await uploaded(stage.uploadsUrl, alice, body)
  const { messageId } = await stage.send(alice, room, carried)
  stage.clock.advance(orphanAttachmentKeptMs + 1)
  await stage.sweepAll()
  expect((await download(stage.url, alice, orphan)).status).toBe(404)
  expect((await download(stage.url, alice, carried)).body.equals(body)).toBe(true)
  await deleteMessage(stage.chat, alice.actor, { conversationId: room.id, messageId })
  await stage.sweepAll()
  expect((await download(stage.url, alice, carried)).status).toBe(404)
  expect(await stage.contents()).toEqual([])
})

test('a message sent while it is swept has its attachment or is refused, whichever came first', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const room = await stage.group(alice)
  for (const sentFirst of [true, false]) {
    const body = someBytes(100)
    const id = await uploaded(stage.uploadsUrl, alice, body)
    stage.clock.advance(orphanAttachmentKeptMs + 1)
    const [sending, sweeping] = sentFirst
      ? [stage.send(alice, room, id), stage.files.sweeper.step()]
      : stepThenSend(stage, () => stage.send(alice, room, id))
    const [sent, swept] = await Promise.allSettled([sending, sweeping])
    expect(swept.status).toBe('fulfilled')
    const answer = await download(stage.url, alice, id)
    if (sent.status === 'fulfilled') expect(answer.body.equals(body)).toBe(true)
    else {
      expect(sent.reason).toBeInstanceOf(Refusal)
      expect(sent.reason).toMatchObject({ kind: 'attachment-missing' })
      expect(answer.status).toBe(404)
    }
    expect(sent.status).toBe(sentFirst ? 'fulfilled' : 'rejected')
    expect(await stage.findings()).toEqual([])
  }
})

/** The sweeper's write goes into the queue first, and the message's into the same transaction. */
function stepThenSend<T>(stage: FilesStage, send: () => Promise<T>): [Promise<T>, Promise<void>] {
  const step = stage.files.sweeper.step()
  const sent = Promise.withResolvers<T>()
  // The sweeper looks for orphans before it writes: after that many turns of promises its write is waiting.
  let turns = 20
  const next = () => {
    if ((turns -= 1) > 0) return queueMicrotask(next)
    send().then(sent.resolve, sent.reject)
  }
  queueMicrotask(next)
  return [sent.promise, step]
}

test('content that nothing used is not swept while an attachment of it is made', async () => {
  const atMoved: (() => Promise<unknown>)[] = []
  await using stage = await FilesStage.open({
    reached: async (step) => {
      if (step === 'moved') await Promise.all(atMoved.splice(0).map((call) => call()))
    },
  })
  const alice = await stage.person('alice')
  const body = sweptFirst()
  // The content lies there, and no row speaks of it yet. The step waits for the row, so it must not be waited for.
  const steps: Promise<void>[] = []
  atMoved.push(() => {
    const step = stage.files.sweeper.step()
    steps.push(step)
    return Promise.race([step, turnsOfTheLoop(20_000)])
  })
  const id = await uploaded(stage.uploadsUrl, alice, body)
  await Promise.all(steps)
  expect(steps).toHaveLength(1)
  expect((await download(stage.url, alice, id)).body.equals(body)).toBe(true)
  expect(await stage.findings()).toEqual([])
})

/** Content that lies in the first folder that is swept. */
function sweptFirst(): Buffer {
  for (;;) {
    const body = someBytes(100)
    if (createHash('sha256').update(body).digest('hex').startsWith('00')) return body
  }
}

async function turnsOfTheLoop(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate)
}

test('an upload that expired leaves nothing, and one under way is left in peace', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const url = await begin(stage.uploadsUrl, alice, 10)
  await patch(url, alice, 0, someBytes(4))
  await stage.sweepAll()
  expect(await stage.uploadFiles()).toHaveLength(2)
  const hanging = patching(url, alice, 4, { 'Content-Length': '6' })
  hanging.write('x')
  const part = join(stage.folder, 'files', 'uploads', alice.actor.accountId, `${idIn(url)}.part`)
  while ((await stat(part)).size < 5) await new Promise(setImmediate)
  stage.clock.advance(uploadKeptMs)
  await stage.sweepAll()
  expect(await stage.uploadFiles()).toHaveLength(2)
  hanging.end('xxxxx')
  await answerTo(hanging)
  await stage.sweepAll()
  expect(await stage.uploadFiles()).toEqual([])
})

test('what a crash left of uploads and contents is swept; what the server did not make is not touched', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const body = someBytes(100)
  await begin(stage.uploadsUrl, alice, 10)
  const uploads = join(stage.folder, 'files', 'uploads', alice.actor.accountId)
  await writeFile(join(uploads, `${newAttachmentId()}.part`), 'x')
  await writeFile(join(uploads, `${newAttachmentId()}.json.new`), '{')
  await writeFile(join(uploads, `${newAttachmentId()}.json`), '{"id":')
  await writeFile(join(uploads, 'notes.txt'), 'x')
  await uploaded(stage.uploadsUrl, alice, body)
  const [content = ''] = await stage.contents()
  const stray = `${content.slice(0, 63)}${content.endsWith('0') ? '1' : '0'}`
  await writeFile(join(stage.folder, 'files', content.slice(0, 2), stray), 'x')
  await writeFile(join(stage.folder, 'files', content.slice(0, 2), 'notes.txt'), 'x')
  await stage.sweepAll()
  expect((await stage.uploadFiles()).map((name) => name.split('.').slice(1).join('.')).toSorted()).toEqual([
    'json',
    'part',
    'txt',
  ])
  expect(await stage.contents()).toEqual([content])
  expect(await stage.findings()).toEqual([{ kind: 'unknown', name: `${content.slice(0, 2)}/notes.txt` }])
})

test('P5: a step does a bounded part, and the clock makes the steps', async () => {
  await using stage = await FilesStage.open({ limits: { orphansPerStepMax: 2, sweepEveryMs: 60_000 } })
  const alice = await stage.person('alice')
  for (let count = 0; count < 5; count += 1) await uploaded(stage.uploadsUrl, alice, someBytes(100))
  stage.clock.advance(60_000)
  await stage.files.sweeper.step()
  expect(await stage.contents()).toHaveLength(5)
  // All that falls due while a step is under way is one step.
  stage.clock.advance(orphanAttachmentKeptMs)
  await stage.files.sweeper.settled()
  expect(await stage.contents()).toHaveLength(3)
  stage.clock.advance(60_000)
  await stage.files.sweeper.settled()
  expect(await stage.contents()).toHaveLength(1)
  expect(stage.logged).toEqual([])
})
