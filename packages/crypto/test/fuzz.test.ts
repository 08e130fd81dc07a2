import { toText } from '@parley/domain/sealed/bytes'
import { readChainEntry } from '@parley/domain/sealed/chain-entry'
import { readListEntry } from '@parley/domain/sealed/device-list'
import { readGrant } from '@parley/domain/sealed/grant-form'
import { readJoinProof } from '@parley/domain/sealed/join-proof'
import { readBackup, readLinkAnswer, readLinkRequest } from '@parley/domain/sealed/link-form'
import { readMessage } from '@parley/domain/sealed/message-form'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { backupKeyOf, openConversationBackup, sealConversationBackup } from '../src/backup.ts'
import { readChain } from '../src/chain-author.ts'
import { checkJoinProof, signJoinProof } from '../src/join-proof.ts'
import { readList } from '../src/identity.ts'
import { checkLinkRequest, openLinkAnswer, requestLink } from '../src/link.ts'
import { openMessage, sealMessage } from '../src/messages.ts'
import { openReaction } from '../src/reactions.ts'
import { causeOf, causeOfAsync } from './causes.ts'
import { conversationId, hpke, Person, primitives, Stage } from './people.ts'

const readers = [
  readListEntry,
  readChainEntry,
  readGrant,
  readJoinProof,
  readMessage,
  readLinkRequest,
  readLinkAnswer,
  readBackup,
]
const [ada, bob] = [new Person(1), new Person(2)]
const stage = new Stage([ada, bob])
const place = stage.place(ada, 1)
const code = primitives.randomBytes(16)
const backupKey = backupKeyOf(primitives, ada.id, primitives.randomBytes(32))
const backupPart = { accountId: ada.id, part: conversationId(1), version: 1 }
/** One of each structure, well made. */
const made: Uint8Array[] = []

beforeAll(async () => {
  stage.write(ada, { op: 'epoch', epoch: stage.newEpoch(), heads: [bob.ref] })
  const backup = { chainIndex: 0, chainHash: stage.chain.hashes[0] ?? '', keys: stage.keys.keys }
  made.push(
    ...ada.entries,
    ...stage.entries,
    ...(await stage.grant(ada)),
    signJoinProof(bob.author(), stage.conversationId, null),
    Buffer.from(sealMessage(stage.writing(ada.device), place, { text: 'hello' }), 'base64url'),
    requestLink(primitives, ada.device, code),
    sealConversationBackup(primitives, backupKey, backupPart, backup),
  )
})

/** Whatever takes bytes from elsewhere. Each has to end with a cause or without one, and never otherwise. */
async function takeEverywhere(bytes: Uint8Array): Promise<void> {
  for (const read of readers) causeOf(() => read(bytes))
  const sealed = toText(bytes)
  causeOf(() => readList(primitives, [bytes]))
  causeOf(() => readList(primitives, [bytes], ada.list))
  causeOf(() => readChain(primitives, stage.lists, [bytes]))
  causeOf(() => readChain(primitives, stage.lists, [bytes], stage.chain))
  causeOf(() => openMessage(stage.reading(bob), { place, sealed }))
  causeOf(() => openReaction(primitives, stage.chain, stage.keys, place, sealed))
  causeOf(() => checkJoinProof(primitives, stage.lists, stage.chain, bytes))
  causeOf(() => checkLinkRequest(primitives, ada.id, code, bytes))
  causeOf(() => openConversationBackup(primitives, backupKey, backupPart, bytes))
  await causeOfAsync(() => stage.open(bob.device, stage.keyring(), bytes))
  await causeOfAsync(() => openLinkAnswer(hpke, bob.device, code, bytes))
}

const mutation = fc.record({
  which: fc.nat(),
  edits: fc.array(fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 255 })), { maxLength: 6 }),
  cut: fc.option(fc.nat({ max: 400 })),
  tail: fc.uint8Array({ maxLength: 40 }),
})

test('bytes that are anything at all end with a cause, and never otherwise', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400, size: 'max' }), takeEverywhere), {
    numRuns: 300,
  })
})

test('structures with bytes changed, cut off or added end with a cause, and never otherwise', async () => {
  await fc.assert(
    fc.asyncProperty(mutation, async ({ which, edits, cut, tail }) => {
      const whole = made[which % made.length] ?? new Uint8Array()
      const bytes = new Uint8Array([...whole.subarray(0, cut ?? whole.length), ...tail])
      for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value
      await takeEverywhere(bytes)
    }),
    { numRuns: 300 },
  )
})

test('text that is no base64url is a cause too', () => {
  for (const sealed of ['', '*', 'A', 'ä', '\u0000'])
    expect(causeOf(() => openMessage(stage.reading(bob), { place, sealed }))).toBe('malformed')
})
