import { epochsPerGrantMax } from '@parley/domain/limits'
import { newestEpoch } from '@parley/domain/sealed/chain'
import { writeGrantHeader } from '@parley/domain/sealed/grant-form'
import { grantInfo } from '@parley/domain/sealed/grant-form'
import { joined, toText } from '@parley/domain/sealed/bytes'
import { expect, test } from 'vitest'
import { grantableSpans, openGrant, recipientsOf, sealGrants, turnOf } from '../src/grants.ts'
import type { DeviceKeys } from '../src/identity.ts'
import { signedUnder } from '../src/signed.ts'
import { causeOfAsync, flipped } from './causes.ts'
import { conversationId, hpke, noon, Person, primitives, Stage } from './people.ts'

const recipient = (person: Person, keys = person.device) => ({
  accountId: person.id,
  deviceId: keys.id,
  sealing: keys.sealing.publicKey,
})

async function oneGrant(stage: Stage, from: Person, to: Person, span = { first: 0, last: 0 }) {
  const [grant] = await sealGrants(stage.granting(from), [recipient(to)], span)
  if (!grant) throw new RangeError('One recipient has one grant.')
  return grant
}

function pair() {
  const [ada, bob] = [new Person(1), new Person(2)]
  return { ada, bob, stage: new Stage([ada, bob]) }
}

const opening = (stage: Stage, keys: DeviceKeys, grant: Uint8Array) =>
  causeOfAsync(() => stage.open(keys, stage.keyring(), grant))

test('a grant gives a device the keys of a span of epochs, and nobody else', async () => {
  const { ada, bob, stage } = pair()
  for (let epoch = 1; epoch < 5; epoch += 1)
    stage.write(ada, { op: 'epoch', epoch: stage.newEpoch(), heads: [] })
  const grant = await oneGrant(stage, ada, bob, { first: 1, last: 3 })
  const bobs = stage.keyring()
  await stage.open(bob.device, bobs, grant)
  expect([0, 1, 2, 3, 4].map((epoch) => bobs.of(stage.chain, epoch) !== null)).toEqual([
    false,
    true,
    true,
    true,
    false,
  ])
  expect(bobs.of(stage.chain, 2)?.key).toEqual(stage.keys.of(stage.chain, 2)?.key)
  expect(await opening(stage, ada.device, grant)).toBe('not-entitled')
  expect(await opening(stage, { ...ada.device, id: bob.device.id, accountId: bob.id }, grant)).toBe(
    'tampered',
  )
})

test('P8: no bit of a grant can be changed', async () => {
  const { ada, bob, stage } = pair()
  const grant = await oneGrant(stage, ada, bob)
  for (let at = 0; at < grant.length; at += 1)
    expect(await opening(stage, bob.device, flipped(grant, at, at % 8)), `byte ${at}`).not.toBeNull()
})

test('P8: a key that is not the one of the chain is refused, though a member granted it', async () => {
  const { ada, bob, stage } = pair()
  const header = writeGrantHeader({
    conversationId: stage.conversationId,
    granterId: ada.id,
    granterDeviceId: ada.device.id,
    accountId: bob.id,
    deviceId: bob.device.id,
    at: noon,
    firstEpoch: 0,
    lastEpoch: 0,
  })
  const other = primitives.randomBytes(32)
  const { encapsulated, ciphertext } = await hpke.seal(bob.device.sealing.publicKey, grantInfo(header), other)
  const grant = signedUnder('grant', ada.device.signing, joined(header, encapsulated, ciphertext))
  expect(await opening(stage, bob.device, grant)).toBe('key-mismatch')
})

test('P8: who was never a member grants nothing', async () => {
  const { bob, stage } = pair()
  const eve = new Person(3)
  stage.people.push(eve)
  expect(await opening(stage, bob.device, await oneGrant(stage, eve, bob))).toBe('sender-not-member')
})

test('a grant for another conversation is none for this', async () => {
  const { ada, bob, stage } = pair()
  const grant = await oneGrant(stage, ada, bob)
  const elsewhere = { ...stage.chain, conversationId: conversationId(2) }
  const reading = { chain: elsewhere, lists: stage.lists, keyring: stage.keyring() }
  expect(await causeOfAsync(() => openGrant(hpke, reading, bob.device, grant))).toBe('malformed')
})

