import { readListEntry } from '@parley/domain/sealed/device-list'
import { expect, test } from 'vitest'
import {
  backupKeyOf,
  openAccountBackup,
  openConversationBackup,
  sealAccountBackup,
  sealConversationBackup,
} from '../src/backup.ts'
import { headsToName, readChain } from '../src/chain-author.ts'
import { readCode, recoveryCode, writeCode } from '../src/codes.ts'
import { grantableSpans, sealGrants } from '../src/grants.ts'
import { addDevice, certificateOf, deviceKeys, readList, revokeDevices } from '../src/identity.ts'
import { Keyring } from '../src/keyring.ts'
import { openMessage, sealMessage } from '../src/messages.ts'
import { trusting } from '../src/trusting.ts'
import { causeOf } from './causes.ts'
import { noon, Person, primitives, Stage } from './people.ts'

test('P8: who lost every device comes back by the recovery code, reads what was, and gets what came since', async () => {
  const [ada, bob] = [new Person(1), new Person(2)]
  const stage = new Stage([ada, bob])
  const say = (number: number, text: string) => {
    const place = stage.place(bob, number)
    return { place, sealed: sealMessage(stage.writing(bob.device), place, { text }) }
  }
  const early = say(1, 'before the loss')

  // Ada's device writes the backup, and shows the code once.
  const secret = primitives.randomBytes(recoveryCode.bytes)
  const shown = writeCode(primitives, recoveryCode, secret)
  const key = backupKeyOf(primitives, ada.id, secret)
  const { conversationId, chain } = stage
  const backup = { chainIndex: 0, chainHash: chain.hashes[0] ?? '', keys: stage.keys.keys }
  const stored = {
    account: sealAccountBackup(
      primitives,
      key,
      { accountId: ada.id, version: 1 },
      { accountSeed: ada.accountKey.seed, head: ada.head },
    ),
    conversation: sealConversationBackup(
      primitives,
      key,
      { accountId: ada.id, part: conversationId, version: 1 },
      backup,
    ),
  }

  // An epoch begins meanwhile, and something is said in it.
  stage.write(bob, { op: 'epoch', epoch: stage.newEpoch(), heads: [] })
  const later = say(2, 'in between')

  // A new device has the code, and what the server keeps.
  const typed = readCode(primitives, recoveryCode, shown.toLowerCase()) ?? new Uint8Array()
  const again = backupKeyOf(primitives, ada.id, typed)
  const { accountSeed, head } = openAccountBackup(primitives, again, ada.id, stored.account)
  const list = readList(primitives, ada.entries)
  expect([list.identity, list.hashes[head.index]]).toEqual([head.identity, head.hash])
  const device = deviceKeys(primitives, ada.id, 'person')
  const signing = { primitives, accountKey: primitives.signingKey(accountSeed), at: noon }
  const added = addDevice(signing, list, certificateOf(device))
  const newKey = primitives.signingKey()
  const revoked = revokeDevices(signing, added.list, [ada.device.id], newKey)
  ada.list = revoked.list
  ada.entries.push(added.entry, revoked.entry)
  ada.devices.splice(0, 1, device)

  // What the backup held opens; what came since waits, and says for what.
  const part = { accountId: ada.id, part: conversationId }
  const kept = openConversationBackup(primitives, again, part, stored.conversation)
  const keyring = new Keyring(primitives, conversationId, kept.keys)
  const reading = () => ({ ...stage.reading(ada, keyring), chain: stage.chain })
  expect(openMessage(reading(), early).body.text).toBe('before the loss')
  expect(causeOf(() => openMessage(reading(), later))).toBe('no-grant-yet')

  // Bob's program answers the key request by itself, and names the revocation with the next epoch.
  const to = { accountId: ada.id, deviceId: device.id }
  const [span] = grantableSpans(stage.chain, stage.lists, stage.keys, to, { first: 1, last: 1 })
  if (!span) throw new RangeError('Bob has the key that Ada may have.')
  const recipient = { ...to, sealing: device.sealing.publicKey }
  for (const grant of await sealGrants(stage.granting(bob), [recipient], span))
    await stage.open(device, keyring, grant)
  expect(openMessage(reading(), later).body.text).toBe('in between')
  const heads = headsToName(stage.chain, stage.lists)
  expect(heads).toEqual([ada.ref])
  stage.write(bob, { op: 'epoch', epoch: stage.newEpoch(), heads })
  expect(stage.chain.due).toBeNull()
  expect(ada.entries.map((entry) => readListEntry(entry).change.op)).toEqual(['create', 'add', 'revoke'])
})

test('what was checked once is read again without verifying, and still has to hang together', () => {
  const ada = new Person(1)
  const stage = new Stage([ada, new Person(2)])
  stage.write(ada, { op: 'epoch', epoch: stage.newEpoch(), heads: [] })
  const quick = trusting(primitives)
  expect(readChain(quick, stage.lists, stage.entries).chain).toEqual(stage.chain)
  expect(causeOf(() => readChain(quick, stage.lists, stage.entries.slice(1)))).toBe('head-moved')
})
