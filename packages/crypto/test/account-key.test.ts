import { AccountId } from '@parley/domain/ids'
import { headOf } from '@parley/domain/sealed/device-list'
import { expect, test } from 'vitest'
import { linkCode } from '../src/codes.ts'
import { Hpke } from '../src/hpke.ts'
import { addDevice, beginList, certificateOf, deviceKeys } from '../src/identity.ts'
import {
  checkLinkRequest,
  handAccountKey,
  openAccountKey,
  openLinkAnswer,
  requestAccountKey,
} from '../src/link.ts'
import { nodePrimitives } from '../src/node-primitives.ts'

const primitives = nodePrimitives()
const hpke = new Hpke(primitives)
const accountId = AccountId.parse('a000000000000001')

/** An account with two devices; the first hands the second its key. */
async function handed() {
  const accountKey = primitives.signingKey()
  const first = deviceKeys(primitives, accountId, 'person')
  const second = deviceKeys(primitives, accountId, 'person')
  const signing = { primitives, accountKey, at: 1 }
  const { list } = addDevice(signing, beginList(signing, first).list, certificateOf(second))
  const content = { accountSeed: accountKey.seed, head: headOf(list), backupKey: null }
  const to = { accountId, deviceId: second.id, sealing: second.sealing.publicKey }
  return { first, second, content, bytes: await handAccountKey(hpke, to, content) }
}

test('a device that is in the list gets the key of the account without a code', async () => {
  const { second, content, bytes } = await handed()
  expect(await openAccountKey(hpke, second, bytes)).toEqual(content)
})

test('what was sealed to one device opens on no other, changed nowhere, and not as the answer to a code', async () => {
  const { first, second, bytes } = await handed()
  await expect(openAccountKey(hpke, first, bytes)).rejects.toMatchObject({ kind: 'not-entitled' })
  for (const at of [bytes.length - 1, bytes.length - 60]) {
    const changed = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte))
    await expect(openAccountKey(hpke, second, changed)).rejects.toMatchObject({ kind: 'tampered' })
  }
  const none = new Uint8Array(linkCode.bytes)
  await expect(openLinkAnswer(hpke, second, none, bytes)).rejects.toMatchObject({ kind: 'tampered' })
})

test('asking without a code proves nothing to whoever shows one', async () => {
  const { second } = await handed()
  const request = requestAccountKey(primitives, second)
  const shown = primitives.randomBytes(linkCode.bytes)
  expect(() => checkLinkRequest(primitives, accountId, shown, request)).toThrow(/not made with this code/)
})
