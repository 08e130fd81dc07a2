import { joined, labelled, type Label, nonceBytes, toText, utf8, zeroHash } from '@parley/domain/sealed/bytes'
import { headOf } from '@parley/domain/sealed/device-list'
import { messagePart, readMessage, tagOf, writeMessageHeader } from '@parley/domain/sealed/message-form'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copyOfChain, readChain } from '../src/chain-author.ts'
import { deviceKeys, readList } from '../src/identity.ts'
import { checkJoinProof, signJoinProof } from '../src/join-proof.ts'
import { openMessage, sealMessage } from '../src/messages.ts'
import type { SigningKey } from '../src/primitives.ts'
import { causeOf } from './causes.ts'
import { Person, primitives, Stage } from './people.ts'

// What a member can try whose device signs whatever it likes: signatures are right, and what is signed is not.

const [ada, bob] = [new Person(1), new Person(2)]
const stage = new Stage([ada, bob])
const place = stage.place(bob, 1)

/** A message of Bob's device with any plaintext, and with any part of its header. */
function crafted(
  plain: Uint8Array,
  header: Partial<Parameters<typeof writeMessageHeader>[0]> = {},
  spoil = (bytes: Uint8Array) => bytes,
): string {
  const held = stage.keys.of(stage.chain, 0)
  if (!held) throw new RangeError('The stage has its keys.')
  const nonce = primitives.randomBytes(nonceBytes)
  const written = writeMessageHeader({
    kind: 'send',
    revision: 0,
    epoch: 0,
    epochTag: tagOf(held.commitment),
    chainIndex: 0,
    chainTag: tagOf(stage.chain.hashes[0] ?? ''),
    previous: zeroHash,
    deviceId: bob.device.id,
    nonce,
    ...header,
  })
  const { associated } = messagePart(written, place, new Uint8Array())
  const ciphertext = spoil(primitives.seal(held.message, nonce, associated, plain))
  const { bytes } = messagePart(written, place, ciphertext)
  return toText(joined(written, ciphertext, bob.device.signing.sign(bytes)))
}

const opening = (sealed: string) => causeOf(() => openMessage(stage.reading(ada), { place, sealed }))

describe('content that its author signed', () => {
  test('opens when it is right, and passes over what a newer program adds', () => {
    expect(opening(crafted(utf8('{"text":"hi"}')))).toBeNull()
    expect(opening(crafted(utf8('{"text":"hi","poll":{"of":2}}')))).toBeNull()
  })

  test.each([
    ['no JSON', utf8('hello')],
    ['no text', utf8('{"body":"hi"}')],
    ['a text too long', utf8(JSON.stringify({ text: 'x'.repeat(20_001) }))],
    ['a mention of nobody', utf8('{"text":"hi","mentions":["everybody"]}')],
    ['no UTF-8', new Uint8Array([0xff, 0xfe])],
    ['nothing', new Uint8Array()],
  ])('is malformed with %s', (_, plain) => expect(opening(crafted(plain))).toBe('malformed'))

  test('does not open with a ciphertext of something else', () => {
    expect(opening(crafted(utf8('{"text":"hi"}'), {}, (bytes) => new Uint8Array(bytes.length)))).toBe(
      'tampered',
    )
  })

  test('names the chain and the epoch that there are', () => {
    const plain = utf8('{"text":"hi"}')
    expect(opening(crafted(plain, { epoch: 1 }))).toBe('malformed')
    expect(opening(crafted(plain, { chainIndex: 1 }))).toBe('chain-behind')
    expect(opening(crafted(plain, { chainTag: 'A'.repeat(22) }))).toBe('chain-broken')
    expect(opening(crafted(plain, { epochTag: 'A'.repeat(22) }))).toBe('chain-broken')
    expect(opening(crafted(plain, { kind: 'edit' }))).toBe('malformed')
    expect(opening(crafted(plain, { revision: 1 }))).toBe('malformed')
    expect(opening(crafted(plain, { deviceId: ada.device.id }))).toBe('device-not-verified')
  })

  test('is not made too large by our own programs', () => {
    const text = '"'.repeat(20_000)
    expect(causeOf(() => sealMessage(stage.writing(bob.device), place, { text: text.repeat(3) }))).toBe(
      'too-many',
    )
    expect(causeOf(() => sealMessage(stage.writing(bob.device), place, { text }))).toBeNull()
  })
})