test('nobody grants a key that it does not have', async () => {
  const { ada, bob, stage } = pair()
  const granting = stage.granting(ada, stage.keyring())
  const span = { first: 0, last: 0 }
  expect(await causeOfAsync(() => sealGrants(granting, [recipient(bob)], span))).toBe('no-grant-yet')
})

test('a grant of an epoch that the chain here has not reached waits', async () => {
  const { ada, bob, stage } = pair()
  const before = structuredClone(stage.chain)
  stage.write(ada, { op: 'epoch', epoch: stage.newEpoch(), heads: [] })
  const grant = await oneGrant(stage, ada, bob, { first: 1, last: 1 })
  stage.chain = before
  expect(await opening(stage, bob.device, grant)).toBe('epoch-unknown')
})

test('an epoch goes to every device in force of every member, and to no other', () => {
  const { ada, bob, stage } = pair()
  const phone = bob.add()
  const lost = bob.add()
  bob.revoke(lost)
  const eve = new Person(3)
  stage.people.push(eve)
  const { recipients, unknown } = recipientsOf(stage.chain, stage.lists, 0)
  expect(recipients.map(({ deviceId }) => deviceId)).toEqual([ada.device.id, bob.device.id, phone.id])
  expect(unknown).toEqual([])
  expect(recipientsOf(stage.chain, () => null, 0).unknown).toEqual([ada.id, bob.id])
})

test('a key request is answered with what may be had and is held, in spans', () => {
  const { ada, bob, stage } = pair()
  for (let epoch = 1; epoch < 6; epoch += 1)
    stage.write(ada, { op: 'epoch', epoch: stage.newEpoch(), heads: [] })
  const some = stage.keyring()
  for (const epoch of [0, 1, 3, 4]) {
    const held = stage.keys.of(stage.chain, epoch)
    if (held) some.hold(held)
  }
  const to = { accountId: bob.id, deviceId: bob.device.id }
  const spans = grantableSpans(stage.chain, stage.lists, some, to, { first: 1, last: 99 })
  expect(spans).toEqual([
    { first: 1, last: 1 },
    { first: 3, last: 4 },
  ])
  stage.write(ada, { op: 'remove', accountIds: [bob.id], epoch: stage.newEpoch(), heads: [] })
  expect(grantableSpans(stage.chain, stage.lists, stage.keys, to, { first: 0, last: 99 })).toEqual([])
})

test('a grant holds a bounded number of keys', async () => {
  const { ada, bob, stage } = pair()
  while (newestEpoch(stage.chain).number < epochsPerGrantMax)
    stage.write(ada, { op: 'epoch', epoch: stage.newEpoch(), heads: [] })
  const bobs = stage.keyring()
  await stage.open(
    bob.device,
    bobs,
    await oneGrant(stage, ada, bob, { first: 0, last: epochsPerGrantMax - 1 }),
  )
  expect(bobs.keys).toHaveLength(epochsPerGrantMax)
  const tooMany = await oneGrant(stage, ada, bob, { first: 0, last: epochsPerGrantMax })
  expect(await opening(stage, bob.device, tooMany)).toBe('malformed')
})

test('everybody who could answer a key request has a turn of their own, and the own devices the first', () => {
  const people = Array.from({ length: 6 }, (_, at) => new Person(at + 1))
  const stage = new Stage(people)
  const [asking] = people
  if (!asking) throw new RangeError('Six are there.')
  const ask = { accountId: asking.id, deviceId: asking.device.id }
  const turns = people.map(({ device }) => turnOf(hpke, stage.chain, ask, device))
  expect(turns[0]).toBe(0)
  expect(turns.toSorted((one, other) => one - other)).toEqual([0, 1, 2, 3, 4, 5])
})

test('P5: a device with a key that nothing can be sealed to gets nothing, and stands in nobody’s way', async () => {
  const { ada, bob, stage } = pair()
  const none = { ...recipient(ada), sealing: toText(new Uint8Array(32)) }
  const grants = await sealGrants(stage.granting(ada), [none, recipient(bob)], { first: 0, last: 0 })
  expect(grants.length).toBe(1)
  expect(await opening(stage, bob.device, grants[0] ?? new Uint8Array())).toBeNull()
})
