import { beginList, type DeviceKeys, deviceKeys } from '@parley/crypto/identity'
import { nodePrimitives } from '@parley/crypto/node-primitives'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import { frameBytesMax, grantsPerCallMax } from '@parley/domain/limits'
import { toText } from '@parley/domain/sealed/bytes'
import type { ServerPort } from '@parley/sync/ports'
import { callsOf } from '@parley/sync/sealing/grant-calls'
import { bringLists, makeLargeGroup, manyPeople, type QuietPerson } from '@parley/testkit/many-people'
import { httpApi } from '@parley/testkit/people'
import type { TestServer } from '@parley/testkit/start-server'
import { expect, test } from 'vitest'
import { until } from '../devices.ts'
import { did, named, say, sealedStage, sees } from './people.ts'

const primitives = nodePrimitives()

interface Quiet extends QuietPerson {
  readonly device: DeviceKeys
}

/** People with a device each, which nobody runs. */
async function quietPeople(server: TestServer, count: number): Promise<Quiet[]> {
  const people = (await manyPeople(server, count)).map((person) => {
    const device = deviceKeys(primitives, person.id, 'person')
    const accountKey = primitives.signingKey()
    return { ...person, device, entry: toText(beginList({ primitives, accountKey, at: 1 }, device).entry) }
  })
  await bringLists(server, people)
  return people
}

/** The calls that bring keys, and an engine that ends in front of one of them. */
function recording() {
  const calls: { chars: number; grants: string[] }[] = []
  const dying = { after: Infinity, died: Promise.withResolvers<void>() }
  const call = async <T>(wish: { grants?: string[] }, go: () => Promise<T>): Promise<T> => {
    if (calls.length >= dying.after) {
      dying.died.resolve()
      return new Promise<never>(() => {})
    }
    calls.push({ chars: JSON.stringify(wish).length, grants: wish.grants ?? [] })
    return go()
  }
  const around = (server: ServerPort): ServerPort => {
    const { sealed } = server
    if (!sealed) throw new Error('This server knows of no devices')
    return {
      ...server,
      get state() {
        return server.state
      },
      sealed: {
        ...sealed,
        append: (wish) => call(wish, () => sealed.append(wish)),
        grant: (id, grants) => call({ grants }, () => sealed.grant(id, grants)),
      },
    }
  }
  return { calls, dying, around }
}

/** Who has the key of an epoch, of those whom nobody runs. */
async function having(server: TestServer, id: ConversationId, people: readonly Quiet[], epoch: number) {
  const { keys } = server.chat.db.read
  const held: AccountId[] = []
  for (const { id: accountId, device } of people) {
    const rows = await keys.grantsTo({ deviceId: device.id, conversationId: id, after: 0, limit: 10 })
    if (rows.some(({ firstEpoch, lastEpoch }) => firstEpoch <= epoch && epoch <= lastEpoch))
      held.push(accountId)
  }
  return held
}

test('S73: a group of 1,000 is turned, changes and begins epochs in calls of bounded size, and heals what a crash cut off', async () => {
  await using stage = await sealedStage(['ben', 'eve'])
  const [ben, eve] = [named(stage.people, 0), named(stage.people, 1)]
  const { server } = stage
  const port = recording()
  const ada = await stage.open(await stage.person('ada'), { around: port.around })
  const quiet = await quietPeople(server, 280)
  const withoutDevices = await manyPeople(server, 717, 'nameless')
  const [gone, one, ...others] = quiet
  if (!gone || !one) throw new Error('There are many')
  const id = await makeLargeGroup(
    server,
    ada.person,
    [ben, ...quiet, ...withoutDevices].map((each) => each.id),
  )
  await until(ada.engine, (each) => each.conversation(id))
  await did(ada.engine, { kind: 'turn-sealed', conversationId: id, history: 'everything' })
  expect(await having(server, id, quiet, 0)).toHaveLength(quiet.length)
  await say(ada, id, 'to everybody')
  await sees(ben.engine, id, ['to everybody'])
  await did(ada.engine, { kind: 'remove-member', conversationId: id, accountId: gone.id })
  expect(await having(server, id, quiet, 1)).toHaveLength(quiet.length - 1)
  expect(await having(server, id, [gone], 1)).toEqual([])
  expect(port.calls.length).toBeGreaterThanOrEqual(4)
  for (const { chars, grants } of port.calls) {
    expect(chars).toBeLessThan(frameBytesMax * 0.9)
    expect(grants.length).toBeLessThanOrEqual(grantsPerCallMax)
  }
  // Who was out and is in again gets what was missed.
  await did(ada.engine, { kind: 'add-members', conversationId: id, accountIds: [gone.id] })
  expect(await having(server, id, [gone], 1)).toEqual([gone.id])
  // Somebody comes in by themselves, reads what was said, and is answered soon though nearly nobody is there.
  await did(eve.engine, { kind: 'join', conversationId: id })
  await sees(eve.engine, id, ['to everybody'])
  // The program that begins the next epoch ends when some have its key, who are those that are there.
  for (const { id: who } of [ben, eve]) await until(ada.engine, (each) => each.person(who)?.online)
  port.dying.after = port.calls.length + 1
  ada.engine.act({ kind: 'remove-member', conversationId: id, accountId: one.id })
  await port.dying.died.promise
  await ada.device.close()
  const had = await having(server, id, others, 2)
  expect(had.length).toBeGreaterThan(100)
  expect(had.length).toBeLessThan(250)
  // Those who have none ask when they come, and others answer; whoever is in the epoch can write at once.
  const late = others.filter((each) => !had.includes(each.id)).slice(0, 20)
  await say(ben, id, 'and without one')
  for (const { token, device } of late) {
    const api = httpApi(server.url, token)
    await api.devices.use.mutate({ deviceId: device.id })
    await api.sealed.requestKeys.mutate({ conversationId: id, firstEpoch: 0, lastEpoch: 2 })
  }
  await expect.poll(() => having(server, id, late, 2)).toHaveLength(late.length)
  const again = stage.stack.use(await ada.device.reopen())
  await sees(again.engine, id, ['to everybody', 'and without one'])
}, 90_000)

test('S73: what is given goes in calls that fit a frame, however many epochs a grant is of', () => {
  const grants = Array.from({ length: 700 }, (_, at) =>
    `${String(at)} `.padEnd(at % 3 === 0 ? 12_000 : 320, '.'),
  )
  const calls = [...callsOf(grants)]
  expect(calls.flat()).toEqual(grants)
  for (const call of calls) {
    expect(JSON.stringify(call).length).toBeLessThan(frameBytesMax * 0.9)
    expect(call.length).toBeLessThanOrEqual(grantsPerCallMax)
  }
})

test('S72: a group that is too large to be turned is refused before anything is changed', async () => {
  await using stage = await sealedStage(['ada'])
  const ada = named(stage.people, 0)
  const people = await manyPeople(stage.server, 1_001)
  const id = await makeLargeGroup(
    stage.server,
    ada.person,
    people.map((each) => each.id),
  )
  await until(ada.engine, (each) => each.conversation(id))
  const turning = did(ada.engine, { kind: 'turn-sealed', conversationId: id, history: 'everything' })
  await expect(turning).rejects.toThrow(/too-many.*1,001 people/)
  expect(await ada.person.api.sealed.head.query({ conversationId: id })).toBe(null)
  const { conversation } = await ada.person.api.conversations.get.query({ conversationId: id })
  expect(conversation.sealed).toBe(false)
})