const edits = fc.array(fc.tuple(fc.nat({ max: 600 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 })
const tail = fc.uint8Array({ maxLength: 12 })

/** Changes a structure as it likes, and signs it properly. */
function resigned(
  whole: Uint8Array,
  label: Label,
  key: SigningKey,
  { changes, more }: { changes: readonly (readonly [number, number])[]; more: Uint8Array },
): Uint8Array {
  const body = joined(whole.subarray(0, -64), more)
  for (const [at, value] of changes) if (at < body.length) body[at] = value
  return joined(body, key.sign(labelled(label, body)))
}

test('chain entries that are anything, and signed, are taken whole or refused with a cause', () => {
  const carol = new Person(3)
  stage.people.push(carol)
  const epoch = stage.newEpoch()
  const made = [
    stage.sign(ada, { op: 'add', members: [carol.ref], epoch }),
    stage.sign(ada, { op: 'remove', accountIds: [bob.id], epoch, heads: [bob.ref] }),
    stage.sign(ada, { op: 'role', accountId: bob.id, role: 'admin' }),
    stage.sign(ada, { op: 'epoch', epoch, heads: [bob.ref] }),
    stage.sign(ada, { op: 'policy', joinPolicy: 'open', history: 'joining' }),
    stage.sign(ada, { op: 'invite', invite: epoch, until: 1 }),
  ]
  fc.assert(
    fc.property(fc.constantFrom(...made), edits, tail, (whole, changes, more) => {
      const entry = resigned(whole, 'chain', ada.device.signing, { changes, more })
      const before = copyOfChain(stage.chain)
      causeOf(() => readChain(primitives, stage.lists, [entry], stage.chain))
      expect(stage.chain).toEqual(before)
    }),
    { numRuns: 1_500 },
  )
})

test('list entries, join proofs and messages that are anything, and signed, end with a cause or none', () => {
  const second = new Person(1)
  second.add()
  const [, added] = second.entries
  if (!added) throw new RangeError('A second device is a second entry.')
  const first = readList(primitives, second.entries.slice(0, 1))
  const proof = signJoinProof(bob.author(), stage.conversationId, null)
  const sealed = sealMessage(stage.writing(bob.device), place, { text: 'hello' })
  const message = Uint8Array.fromBase64(sealed, { alphabet: 'base64url' })
  fc.assert(
    fc.property(edits, tail, (changes, more) => {
      const entry = resigned(added, 'list', second.accountKey, { changes, more })
      causeOf(() => readList(primitives, [entry], first))
      const join = resigned(proof, 'join', bob.device.signing, { changes, more })
      causeOf(() => checkJoinProof(primitives, stage.lists, stage.chain, join))
      const body = joined(message.subarray(0, -64), more)
      for (const [at, value] of changes) if (at < body.length) body[at] = value
      opening(toText(signedMessage(body)))
    }),
    { numRuns: 700 },
  )
})

/** Signs a message's bytes, as far as they can be read at all. */
function signedMessage(body: Uint8Array): Uint8Array {
  const unsigned = joined(body, new Uint8Array(64))
  if (causeOf(() => readMessage(unsigned)) !== null) return unsigned
  const { header, ciphertext } = readMessage(unsigned)
  return joined(body, bob.device.signing.sign(messagePart(header, place, ciphertext).bytes))
}

test('a join proof of a device that its list does not have is refused', () => {
  const other = deviceKeys(primitives, bob.id, 'person')
  const author = { ...bob.author(), keys: other, head: headOf(bob.list) }
  const bytes = signJoinProof(author, stage.conversationId, null)
  expect(causeOf(() => checkJoinProof(primitives, stage.lists, stage.chain, bytes))).toBe(
    'device-not-verified',
  )
})
