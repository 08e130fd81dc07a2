import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { systemClock } from '@parley/client/clock'
import { nodePrimitives } from '@parley/crypto/node-primitives'
import type { SealedContent } from '@parley/crypto/unsealing'
import { joined, nonceBytes, toText, utf8 } from '@parley/domain/sealed/bytes'
import { boundTo, messageHeaderBytes, messagePart } from '@parley/domain/sealed/message-parts'
import { Unsealing, type UnsealingSurroundings } from '@parley/sync/sealing/unsealing'
import type { FromThread } from '@parley/sync/sealing/unsealing-batch'
import { FakeClock } from '@parley/testkit/fake-clock'
import { expect, test } from 'vitest'

const primitives = nodePrimitives()
const key = primitives.randomBytes(32)
const signing = primitives.signingKey()
const many = 300
const workerFile = new URL('../../src/sealing/unsealing-worker.ts', import.meta.url)

/** Nobody reads its header here, so that any will do. */
function contentOf(at: number): SealedContent {
  const header = primitives.randomBytes(messageHeaderBytes)
  const place = `place of ${at}`
  const associated = boundTo(header, place)
  const ciphertext = primitives.seal(key, header.subarray(-nonceBytes), associated, utf8(`content ${at}`))
  const sealed = toText(joined(header, ciphertext, signing.sign(messagePart(associated, ciphertext))))
  return { signer: signing.publicKey, key, sealed, place }
}

const contents = Array.from({ length: many }, (_, at) => contentOf(at))
const all = contents.map((_, at) => `content ${at}`)

function opener(more: Partial<UnsealingSurroundings> = {}) {
  const defects: unknown[] = []
  const workers: Worker[] = []
  const startThread = () => {
    const worker = more.startThread?.() ?? new Worker(workerFile)
    workers.push(worker)
    return worker
  }
  const unsealing = new Unsealing({
    ...{ primitives, clock: systemClock, onDefect: (error) => void defects.push(error) },
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    ...more,
    startThread,
  })
  return { unsealing, defects, workers, [Symbol.asyncDispose]: () => unsealing.close() }
}

/** One that does something whenever it says something. */
function heard(worker: Worker, hear: (message: FromThread) => void): Worker {
  worker.on('message', hear)
  return worker
}

/** Resolves once a thread does the work: before that it is done here. */
async function withThread({ unsealing, workers }: ReturnType<typeof opener>): Promise<Worker> {
  const asked = unsealing.all(contents)
  const [worker] = workers
  if (!worker) throw new Error('No thread was started')
  await Promise.all([asked, once(worker, 'message')])
  return worker
}

test('S74: threads open what came in its order, and close one of many alone', async () => {
  await using here = opener()
  await withThread(here)
  const done: number[] = []
  for (const worker of here.workers)
    heard(worker, (message) => {
      if (message.kind === 'done') done.push(message.unsealed.length)
    })
  const forged = contents.map((content, at) => {
    if (at === 123) return { ...content, place: 'another place' }
    return at === 234 ? { ...content, key: primitives.randomBytes(32) } : content
  })
  const expected: unknown[] = [...all]
  expected[123] = { cause: 'bad-signature' }
  expected[234] = { cause: 'tampered' }
  expect(await here.unsealing.all(forged)).toEqual(expected)
  expect(done.reduce((sum, each) => sum + each, 0)).toBe(many)
  expect(here.defects).toEqual([])
})

test('S74: a few are opened without a thread', async () => {
  await using here = opener()
  expect(await here.unsealing.all(contents.slice(0, 10))).toEqual(all.slice(0, 10))
  expect(here.workers).toEqual([])
})

test('S74: a thread that dies takes nothing along, and is told of', async () => {
  const up = Promise.withResolvers<void>()
  const startThread = () => {
    const worker: Worker = heard(new Worker(workerFile), ({ kind }) => {
      if (kind !== 'up') return
      // It is given something yet, and does not come to answer.
      void worker.terminate()
      up.resolve()
    })
    return worker
  }
  await using here = opener({ startThread, breathe: () => up.promise })
  expect(await here.unsealing.all(contents)).toEqual(all)
  await expect.poll(() => here.defects.length).toBe(here.workers.length)
  expect(here.defects[0]).toMatchObject({ message: 'A thread that opens messages has died' })
  const before = here.workers.length
  expect(await here.unsealing.all(contents)).toEqual(all)
  expect(here.workers.length).toBe(before)
})

test('S74: where no thread can be started everything is opened all the same', async () => {
  await using here = opener({ startThread: () => new Worker(new URL('./none.ts', import.meta.url)) })
  expect(await here.unsealing.all(contents)).toEqual(all)
  await expect.poll(() => here.defects.length).toBe(here.workers.length)
})

test('S74: what is under way when the engine closes is given up, and no thread stays', async () => {
  await using here = opener()
  const worker = await withThread(here)
  const exited = once(worker, 'exit')
  const asked = here.unsealing.all(contents).catch((error: unknown) => error)
  await here.unsealing.close()
  expect(await asked).toMatchObject({ kind: 'closed' })
  await exited
  expect(here.defects).toEqual([])
})

test('S74: threads end when nothing more comes, and begin again when something does', async () => {
  const clock = new FakeClock()
  await using here = opener({ clock })
  const worker = await withThread(here)
  const exited = once(worker, 'exit')
  const before = here.workers.length
  clock.advance(10_000)
  await exited
  expect(await here.unsealing.all(contents)).toEqual(all)
  expect(here.workers.length).toBeGreaterThan(before)
  expect(here.defects).toEqual([])
})
