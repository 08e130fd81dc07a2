import type { ConversationId } from '@parley/domain/ids'
import { FakeClock } from '@parley/testkit/fake-clock'
import { openFaultProxy } from '@parley/testkit/fault-proxy'
import { makeGroup, signUp } from '@parley/testkit/people'
import { type SpawnedServer, spawnServer } from '@parley/testkit/spawn-server'
import { startServer } from '@parley/testkit/start-server'
import { describe, expect, test } from 'vitest'
import { type Client, connect } from '../../src/connect.ts'
import { followBufferCharsMax, pongWaitMs, silenceMs } from '../../src/limits.ts'
import { States } from '../stage.ts'

interface Seen {
  readonly position: number
  readonly text: string
}

/** The messages that a client gets from a cursor on, until it has this many. */
async function readMessages(
  client: Client,
  start: { cursor: number; logId: string },
  count: number,
): Promise<Seen[]> {
  const seen: Seen[] = []
  for await (const event of client.follow(start)) {
    if (event.kind === 'resync') throw new Error(`It was told to resync: ${event.reason}`)
    if (event.kind !== 'entries') continue
    for (const entry of event.entries) {
      if (entry.kind !== 'message' || entry.message.content.kind !== 'plain') continue
      seen.push({ position: entry.position, text: entry.message.content.text })
    }
    if (seen.length >= count) break
  }
  return seen
}

/** Says `count` things one after the other, each when the one before was taken. */
async function sayAll(
  client: Client,
  conversationId: ConversationId,
  name: string,
  count: number,
): Promise<void> {
  for (let index = 0; index < count; index++) await client.send(conversationId, `${name} ${index}`)
}

/** Each of them once, in the order of the log, and each sender's in the order in which they were said. */
function expectComplete(seen: readonly Seen[], senders: readonly string[], count: number): void {
  const positions = seen.map(({ position }) => position)
  expect(positions).toEqual([...new Set(positions)].toSorted((one, other) => one - other))
  for (const name of senders) {
    const said = seen.filter(({ text }) => text.startsWith(`${name} `)).map(({ text }) => text)
    expect(said).toEqual(Array.from({ length: count }, (_, index) => `${name} ${index}`))
  }
  expect(seen).toHaveLength(senders.length * count)
}

/** Quick to come back: what is tried here is not how long it waits. */
const quick = { random: () => 0.002 }

describe('a server that is killed', () => {
  const rounds = 3
  const perSender = 200
  const senders = ['one', 'two', 'three', 'four']

  test('P1 P2 P3 P4: in the middle of sends and streams, loses and doubles nothing', async () => {
    await using server = await spawnServer()
    await using founder = await signUp(server)
    const conversationId = await makeGroup(founder)
    await using client = connect({ url: server.url, token: founder.token, ...quick })
    const start = await client.api.stream.snapshot.query()
    await using reader = connect({ url: server.url, token: founder.token, ...quick })
    const reading = readMessages(reader, start, senders.length * perSender)
    const sending = Promise.all(senders.map((name) => sayAll(client, conversationId, name, perSender)))
    await killInBetween(server, client, start.cursor)
    await sending
    expectComplete(await reading, senders, perSender)
  })

  /** Kills it each time that some more messages have arrived. */
  async function killInBetween(server: SpawnedServer, client: Client, from: number): Promise<void> {
    for (let round = 1; round <= rounds; round++) {
      await readMessages(
        client,
        { cursor: from, logId: await logIdOf(client) },
        (round * senders.length * perSender) / 5,
      )
      await server.kill()
      await server.restart()
    }
  }

  const logIdOf = async (client: Client) => (await client.api.stream.snapshot.query()).logId
})

test('a server that stops in order tells its clients when to come back, and they do', async () => {
  await using server = await spawnServer()
  await using founder = await signUp(server)
  const states = new States()
  const clock = new FakeClock()
  await using client = connect({ url: server.url, token: founder.token, onState: states.tell, clock })
  const start = await client.api.stream.snapshot.query()
  const conversationId = await makeGroup(founder)
  const reading = readMessages(client, start, 1)
  await server.stop()
  const { reason, nextTryAt } = await states.next('waiting')
  expect(reason).toBe('restarting')
  await server.restart()
  clock.advance(nextTryAt - clock.now())
  await states.next('online')
  await client.send(conversationId, 'back again')
  expect((await reading).map(({ text }) => text)).toEqual(['back again'])
})

describe('a network', () => {
  test('P4: that cuts connections again and again costs nothing and doubles nothing', async () => {
    await using server = await startServer()
    await using founder = await signUp(server)
    const conversationId = await makeGroup(founder)
    await using proxy = await openFaultProxy(server.url)
    await using client = connect({ url: proxy.through(server.url), token: founder.token, ...quick })
    const start = await client.api.stream.snapshot.query()
    const reading = readMessages(client, start, 400)
    const sending = Promise.all(['one', 'two'].map((name) => sayAll(client, conversationId, name, 200)))
    for (let cuts = 1; cuts <= 8; cuts++) {
      const { down } = proxy.bytes
      await proxy.until(({ bytes }) => bytes.down > down + 4_000)
      proxy.cut()
    }
    await sending
    expectComplete(await reading, ['one', 'two'], 200)
  })

  test('P4: that hangs without a word is noticed, and what was missed comes after it', async () => {
    await using server = await startServer()
    await using founder = await signUp(server)
    const conversationId = await makeGroup(founder)
    await using proxy = await openFaultProxy(server.url)
    const states = new States()
    const clock = new FakeClock()
    await using client = connect({
      url: proxy.through(server.url),
      token: founder.token,
      onState: states.tell,
      clock,
    })
    const start = await client.api.stream.snapshot.query()
    const reading = readMessages(client, start, 2)
    await client.send(conversationId, 'before')
    proxy.stall()
    const sending = client.send(conversationId, 'into the silence')
    const silentSince = clock.now()
    while (client.state.kind === 'online') clock.advance(1_000)
    expect((await states.next('waiting')).reason).toBe('silent')
    expect(clock.now() - silentSince).toBeLessThanOrEqual(2 * silenceMs + pongWaitMs)
    proxy.cut()
    proxy.resume()
    client.retryNow()
    await sending
    expect((await reading).map(({ text }) => text)).toEqual(['before', 'into the silence'])
  })
})

test('P5: a reader that sleeps while more comes than is kept for it gets everything, once', async () => {
  await using server = await startServer()
  await using founder = await signUp(server)
  const conversationId = await makeGroup(founder)
  await using sender = connect({ url: server.url, token: founder.token })
  await using reader = connect({ url: server.url, token: founder.token })
  const { cursor, logId } = await reader.api.stream.snapshot.query()
  const events = reader.follow({ cursor, logId })
  const seen: number[] = []
  const take = async () => {
    const { value } = await events.next()
    if (value?.kind === 'entries') seen.push(...value.entries.map((entry): number => entry.position))
  }
  await take()
  const count = 300
  const text = 'x'.repeat(20_000)
  expect(count * text.length).toBeGreaterThan(4 * followBufferCharsMax)
  const sent = await Promise.all(Array.from({ length: count }, () => sender.send(conversationId, text)))
  while (seen.length < count) await take()
  expect(seen).toEqual(sent.map(({ messageId }): number => messageId).toSorted((one, other) => one - other))
})
