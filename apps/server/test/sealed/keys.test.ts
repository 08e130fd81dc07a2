import { backupKeyOf, sealAccountBackup } from '@parley/crypto/backup'
import { certificateOf, deviceKeys } from '@parley/crypto/identity'
import { answerLink, openLinkAnswer, requestLink } from '@parley/crypto/link'
import { linkRequestKeptMs, linkRequestsPerAccountMax } from '@parley/domain/limits'
import { fromText, toText } from '@parley/domain/sealed/bytes'
import { FakeClock } from '@parley/testkit/fake-clock'
import { afterAll, expect, test } from 'vitest'
import { groupOf, Stage } from '../api/stage.ts'
import { hpke, primitives, Program } from './program.ts'
import { refusalOf } from './refusal.ts'

const clock = new FakeClock()
const stage = await Stage.open({ clock })
afterAll(() => stage.close())

const code = primitives.randomBytes(16)

test('P8: a new device asks to be taken in, and the answer of an old one is for it alone', async () => {
  const ada = await stage.person()
  const eve = await stage.person()
  const program = await Program.begin(ada)
  const keys = deviceKeys(primitives, ada.id, 'person')
  const request = toText(requestLink(primitives, keys, code))
  expect(await refusalOf(eve.api.devices.requestLink.mutate({ request }))).toBe('invalid-input')
  await ada.api.devices.requestLink.mutate({ request })
  expect(await ada.api.devices.linkRequests.query()).toMatchObject([{ deviceId: keys.id, request }])
  expect(await eve.api.devices.linkRequests.query()).toEqual([])
  expect(await ada.api.devices.linkAnswer.query({ deviceId: keys.id })).toBeNull()

  const content = {
    accountSeed: program.accountKey.seed,
    head: (await program.refOf(ada.id)).head,
    backupKey: null,
  }
  const to = { accountId: ada.id, certificate: certificateOf(keys), code }
  const answer = toText(await answerLink(hpke, to, content))
  expect(await refusalOf(eve.api.devices.answerLink.mutate({ deviceId: keys.id, answer }))).toBe(
    'invalid-input',
  )
  expect(await refusalOf(ada.api.devices.answerLink.mutate({ deviceId: program.keys.id, answer }))).toBe(
    'invalid-input',
  )
  await ada.api.devices.answerLink.mutate({ deviceId: keys.id, answer })
  const given = await ada.api.devices.linkAnswer.query({ deviceId: keys.id })
  expect(await openLinkAnswer(hpke, keys, code, fromText(given?.answer ?? ''))).toEqual(content)
  expect(await ada.api.devices.linkRequests.query()).toEqual([])
  expect(await eve.api.devices.linkAnswer.query({ deviceId: keys.id })).toBeNull()
})

test('P5: only so many devices wait to be taken in, and none for ever', async () => {
  const ada = await stage.person()
  const ask = () => {
    const keys = deviceKeys(primitives, ada.id, 'person')
    return refusalOf(
      ada.http.devices.requestLink.mutate({ request: toText(requestLink(primitives, keys, code)) }),
    )
  }
  for (let asked = 0; asked < linkRequestsPerAccountMax; asked += 1) expect(await ask()).toBe('done')
  expect(await ask()).toBe('too-many')
  clock.advance(linkRequestKeptMs + 1)
  expect(await ada.http.devices.linkRequests.query()).toEqual([])
  expect(await ask()).toBe('done')
})

