import { AccountId, ClientMessageId, ConversationId } from '@parley/domain/ids'
import { toText, utf8 } from '@parley/domain/sealed/bytes'
import type { Chain, Lists } from '@parley/domain/sealed/chain'
import type { ChainChange } from '@parley/domain/sealed/chain-entry'
import { headOf } from '@parley/domain/sealed/device-list'
import { chunksOf, sealChunk } from '../../src/attachments.ts'
import { backupKeyOf, sealAccountBackup, sealConversationBackup } from '../../src/backup.ts'
import {
  inviteFragment,
  newInvite,
  proveInvite,
  readChain,
  signEntry,
  signJoin,
} from '../../src/chain-author.ts'
import { linkCode, recoveryCode, writeCode } from '../../src/codes.ts'
import { sealGrants } from '../../src/grants.ts'
import { Hpke } from '../../src/hpke.ts'
import {
  addDevice,
  beginList,
  certificateOf,
  deviceKeys,
  revokeDevices,
  secretsOf,
} from '../../src/identity.ts'
import { signJoinProof } from '../../src/join-proof.ts'
import { Keyring, newEpochKey } from '../../src/keyring.ts'
import { answerLink, requestLink } from '../../src/link.ts'
import { sealMessage } from '../../src/messages.ts'
import { Previous } from '../../src/vouching.ts'
import { nodePrimitives } from '../../src/node-primitives.ts'
import type { Primitives } from '../../src/primitives.ts'
import { sealReaction } from '../../src/reactions.ts'
import { safetyNumber } from '../../src/safety-number.ts'

const at = 1_800_000_000_000

/** Randomness that is the same each time: SHA-256 of a counter. Good for vectors, and for nothing else. */
function repeatable(): Primitives {
  const real = nodePrimitives()
  let drawn = 0
  const randomBytes = (bytes: number): Uint8Array => {
    drawn += 1
    const block = real.sha256(utf8(`parley/1 vectors ${drawn}`))
    return real.hkdf(block, new Uint8Array(), new Uint8Array(), bytes)
  }
  return {
    ...real,
    randomBytes,
    signingKey: (seed = randomBytes(32)) => real.signingKey(seed),
    sealingKey: (secret = randomBytes(32)) => real.sealingKey(secret),
  }
}

/** One of everything that docs/encryption.md specifies, with all keys: bytes are base64url. */
export async function makeVectors() {
  const primitives = repeatable()
  const ada = people(primitives, 'a00000000000Ada0')
  const bob = people(primitives, 'a00000000000Bob0')
  const lists: Lists = (id, identity) =>
    [ada, bob].find(({ list }) => list.accountId === id && list.identity === identity)?.list ?? null
  const { chain, entries, keyring, invite } = conversation(primitives, ada, bob, lists)
  return {
    about: 'Test vectors of suite 1; what each field is, docs/encryption.md says. Bytes are base64url.',
    accounts: [ada, bob].map(({ json }) => json),
    safetyNumber: safetyNumber(
      primitives,
      { accountId: ada.list.accountId, identity: ada.list.identity },
      { accountId: bob.list.accountId, identity: bob.list.identity },
    ),
    chain: {
      conversationId: chain.conversationId,
      entries: entries.map(toText),
      hashes: chain.hashes,
      epochs: chain.epochs.map(({ number, commitment }) => ({
        number,
        commitment,
        key: toText(keyring.of(chain, number)?.key ?? new Uint8Array()),
      })),
      members: [...chain.members.values()],
      inviteFragment: inviteFragment(invite),
    },
    joinProof: toText(
      signJoinProof(
        authorOf(primitives, bob),
        chain.conversationId,
        proveInvite(invite, authorOf(primitives, bob)),
      ),
    ),
    ...(await sealedThings(primitives, { ada, bob, chain, keyring })),
    ...(await kept(primitives, ada, chain, keyring)),
  }
}

type Made = ReturnType<typeof people>

function people(primitives: Primitives, id: string) {
  const accountId = AccountId.parse(id)
  const first = primitives.signingKey()
  const next = primitives.signingKey()
  const devices = [0, 1].map(() => deviceKeys(primitives, accountId, 'person'))
  const [device, lost] = devices
  if (!device || !lost) throw new RangeError('There are two devices.')
  const signing = { primitives, accountKey: first, at }
  const begun = beginList(signing, device)
  const added = addDevice(signing, begun.list, certificateOf(lost))
  const revoked = revokeDevices(signing, added.list, [lost.id], next)
  const steps = [begun, added, revoked]
  const { list } = revoked
  const json = {
    accountId,
    accountSeeds: [first, next].map(({ seed }) => toText(seed)),
    devices: devices.map((keys) => ({
      deviceId: keys.id,
      secrets: toText(secretsOf(keys)),
      signing: keys.signing.publicKey,
      sealing: keys.sealing.publicKey,
    })),
    list: steps.map(({ entry }) => toText(entry)),
    hashes: list.hashes,
    identity: list.identity,
  }
  return { device, list, accountKey: next, json }
}

const authorOf = (primitives: Primitives, { device, list }: Made) => ({
  primitives,
  keys: device,
  head: headOf(list),
  at,
})

