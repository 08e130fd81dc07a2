import { fromText, toText } from '@parley/domain/sealed/bytes'
import { AccountId, ConversationId } from '@parley/domain/ids'
import type { Lists } from '@parley/domain/sealed/chain'
import { newestEpoch } from '@parley/domain/sealed/chain'
import type { MessagePlace } from '@parley/domain/sealed/message-form'
import { expect, test } from 'vitest'
import { openChunk } from '../src/attachments.ts'
import { backupKeyOf, openAccountBackup, openConversationBackup } from '../src/backup.ts'
import { readChain } from '../src/chain-author.ts'
import { linkCode, readCode, recoveryCode } from '../src/codes.ts'
import { openGrant } from '../src/grants.ts'
import { deviceKeys, readList } from '../src/identity.ts'
import { Keyring } from '../src/keyring.ts'
import { openLinkAnswer } from '../src/link.ts'
import { openMessage } from '../src/messages.ts'
import { openReaction } from '../src/reactions.ts'
import { hpke, primitives } from './people.ts'
import { makeVectors } from './vectors/make.ts'
import vectors from './vectors/suite-1.json' with { type: 'json' }

test('suite 1 seals today, byte for byte, what it sealed when its vectors were made', async () => {
  expect(JSON.parse(JSON.stringify(await makeVectors()))).toEqual(vectors)
})

function read() {
  const known = vectors.accounts.map(({ list }) => readList(primitives, list.map(fromText)))
  const lists: Lists = (id, identity) =>
    known.find((list) => list.accountId === id && list.identity === identity) ?? null
  const { chain } = readChain(primitives, lists, vectors.chain.entries.map(fromText))
  const [ada, bob] = vectors.accounts
  const secrets = bob?.devices[0]?.secrets
  if (!ada || !bob || secrets === undefined) throw new RangeError('Two accounts are there.')
  const keys = deviceKeys(primitives, AccountId.parse(bob.accountId), 'person', fromText(secrets))
  return { known, lists, chain, keys, ada, bob }
}

test('the vectors of lists and chains are read as they say', () => {
  const { known, chain, keys, bob } = read()
  expect(known.map(({ hashes }) => hashes)).toEqual(vectors.accounts.map(({ hashes }) => hashes))
  expect(chain.hashes).toEqual(vectors.chain.hashes)
  expect(chain.epochs.map(({ commitment }) => commitment)).toEqual(
    vectors.chain.epochs.map((epoch) => epoch.commitment),
  )
  expect(keys.id).toBe(bob.devices[0]?.deviceId)
})

test('what the vectors seal opens, by the keys that their grant gives', async () => {
  const { lists, chain, keys, bob } = read()
  const keyring = new Keyring(primitives, chain.conversationId)
  for (const grant of vectors.grants) await openGrant(hpke, { chain, lists, keyring }, keys, fromText(grant))
  expect(toText(keyring.of(chain, newestEpoch(chain).number)?.key ?? new Uint8Array())).toBe(
    vectors.chain.epochs[4]?.key,
  )
  const reader = { accountId: keys.accountId, identity: bob.identity }
  for (const { place, sealed, body } of vectors.messages) {
    const opened = openMessage(
      { primitives, chain, lists, keyring, reader },
      { place: place as MessagePlace, sealed },
    )
    expect(opened.body).toEqual(body)
  }
  const { reaction, attachment } = vectors
  expect(openReaction(primitives, chain, keyring, reaction.place as MessagePlace, reaction.sealed)).toBe(
    reaction.emoji,
  )
  const chunk = openChunk(
    primitives,
    fromText(attachment.key),
    { index: 0, last: true },
    fromText(attachment.sealed),
  )
  expect(toText(chunk)).toBe(attachment.plain)
})

test('the backup of the vectors opens by its code, and the link by its own', async () => {
  const { ada, chain } = read()
  const accountId = AccountId.parse(ada.accountId)
  const { backup, link } = vectors
  const key = backupKeyOf(
    primitives,
    accountId,
    readCode(primitives, recoveryCode, backup.code) ?? new Uint8Array(),
  )
  expect(toText(key.key)).toBe(backup.key)
  const account = openAccountBackup(primitives, key, accountId, fromText(backup.account))
  expect(toText(account.accountSeed)).toBe(ada.accountSeeds[1])
  const part = ConversationId.parse(chain.conversationId)
  const { keys } = openConversationBackup(primitives, key, { accountId, part }, fromText(backup.conversation))
  expect(keys.map((one) => toText(one.key))).toEqual(vectors.chain.epochs.map((epoch) => epoch.key))
  const device = deviceKeys(primitives, accountId, 'person', fromText(link.secrets))
  const code = readCode(primitives, linkCode, link.code) ?? new Uint8Array()
  const content = await openLinkAnswer(hpke, device, code, fromText(link.answer))
  expect(content).toEqual({ ...account, backupKey: key.key })
})
