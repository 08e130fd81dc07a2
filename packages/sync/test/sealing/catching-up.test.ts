import { join } from 'node:path'
import type { Entry } from '@parley/domain/stream'
import { type Engine, openEngine } from '@parley/sync/engine'
import type { ServerPort } from '@parley/sync/ports'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { SealedHistory } from '../../bench/sealed-history.ts'
import { caughtUp, testKey, until } from '../devices.ts'
import { ready } from './people.ts'

const many = 300

/** A reader that was away, and knows the conversation and somebody in it. */
async function away() {
  const folder = temporaryFolder('parley-sync')
  const history = new SealedHistory(true)
  const defects: unknown[] = []
  const open = (around: (server: ServerPort) => ServerPort = (server) => server): Engine =>
    openEngine({
      path: join(folder.path, 'store.db'),
      key: testKey,
      connect: () => around(history.server),
      onDefect: (error) => void defects.push(error),
    })
  {
    await using engine = open()
    await ready(engine)
  }
  await history.say(1)
  {
    await using engine = open()
    await caughtUp(engine)
    await until(engine, (each) => each.conversation(history.id)?.sealing?.state !== 'waiting')
  }
  await history.say(many)
  return { history, defects, open, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

const newest = (engine: Engine, { id }: SealedHistory) =>
  engine.timeline({ conversationId: id, at: { kind: 'newest' }, limit: many }).items

/** Their numbers, by what they say. */
const numbers = (engine: Engine, history: SealedHistory) =>
  newest(engine, history).map(({ content }) =>
    content.kind === 'plain' ? Number(content.text.split(' ')[1]) : content,
  )

const inOrder = Array.from({ length: many }, (_, at) => at)

/** A server that brings something else in place of some entries. */
const bringing =
  (change: (entry: Entry) => Entry) =>
  (server: ServerPort): ServerPort => ({
    ...server,
    async *follow(options) {
      for await (const event of server.follow(options))
        yield event.kind === 'entries' ? { ...event, entries: event.entries.map(change) } : event
    },
  })

test('S74: what was said in a long absence comes open and in order', async () => {
  using reader = await away()
  await using engine = reader.open()
  await caughtUp(engine)
  expect(numbers(engine, reader.history)).toEqual(inOrder)
  expect(reader.defects).toEqual([])
})

test('S74, S70: one forged message among many stays closed, with its cause, and no other', async () => {
  using reader = await away()
  const forge = (entry: Entry): Entry => {
    if (entry.kind !== 'message' || entry.message.content.kind !== 'sealed' || entry.message.ordinal !== 102)
      return entry
    const { sealed } = entry.message.content
    // Before the 64 bytes of its signature.
    const middle = sealed.length - 120
    const other = sealed[middle] === 'A' ? 'B' : 'A'
    const content = {
      kind: 'sealed',
      sealed: sealed.slice(0, middle) + other + sealed.slice(middle + 1),
    } as const
    return { ...entry, message: { ...entry.message, content } }
  }
  await using engine = reader.open(bringing(forge))
  await caughtUp(engine)
  const expected: unknown[] = [...inOrder]
  expected[100] = { kind: 'closed', cause: 'bad-signature', heals: false }
  expect(numbers(engine, reader.history)).toEqual(expected)
})

test('S74: of messages that come together the later vouches for the earlier, whose own signature is not looked at', async () => {
  using reader = await away()
  const spoil = (entry: Entry): Entry => {
    if (entry.kind !== 'message' || entry.message.content.kind !== 'sealed' || entry.message.ordinal > 200)
      return entry
    const content = {
      kind: 'sealed',
      sealed: `${entry.message.content.sealed.slice(0, -80)}${'A'.repeat(80)}`,
    }
    return { ...entry, message: { ...entry.message, content } } as Entry
  }
  await using engine = reader.open(bringing(spoil))
  await caughtUp(engine)
  expect(numbers(engine, reader.history)).toEqual(inOrder)
})

test('S74, P7: an engine that is closed in the middle of catching up goes on from there', async () => {
  using reader = await away()
  {
    const begun = Promise.withResolvers<void>()
    const tell = (entry: Entry) => {
      begun.resolve()
      return entry
    }
    await using engine = reader.open(bringing(tell))
    await begun.promise
    expect(newest(engine, reader.history).length).toBeLessThan(many)
  }
  await using engine = reader.open()
  await caughtUp(engine)
  expect(numbers(engine, reader.history)).toEqual(inOrder)
  expect(reader.defects).toEqual([])
})

test('S70: of revisions that come together the newest stands, in whichever order they come', async () => {
  using reader = await away()
  reader.history.edit([2, 1])
  await using engine = reader.open()
  await caughtUp(engine)
  expect(newest(engine, reader.history).at(-1)?.content).toEqual({ kind: 'plain', text: 'revision 2' })
})