function conversation(primitives: Primitives, ada: Made, bob: Made, lists: Lists) {
  const conversationId = ConversationId.parse('c000000000Vector')
  const keyring = new Keyring(primitives, conversationId)
  const entries: Uint8Array[] = []
  let chain: Chain | null = null
  const take = (entry: Uint8Array): Chain => {
    entries.push(entry)
    chain = readChain(primitives, lists, [entry], chain).chain
    return chain
  }
  const epoch = (number: number): string => {
    const made = newEpochKey(primitives, conversationId, number)
    keyring.hold(made)
    return made.commitment
  }
  const write = (change: ChainChange) =>
    take(signEntry(authorOf(primitives, ada), conversationId, chain, change))
  const policy = { joinPolicy: 'closed', history: 'everything' } as const
  const begun = write({ op: 'create', form: 'group', ...policy, epoch: epoch(0), members: [] })
  const invite = newInvite(primitives, begun)
  const invited = write({ op: 'invite', invite: invite.key.publicKey, until: at + 1 })
  const author = authorOf(primitives, bob)
  const after = { index: 1, hash: invited.hashes[1] ?? '' }
  take(signJoin(author, conversationId, after, proveInvite(invite, author)))
  const bobId = bob.list.accountId
  write({ op: 'role', accountId: bobId, role: 'admin' })
  write({ op: 'epoch', epoch: epoch(1), heads: [{ accountId: bobId, head: headOf(bob.list) }] })
  write({ op: 'remove', accountIds: [bobId], epoch: epoch(2), heads: [] })
  write({ op: 'add', members: [{ accountId: bobId, head: headOf(bob.list) }], epoch: epoch(3) })
  take(signEntry(author, conversationId, chain, { op: 'leave' }))
  write({ op: 'policy', joinPolicy: 'open', history: 'joining' })
  write({ op: 'withdraw', invite: invite.key.publicKey })
  const last = write({
    op: 'add',
    members: [{ accountId: bobId, head: headOf(bob.list) }],
    epoch: epoch(4),
  })
  return { chain: last, entries, keyring, invite }
}

interface Scene {
  readonly ada: Made
  readonly bob: Made
  readonly chain: Chain
  readonly keyring: Keyring
}

async function sealedThings(primitives: Primitives, { ada, bob, chain, keyring }: Scene) {
  const place = {
    conversationId: chain.conversationId,
    authorId: ada.list.accountId,
    clientMessageId: ClientMessageId.parse('019af000-0000-7000-8000-000000000001'),
  }
  const writing = { primitives, chain, keyring, keys: ada.device, previous: new Previous() }
  const body = { text: 'Grüße 🦜', mentions: [bob.list.accountId] }
  const edited = { text: 'Grüße an alle 🦜', everyone: true as const }
  const granting = { hpke: new Hpke(primitives), chain, keyring, keys: ada.device, at }
  const { accountId } = bob.list
  const recipient = { accountId, deviceId: bob.device.id, sealing: bob.device.sealing.publicKey }
  const grants = await sealGrants(granting, [recipient], { first: 4, last: 4 })
  const key = primitives.randomBytes(32)
  const file = utf8('A file of few bytes.')
  const last = { index: chunksOf(file.length) - 1, last: true }
  return {
    grants: grants.map(toText),
    messages: [
      { place, revision: 0, body, sealed: sealMessage(writing, place, body) },
      { place, revision: 1, body: edited, sealed: sealMessage(writing, place, edited, 1) },
    ],
    reaction: {
      place,
      epoch: 4,
      emoji: '👍',
      sealed: sealReaction(primitives, chain, keyring, { place, epoch: 4 }, '👍'),
    },
    attachment: {
      key: toText(key),
      plain: toText(file),
      sealed: toText(sealChunk(primitives, key, last, file)),
    },
  }
}

/** What is kept for later, and what a new device gets. */
async function kept(primitives: Primitives, ada: Made, chain: Chain, keyring: Keyring) {
  const { accountId } = ada.list
  const recovery = primitives.randomBytes(recoveryCode.bytes)
  const key = backupKeyOf(primitives, accountId, recovery)
  const account = { accountSeed: ada.accountKey.seed, head: headOf(ada.list) }
  const chainIndex = chain.hashes.length - 1
  const backup = { chainIndex, chainHash: chain.hashes[chainIndex] ?? '', keys: keyring.keys }
  const part = { accountId, part: chain.conversationId, version: 2 }
  const link = primitives.randomBytes(linkCode.bytes)
  const device = deviceKeys(primitives, accountId, 'person')
  const hpke = new Hpke(primitives)
  const asked = { accountId, certificate: certificateOf(device), code: link }
  return {
    backup: {
      secret: toText(recovery),
      code: writeCode(primitives, recoveryCode, recovery),
      key: toText(key.key),
      keyId: key.keyId,
      account: toText(sealAccountBackup(primitives, key, { accountId, version: 1 }, account)),
      conversation: toText(sealConversationBackup(primitives, key, part, backup)),
    },
    link: {
      secret: toText(link),
      code: writeCode(primitives, linkCode, link),
      deviceId: device.id,
      secrets: toText(secretsOf(device)),
      request: toText(requestLink(primitives, device, link)),
      answer: toText(await answerLink(hpke, asked, { ...account, backupKey: key.key })),
    },
  }
}
