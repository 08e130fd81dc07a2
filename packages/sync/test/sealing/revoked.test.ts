import type { Engine } from '@parley/sync/engine'
import { expect, test } from 'vitest'
import { until } from '../devices.ts'
import { lyingStage } from './lying-stage.ts'
import { isOpen, named, ready, say, sealedGroup, sealedStage, sees, type Somebody } from './people.ts'

const recoveryOf = ({ engine }: Somebody) => {
  const standing = engine.encryption()
  return standing.kind === 'ready' ? standing.recovery : standing.kind
}

/** A person with a recovery code, and two more devices which were told its key when they were taken in. */
async function threeDevices() {
  const stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  const id = await sealedGroup(ada, [ben])
  const code = await ada.engine.makeRecoveryCode()
  const taken = async () => {
    const device = await stage.another(ada)
    await device.engine.enterLinkCode(ada.engine.beginLink().code)
    await ready(device.engine)
    await isOpen(device.engine, id)
    expect(recoveryOf(device)).toBe('made')
    return device
  }
  const [lost, kept] = [await taken(), await taken()]
  const lostId = lost.engine.devices().find(({ current }) => current)?.id
  if (!lostId) throw new Error('It is one of them')
  return {
    stage,
    ada,
    ben,
    id,
    code,
    lostId,
    kept,
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  }
}

test('S68: nothing is backed up any more under the key that a revoked device had', async () => {
  await using on = await threeDevices()
  const { ada, kept } = on
  const [before] = await ada.person.api.backup.parts.query()
  await ada.engine.revokeDevice(on.lostId)
  await until(kept.engine, () => recoveryOf(kept) === 'none')
  expect(recoveryOf(ada)).toBe('none')
  await say(on.ben, on.id, 'without it')
  await sees(kept.engine, on.id, ['without it'])
  const code = await ada.engine.makeRecoveryCode()
  expect(code).not.toBe(on.code)
  const after = await ada.person.api.backup.parts.query()
  expect(after.map(({ part }) => part).toSorted()).toEqual(['account', on.id].toSorted())
  expect(after.map(({ keyId }) => keyId)).not.toContain(before?.keyId)
})

test('S62: a new recovery code is the only one, whichever device writes on', async () => {
  await using on = await threeDevices()
  const { ada, kept } = on
  const code = await ada.engine.makeRecoveryCode()
  // It comes to be written when keys come.
  await sealedGroup(on.ben, [kept], { name: 'Later' })
  await expect.poll(() => kept.engine.confirmRecoveryCode(on.code)).toBe(false)
  expect(recoveryOf(kept)).toBe('made')
  const parts = await ada.person.api.backup.parts.query()
  expect(new Set(parts.map(({ keyId }) => keyId)).size).toBe(1)
  expect(await ada.engine.confirmRecoveryCode(code)).toBe(true)
})

test('S68: a device that remains gets the new key of the account by itself, also after two revocations while it was away', async () => {
  await using on = await threeDevices()
  const { ada, kept } = on
  const fourth = await on.stage.another(ada)
  await fourth.engine.enterLinkCode(ada.engine.beginLink().code)
  await ready(fourth.engine)
  const fourthId = fourth.engine.devices().find(({ current }) => current)?.id
  if (!fourthId) throw new Error('It is one of them')
  await kept.device.close()
  await ada.engine.revokeDevice(on.lostId)
  await ada.engine.revokeDevice(fourthId)
  const device = await kept.device.reopen()
  on.stage.stack.use(device)
  await until(device.engine, holdsKey)
  // And it can give it on: another revocation, which the first one hears of.
  const fifth = await on.stage.another(ada)
  await fifth.engine.enterLinkCode(device.engine.beginLink().code)
  await ready(fifth.engine)
  const fifthId = fifth.engine.devices().find(({ current }) => current)?.id
  if (!fifthId) throw new Error('It is one of them')
  await device.engine.revokeDevice(fifthId)
  await until(ada.engine, (each) => each.devices().filter(({ revoked }) => revoked).length === 3)
  await until(ada.engine, holdsKey)
  expect(ada.engine.devices().filter(({ revoked }) => !revoked).length).toBe(2)
})

test('S68: the other devices get the new key of the backup by a code', async () => {
  await using on = await threeDevices()
  const { ada, kept } = on
  await ada.engine.revokeDevice(on.lostId)
  await until(kept.engine, () => recoveryOf(kept) === 'none')
  const code = await ada.engine.makeRecoveryCode()
  await kept.engine.enterLinkCode(ada.engine.beginLink().code)
  await until(kept.engine, () => recoveryOf(kept) === 'made')
  expect(await kept.engine.confirmRecoveryCode(code)).toBe(true)
  expect(kept.engine.devices().length).toBe(3)
  // It can take devices in again.
  const another = await on.stage.another(ada)
  await another.engine.enterLinkCode(kept.engine.beginLink().code)
  await ready(another.engine)
})

test('S68: the other devices get both by the new recovery code, too', async () => {
  await using on = await threeDevices()
  const { ada, kept } = on
  await ada.engine.revokeDevice(on.lostId)
  await until(kept.engine, () => recoveryOf(kept) === 'none')
  const code = await ada.engine.makeRecoveryCode()
  await expect(kept.engine.recoverWith(on.code)).rejects.toThrow(/not the recovery code/)
  await kept.engine.recoverWith(code)
  expect(recoveryOf(kept)).toBe('made')
  expect(kept.engine.devices().length).toBe(3)
  expect(kept.engine.beginLink().code).toBeTruthy()
})

test('S68: a device that has nobody to give it the new key of the account says so, and gets it by the new recovery code', async () => {
  await using on = await threeDevices()
  const { ada, kept } = on
  expect(kept.engine.encryption()).toMatchObject({ kind: 'ready', keyChanged: false })
  await kept.device.close()
  await ada.engine.revokeDevice(on.lostId)
  const code = await ada.engine.makeRecoveryCode()
  await ada.device.close()
  const device = await kept.device.reopen()
  on.stage.stack.use(device)
  const { engine } = device
  await until(engine, (each) => {
    const standing = each.encryption()
    return standing.kind === 'ready' && standing.keyChanged
  })
  await expect(engine.makeRecoveryCode()).rejects.toMatchObject({ kind: 'device-unknown' })
  await expect(engine.recoverWith(on.code)).rejects.toMatchObject({ kind: 'wrong-credentials' })
  await engine.recoverWith(code)
  expect(engine.encryption()).toMatchObject({ kind: 'ready', keyChanged: false, recovery: 'made' })
})

test('S62: a recovery code can be made after one that broke off, as often as it takes', async () => {
  await using on = await lyingStage()
  const first = await on.engine.makeRecoveryCode()
  expect(await on.engine.confirmRecoveryCode(first)).toBe(true)
  on.liar.lie = { unsettled: true }
  await expect(on.engine.makeRecoveryCode()).rejects.toThrow(/broke off/)
  on.liar.lie = {}
  const code = await on.engine.makeRecoveryCode()
  expect(await on.engine.confirmRecoveryCode(code)).toBe(true)
  expect((await on.ben.person.api.backup.parts.query()).length).toBe(1)
})

/** Only who has the key of the account shows a code. */
function holdsKey(engine: Engine): boolean {
  try {
    engine.beginLink()
    return true
  } catch {
    return false
  }
}