test('P6: a device asks for keys that it may have; members see that it waits until it has them', async () => {
  const [ada, ben, eve] = await stage.people(3)
  const adas = await Program.begin(ada)
  const bens = await Program.begin(ben)
  await Program.begin(eve)
  const id = await groupOf(ada, [ben])
  const held = await adas.seal(id, { grant: false })
  const wish = { conversationId: id, firstEpoch: 0, lastEpoch: 0 }
  await ben.api.sealed.requestKeys.mutate(wish)
  const waiting = {
    conversationId: id,
    accountId: ben.id,
    deviceId: bens.keys.id,
    firstEpoch: 0,
    lastEpoch: 0,
  }
  expect(await ada.api.sealed.keyRequests.query({ conversationId: id })).toMatchObject([waiting])
  expect(await refusalOf(ben.api.sealed.requestKeys.mutate({ ...wish, lastEpoch: 1 }))).toBe('not-allowed')
  expect(await refusalOf(eve.api.sealed.requestKeys.mutate(wish))).toBe('not-a-member')
  expect(await refusalOf(eve.api.sealed.keyRequests.query({ conversationId: id }))).toBe('not-a-member')
  await adas.grant(held, 0)
  expect(await ada.api.sealed.keyRequests.query({ conversationId: id })).toEqual([])
})

test('P8: nobody grants in the name of another device, or out of a conversation that they are not in', async () => {
  const [ada, ben, eve] = await stage.people(3)
  const adas = await Program.begin(ada)
  await Program.begin(ben)
  await Program.begin(eve)
  const id = await groupOf(ada, [ben])
  await adas.seal(id)
  const grants = (await ada.api.sealed.grants.query({ conversationId: id })).grants.map(({ grant }) => grant)
  expect(grants).toHaveLength(1)
  expect(await refusalOf(ben.api.sealed.grant.mutate({ conversationId: id, grants }))).toBe('invalid-input')
  expect(await refusalOf(eve.api.sealed.grant.mutate({ conversationId: id, grants }))).toBe('not-a-member')
})

test('P8: a backup is its account’s alone, goes forward only, and is dropped with its key', async () => {
  const ada = await stage.person()
  const eve = await stage.person()
  const program = await Program.begin(ada)
  const { head } = await program.refOf(ada.id)
  const account = { accountSeed: program.accountKey.seed, head }
  const first = backupKeyOf(primitives, ada.id, primitives.randomBytes(32))
  const second = backupKeyOf(primitives, ada.id, primitives.randomBytes(32))
  const part = (key: typeof first, version: number) => ({
    part: 'account' as const,
    keyId: key.keyId,
    version,
    sealed: toText(sealAccountBackup(primitives, key, { accountId: ada.id, version }, account)),
  })
  const { backup } = ada.api
  await backup.put.mutate(part(first, 1))
  await backup.put.mutate(part(first, 2))
  expect(await refusalOf(backup.put.mutate(part(first, 2)))).toBe('head-moved')
  expect(await refusalOf(backup.put.mutate({ ...part(first, 3), version: 4 }))).toBe('invalid-input')
  expect(await refusalOf(eve.api.backup.put.mutate(part(first, 9)))).toBe('invalid-input')
  const newest = part(second, 1)
  await backup.put.mutate(newest)
  const third = backupKeyOf(primitives, ada.id, primitives.randomBytes(32))
  expect(await refusalOf(backup.put.mutate(part(third, 1)))).toBe('too-many')
  expect(await refusalOf(ada.api.backup.settle.mutate({ keyId: third.keyId }))).toBe('not-found')
  await backup.settle.mutate({ keyId: second.keyId })
  expect(await backup.parts.query()).toEqual([{ part: 'account', keyId: second.keyId, version: 1 }])
  // Whoever was about to write on under the key that is gone does not bring it back.
  expect(await refusalOf(backup.put.mutate(part(first, 3)))).toBe('head-moved')
  expect(await backup.get.query({ part: 'account', keyId: second.keyId })).toEqual({ sealed: newest.sealed })
  expect(await refusalOf(backup.get.query({ part: 'account', keyId: first.keyId }))).toBe('not-found')
  expect(await refusalOf(eve.api.backup.get.query({ part: 'account', keyId: second.keyId }))).toBe(
    'not-found',
  )
  expect(await eve.api.backup.parts.query()).toEqual([])
})
