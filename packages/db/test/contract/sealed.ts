import { DeviceId, Position } from '@parley/domain/ids'
import { expect, test } from 'vitest'
import { accountId, conversationId, peopled } from '../fixtures.ts'
import type { OpenEmpty } from './opening.ts'

const device = (number: number) => DeviceId.parse(`d${String(number).padStart(15, '0')}`)
const bytes = (...values: number[]) => Buffer.from(values)
const position = (number: number) => Position.parse(number)
const hash = (letter: string) => letter.repeat(43)

/** What is kept of sealed conversations: public keys, signatures, and what the server cannot open. */
export const sealedContract = (open: OpenEmpty): void => {
  test('the list that an account began last is in force, and those before can still be read', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 0)
    const entry = (identity: string, index: number) => ({
      accountId: accountId(1),
      identity: hash(identity),
      index,
      hash: hash(identity),
      bytes: bytes(index, identity.charCodeAt(0)),
    })
    expect(await db.read.devices.current(accountId(1))).toBeNull()
    await db.write(async (tx) => {
      for (const one of [entry('A', 0), entry('A', 1), entry('A', 2)]) await tx.devices.append(one)
    })
    expect(await db.read.devices.current(accountId(1))).toMatchObject({ identity: hash('A'), index: 2 })
    await db.write((tx) => tx.devices.append(entry('B', 0)))
    expect(await db.read.devices.current(accountId(1))).toMatchObject({ identity: hash('B'), index: 0 })
    expect(await db.read.devices.list(hash('A'))).toMatchObject({ accountId: accountId(1), index: 2 })
    expect(await db.read.devices.entries(hash('A'), 1, 1)).toEqual([bytes(1, 65)])
    expect(await db.read.devices.list(hash('C'))).toBeNull()
  })

  test('P2: no second entry takes the place of one in a list or a chain', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 1)
    const inList = {
      accountId: accountId(1),
      identity: hash('A'),
      index: 0,
      hash: hash('A'),
      bytes: bytes(1),
    }
    await db.write((tx) => tx.devices.append(inList))
    await expect(db.write((tx) => tx.devices.append({ ...inList, bytes: bytes(2) }))).rejects.toThrow(
      /UNIQUE/,
    )
    const inChain = {
      conversationId: conversationId(1),
      index: 0,
      hash: hash('A'),
      position: position(1),
      bytes: bytes(1),
    }
    await db.write((tx) => tx.chains.append(inChain))
    await expect(db.write((tx) => tx.chains.append({ ...inChain, bytes: bytes(2) }))).rejects.toThrow(
      /UNIQUE/,
    )
    expect(await db.read.devices.entries(hash('A'), 0, 9)).toEqual([bytes(1)])
    expect((await db.read.chains.entries(conversationId(1), 0, 9)).map((each) => each.bytes)).toEqual([
      bytes(1),
    ])
  })

  test('a chain says where it began and where it stands, and is read from an index on', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 2)
    await db.write(async (tx) => {
      for (const [index, letter] of ['A', 'B', 'C'].entries()) {
        await tx.chains.append({
          conversationId: conversationId(1),
          index,
          hash: hash(letter),
          position: position(index + 5),
          bytes: bytes(index),
        })
      }
    })
    expect(await db.read.chains.head(conversationId(1))).toEqual({
      chain: hash('A'),
      index: 2,
      hash: hash('C'),
    })
    expect(await db.read.chains.head(conversationId(2))).toBeNull()
    expect(await db.read.chains.entries(conversationId(1), 1, 1)).toEqual([
      { index: 1, position: position(6), bytes: bytes(1) },
    ])
  })

  test('a revocation is owed once for an account and conversation, the latest one, until it is settled', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2, 1)
    const owed = { conversationId: conversationId(1), accountId: accountId(1), identity: hash('A'), index: 1 }
    const other = { ...owed, accountId: accountId(2) }
    await db.write(async (tx) => {
      for (const each of [owed, other, { ...owed, index: 4 }]) await tx.chains.owe(each)
    })
    expect(await db.read.chains.owed(conversationId(1))).toEqual([{ ...owed, index: 4 }, other])
    await db.write((tx) => tx.chains.settle(conversationId(1), accountId(1)))
    expect(await db.read.chains.owed(conversationId(1))).toEqual([other])
  })

  test('a grant is kept once for each granter, and read by its device in the order in which they came', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2, 2)
    const grant = (change: object = {}) => ({
      conversationId: conversationId(1),
      accountId: accountId(1),
      deviceId: device(1),
      granterDeviceId: device(2),
      firstEpoch: 0,
      lastEpoch: 0,
      bytes: bytes(1),
      ...change,
    })
    const kept = await db.write(async (tx) => [
      await tx.keys.grant(grant()),
      await tx.keys.grant(grant({ bytes: bytes(2) })),
      await tx.keys.grant(grant({ granterDeviceId: device(3), bytes: bytes(3) })),
      await tx.keys.grant(grant({ conversationId: conversationId(2), bytes: bytes(4) })),
      await tx.keys.grant(grant({ deviceId: device(9), bytes: bytes(5) })),
    ])
    expect(kept).toEqual([true, false, true, true, true])
    const all = await db.read.keys.grantsTo({ deviceId: device(1), after: 0, limit: 9 })
    expect(all.map((each) => each.bytes)).toEqual([bytes(1), bytes(3), bytes(4)])
    const [first] = all
    const later = {
      deviceId: device(1),
      conversationId: conversationId(1),
      after: first?.number ?? 0,
      limit: 9,
    }
    expect((await db.read.keys.grantsTo(later)).map((each) => each.bytes)).toEqual([bytes(3)])
    const one = await db.read.keys.grantsTo({ deviceId: device(1), after: 0, limit: 1 })
    expect(one).toHaveLength(1)
  })

  test('a request for keys is one for a device and conversation, and goes when it is met, left or too old', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2, 2)
    const request = (number: number, change: object = {}) => ({
      conversationId: conversationId(1),
      deviceId: device(number),
      accountId: accountId(1),
      firstEpoch: 0,
      lastEpoch: 3,
      askedAt: 100 + number,
      ...change,
    })
    const ids = async () =>
      (await db.read.keys.requests(conversationId(1), 0, 9)).map(({ deviceId }) => deviceId)
    await db.write(async (tx) => {
      for (const number of [3, 1, 2, 4]) await tx.keys.putRequest(request(number))
      await tx.keys.putRequest(request(2, { askedAt: 200, lastEpoch: 5, accountId: accountId(1) }))
      await tx.keys.putRequest(request(5, { accountId: accountId(2) }))
    })
    expect(await ids()).toEqual([device(1), device(3), device(4), device(5), device(2)])
    expect(await db.read.keys.requestCount(conversationId(1))).toBe(5)
    await db.write(async (tx) => {
      await tx.keys.removeRequestUpTo(conversationId(1), device(2), 4)
      await tx.keys.removeRequestUpTo(conversationId(1), device(3), 3)
      await tx.keys.removeRequestsOfDevice(device(4))
      await tx.keys.removeRequestsOf(conversationId(1), accountId(2))
      await tx.keys.removeRequestsBefore(102)
    })
    expect(await ids()).toEqual([device(2)])
    expect(await db.read.keys.requests(conversationId(1), 201, 9)).toEqual([])
  })

  test('a link request takes the place of the one before, with its answer, and is gone when it is old', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 1, 0)
    const request = {
      accountId: accountId(1),
      deviceId: device(1),
      request: bytes(1),
      askedAt: 10,
      answer: null,
    }
    await db.write((tx) => tx.devices.putLinkRequest({ ...request, answer: bytes(7) }))
    expect(await db.read.devices.linkRequest(accountId(1), device(1))).toEqual({
      ...request,
      answer: bytes(7),
    })
    await db.write((tx) => tx.devices.putLinkRequest({ ...request, askedAt: 20 }))
    expect(await db.read.devices.linkRequests(accountId(1), 20)).toEqual([{ ...request, askedAt: 20 }])
    expect(await db.read.devices.linkRequests(accountId(1), 21)).toEqual([])
    await db.write((tx) => tx.devices.removeLinkRequestsBefore(21))
    expect(await db.read.devices.linkRequest(accountId(1), device(1))).toBeNull()
  })

  test('a part of a backup is one under its key, and all under other keys can be dropped', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2, 1)
    const part = (change: object = {}) => ({
      accountId: accountId(1),
      keyId: 'one',
      part: 'account' as const,
      version: 1,
      sealed: bytes(1),
      ...change,
    })
    await db.write(async (tx) => {
      await tx.backups.put(part())
      await tx.backups.put(part({ version: 2, sealed: bytes(2) }))
      await tx.backups.put(part({ part: conversationId(1) }))
      await tx.backups.put(part({ keyId: 'two' }))
      await tx.backups.put(part({ accountId: accountId(2), keyId: 'one' }))
    })
    expect(await db.read.backups.get(accountId(1), 'one', 'account')).toEqual(
      part({ version: 2, sealed: bytes(2) }),
    )
    expect(await db.read.backups.count(accountId(1), 'one')).toBe(2)
    expect((await db.read.backups.keyIds(accountId(1))).toSorted()).toEqual(['one', 'two'])
    await db.write((tx) => tx.backups.keepOnly(accountId(1), 'two'))
    expect(await db.read.backups.parts(accountId(1), 9)).toEqual([
      { accountId: accountId(1), keyId: 'two', part: 'account', version: 1 },
    ])
    expect(await db.read.backups.parts(accountId(2), 9)).toHaveLength(1)
  })
}
