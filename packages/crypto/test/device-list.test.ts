import { writeListEntry } from '@parley/domain/sealed/device-list'
import { devicesOf } from '@parley/domain/sealed/device-list'
import { deviceListEntriesMax, devicesPerAccountMax } from '@parley/domain/limits'
import { expect, test } from 'vitest'
import { compareHashes } from '../src/branches.ts'
import { addDevice, beginList, certificateOf, deviceKeys, readList, revokeDevices } from '../src/identity.ts'
import { signedUnder } from '../src/signed.ts'
import { causeOf, flipped } from './causes.ts'
import { accountId, noon, Person, primitives } from './people.ts'

/** A person with a second device, and a third that was revoked. */
function somebody() {
  const person = new Person(1)
  const second = person.add()
  const third = person.add()
  person.revoke(third)
  return { person, second, third }
}

test('a list is read from its entries, and says which devices are in force', () => {
  const { person, second } = somebody()
  const list = readList(primitives, person.entries)
  expect(list).toEqual(person.list)
  expect(devicesOf(list).map(({ id }) => id)).toEqual([person.device.id, second.id])
})

test('P8: a device that the server adds is not taken, whoever signs it but the account', () => {
  const { person } = somebody()
  const other = deviceKeys(primitives, person.id, 'person')
  const signing = { primitives, accountKey: primitives.signingKey(), at: noon }
  expect(causeOf(() => addDevice(signing, person.list, certificateOf(other)))).toBe('bad-signature')
})

test('P8: entries that are left out, repeated, reordered or changed are not taken', () => {
  const { entries } = somebody().person
  const [first, second, third, fourth] = entries
  if (!first || !second || !third || !fourth) throw new RangeError('There are four entries.')
  expect(causeOf(() => readList(primitives, [first, third]))).toBe('head-moved')
  expect(causeOf(() => readList(primitives, [first, second, second]))).toBe('head-moved')
  expect(causeOf(() => readList(primitives, [first, third, second]))).toBe('head-moved')
  expect(causeOf(() => readList(primitives, [second]))).toBe('head-moved')
  for (let at = 0; at < second.length; at += 1)
    expect(
      causeOf(() => readList(primitives, [first, flipped(second, at, at % 8)])),
      `byte ${at}`,
    ).not.toBeNull()
})

test('P8: a list that was cut short, or goes on otherwise, is told from what was known', () => {
  const { person } = somebody()
  const { hashes } = person.list
  expect(compareHashes(hashes, hashes.slice(0, 2))).toEqual({ kind: 'server-behind' })
  expect(compareHashes(hashes.slice(0, 2), hashes)).toEqual({ kind: 'server-ahead' })
  expect(compareHashes(hashes, hashes)).toEqual({ kind: 'same' })
  const fork = hashes.with(2, hashes[0] ?? '')
  expect(compareHashes(hashes, fork)).toEqual({ kind: 'forked', common: 2 })
})

test('a device joins a list only with its own word that it is of this account', () => {
  const person = new Person(1)
  const signing = { primitives, accountKey: person.accountKey, at: noon }
  const foreign = certificateOf(deviceKeys(primitives, accountId(2), 'person'))
  expect(causeOf(() => addDevice(signing, person.list, foreign))).toBe('device-not-verified')
  const mine = certificateOf(deviceKeys(primitives, person.id, 'person'))
  expect(causeOf(() => addDevice(signing, person.list, { ...mine, kind: 'bot' }))).toBe('device-not-verified')
  expect(causeOf(() => addDevice(signing, person.list, mine))).toBeNull()
})

test('a device cannot be listed twice, nor come back once it was revoked', () => {
  const { person, second, third } = somebody()
  const signing = { primitives, accountKey: person.accountKey, at: noon }
  for (const device of [second, third])
    expect(causeOf(() => addDevice(signing, person.list, certificateOf(device)))).toBe('not-permitted')
})

test('after a revocation the old account key signs nothing any more', () => {
  const person = new Person(1)
  const lost = person.add()
  const stolen = person.accountKey
  person.revoke(lost)
  const signing = { primitives, accountKey: stolen, at: noon }
  const device = certificateOf(deviceKeys(primitives, person.id, 'person'))
  expect(causeOf(() => addDevice(signing, person.list, device))).toBe('bad-signature')
  expect(
    causeOf(() => addDevice({ ...signing, accountKey: person.accountKey }, person.list, device)),
  ).toBeNull()
})

test('a revocation names devices in force, once, leaves one, and brings a new account key', () => {
  const { person, second, third } = somebody()
  const signing = { primitives, accountKey: person.accountKey, at: noon }
  const next = primitives.signingKey()
  const revoke = (...ids: Parameters<typeof revokeDevices>[2]) =>
    causeOf(() => revokeDevices(signing, person.list, ids, next))
  expect(revoke(second.id)).toBeNull()
  expect(revoke()).toBeNull()
  expect(revoke(second.id, second.id)).toBe('not-permitted')
  expect(revoke(third.id)).toBe('not-permitted')
  expect(revoke(second.id, person.device.id)).toBe('not-permitted')
  expect(causeOf(() => revokeDevices(signing, person.list, [second.id], person.accountKey))).toBe(
    'not-permitted',
  )
})

test('a new account key takes over only if it says so itself', () => {
  const { person, second } = somebody()
  const { hashes } = person.list
  const change = {
    op: 'revoke',
    devices: [second.id],
    accountKey: primitives.signingKey().publicKey,
    accountKeyProof: new Uint8Array(64),
  } as const
  const index = hashes.length
  const body = writeListEntry({
    accountId: person.id,
    index,
    previous: hashes.at(-1) ?? '',
    at: noon,
    change,
  })
  const entry = signedUnder('list', person.accountKey, body)
  expect(causeOf(() => readList(primitives, [entry], person.list))).toBe('bad-signature')
})

test('an account has a bounded number of devices', () => {
  const person = new Person(1)
  while (devicesOf(person.list).length < devicesPerAccountMax) person.add()
  expect(causeOf(() => person.add())).toBe('too-many')
})

test('a list has a bounded number of entries', () => {
  const person = new Person(1)
  while (person.list.hashes.length < deviceListEntriesMax) person.list.hashes.push(person.head.hash)
  expect(causeOf(() => person.add())).toBe('too-many')
})

test('who begins again is another identity', () => {
  const [before, after] = [new Person(1), new Person(1)]
  expect(after.list.identity).not.toBe(before.list.identity)
  const signing = { primitives, accountKey: after.accountKey, at: noon }
  expect(beginList(signing, after.device).list.accountId).toBe(before.id)
})

test('an entry of a newer suite is told from a broken one', () => {
  const [entry] = new Person(1).entries
  if (!entry) throw new RangeError('There is one entry.')
  expect(causeOf(() => readList(primitives, [new Uint8Array([2, ...entry.slice(1)])]))).toBe('newer-suite')
  expect(causeOf(() => readList(primitives, [new Uint8Array([0, ...entry.slice(1)])]))).toBe('malformed')
  expect(causeOf(() => readList(primitives, [entry.slice(0, -1)]))).toBe('malformed')
  expect(causeOf(() => readList(primitives, [new Uint8Array([...entry, 0])]))).toBe('malformed')
})
