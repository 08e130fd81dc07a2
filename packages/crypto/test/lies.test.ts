import { toText } from '@parley/domain/sealed/bytes'
import { readChainEntry, writeChainEntry } from '@parley/domain/sealed/chain-entry'
import { expect, test } from 'vitest'
import { compareHashes, readmittedBy } from '../src/branches.ts'
import { readChain, signEntry } from '../src/chain-author.ts'
import { certificateOf, deviceKeys, readList } from '../src/identity.ts'
import { openMessage, sealMessage } from '../src/messages.ts'
import { writeListEntry } from '@parley/domain/sealed/device-list'
import { signedUnder } from '../src/signed.ts'
import { causeOf, flipped } from './causes.ts'
import { conversationId, noon, Person, primitives, Stage } from './people.ts'

// What a server can try that holds every list, every grant and every ciphertext, but no key of a person.

/** Two members, and an account that the server made up: it has all keys of that one. */
function scene() {
  const [ada, bob, mallory] = [new Person(1), new Person(2), new Person(66)]
  const stage = new Stage([ada, bob])
  stage.people.push(mallory)
  stage.write(ada, { op: 'policy', joinPolicy: 'closed', history: 'everything' })
  stage.write(bob, { op: 'epoch', epoch: stage.newEpoch(), heads: [] })
  return { ada, bob, mallory, stage }
}

const reading = (stage: Stage, entries: readonly Uint8Array[], from: Stage['chain'] | null = null) =>
  causeOf(() => readChain(primitives, stage.lists, entries, from))

test('P8: a server adds no member: not by itself, not as somebody else, not as somebody it made up', () => {
  const { ada, mallory, stage } = scene()
  const add = { op: 'add', members: [mallory.ref], epoch: null } as const
  expect(reading(stage, [stage.sign(mallory, add)], stage.chain)).toBe('not-a-member')
  const author = {
    ...mallory.author(),
    keys: { ...mallory.device, id: ada.device.id, accountId: ada.id },
    head: ada.head,
  }
  const asAda = signEntry(author, stage.conversationId, stage.chain, add)
  expect(reading(stage, [asAda], stage.chain)).toBe('bad-signature')
  const join = stage.sign(mallory, { op: 'join', proof: null })
  expect(reading(stage, [join], stage.chain)).toBe('not-permitted')
})

test('P8: a server adds no device to write with, as it has not the account key', () => {
  const { ada, stage } = scene()
  const device = deviceKeys(primitives, ada.id, 'person')
  const body = writeListEntry({
    accountId: ada.id,
    index: 1,
    previous: ada.head.hash,
    at: noon,
    change: { op: 'add', device: certificateOf(device) },
  })
  const entry = signedUnder('list', primitives.signingKey(), body)
  expect(causeOf(() => readList(primitives, [entry], ada.list))).toBe('bad-signature')
  const written = stage.sign(ada, { op: 'epoch', epoch: stage.newEpoch(), heads: [] }, device)
  expect(reading(stage, [written], stage.chain)).toBe('device-not-verified')
})

test('P8: a server that shows an account with other keys is told from the account', () => {
  const { ada, bob, stage } = scene()
  const fake = new Person(1)
  const lists: Stage['lists'] = (id, identity) =>
    id === ada.id ? (identity === fake.list.identity ? fake.list : null) : stage.lists(id, identity)
  expect(causeOf(() => readChain(primitives, lists, stage.entries))).toBe('needs-list')
  const other = new Stage([ada, bob])
  other.people.splice(0, 1, fake)
  expect(
    reading(other, [other.sign(fake, { op: 'epoch', epoch: other.newEpoch(), heads: [] })], other.chain),
  ).toBe('identity-changed')
})

test('P8: a device list other than the one that the chain names is not taken for it', () => {
  const { bob, stage } = scene()
  const fork = structuredClone(bob.list)
  bob.add()
  stage.write(bob, { op: 'epoch', epoch: stage.newEpoch(), heads: [] })
  fork.hashes.push('B'.repeat(43))
  const lists: Stage['lists'] = (id, identity) => (id === bob.id ? fork : stage.lists(id, identity))
  expect(causeOf(() => readChain(primitives, lists, stage.entries))).toBe('list-broken')
})

test('P8: a chain whose entries are left out, repeated, reordered or of another conversation is not taken', () => {
  const { ada, stage } = scene()
  const [first, second, third] = stage.entries
  if (!first || !second || !third) throw new RangeError('There are three entries.')
  expect(reading(stage, [first, second, third])).toBeNull()
  expect(reading(stage, [first, third])).toBe('head-moved')
  expect(reading(stage, [first, third, second])).toBe('head-moved')
  expect(reading(stage, [first, second, second])).toBe('head-moved')
  expect(reading(stage, [first, first])).toBe('head-moved')
  expect(reading(stage, [second])).toBe('head-moved')
  const elsewhere = { op: 'policy', joinPolicy: 'open', history: 'everything' } as const
  const foreign = signEntry(ada.author(), conversationId(2), stage.chain, elsewhere)
  expect(reading(stage, [foreign], stage.chain)).toBe('head-moved')
})

test('P8: no bit of a chain entry can be changed', () => {
  const { stage } = scene()
  const [first, second] = stage.entries
  if (!first || !second) throw new RangeError('There are two entries.')
  for (let at = 0; at < first.length; at += 1)
    expect(reading(stage, [flipped(first, at, at % 8)]), `byte ${at} of the first`).not.toBeNull()
  for (let at = 0; at < second.length; at += 1)
    expect(reading(stage, [first, flipped(second, at, at % 8)]), `byte ${at} of the second`).not.toBeNull()
})

test('P8: an entry is not taken under a place that its author did not sign', () => {
  const { ada, stage } = scene()
  const entry = stage.sign(ada, { op: 'epoch', epoch: stage.newEpoch(), heads: [] })
  stage.write(ada, { op: 'epoch', epoch: stage.newEpoch(), heads: [] })
  const moved = writeChainEntry({
    ...readChainEntry(entry),
    index: stage.chain.hashes.length,
    previous: stage.chain.hashes.at(-1) ?? '',
  })
  const restamped = new Uint8Array([...moved, ...entry.subarray(-64)])
  expect(reading(stage, [restamped], stage.chain)).toBe('bad-signature')
})

test('P8: a chain that was cut short is told from what was known, and by the next message of who knew more', () => {
  const { ada, bob, stage } = scene()
  const short = readChain(primitives, stage.lists, stage.entries.slice(0, 2)).chain
  expect(compareHashes(stage.chain.hashes, short.hashes)).toEqual({ kind: 'server-behind' })
  const place = stage.place(ada, 1)
  const sealed = sealMessage(stage.writing(ada.device), place, { text: 'hello' })
  const bobs = { ...stage.reading(bob), chain: short }
  expect(causeOf(() => openMessage(bobs, { place, sealed }))).toBe('chain-behind')
})

test('P8: a chain that goes on otherwise is told from what was known, and says whom it lets back in', () => {
  const { ada, bob, stage } = scene()
  const branch = new Stage([ada, bob])
  branch.chain = structuredClone(stage.chain)
  stage.write(ada, { op: 'remove', accountIds: [bob.id], epoch: stage.newEpoch(), heads: [] })
  branch.write(bob, { op: 'epoch', epoch: branch.newEpoch(), heads: [] })
  expect(compareHashes(stage.chain.hashes, branch.chain.hashes)).toEqual({ kind: 'forked', common: 3 })
  expect(readmittedBy(stage.chain, branch.chain)).toEqual([bob.id])
  expect(readmittedBy(branch.chain, stage.chain)).toEqual([])
})

test('P8: two who append at once do not fork the chain: who comes second is refused, and writes anew', () => {
  const { ada, bob, stage } = scene()
  const epochs = [ada, bob].map((person) =>
    stage.sign(person, { op: 'epoch', epoch: stage.newEpoch(), heads: [] }),
  )
  const [adas, bobs] = epochs
  if (!adas || !bobs) throw new RangeError('There are two.')
  stage.take(adas)
  expect(causeOf(() => stage.take(bobs))).toBe('head-moved')
  stage.write(bob, { op: 'epoch', epoch: stage.newEpoch(), heads: [] })
})

test('P8: a restored server takes back, as they were, the entries that it lost', () => {
  const { ada, stage } = scene()
  stage.write(ada, { op: 'policy', joinPolicy: 'open', history: 'everything' })
  const restored = readChain(primitives, stage.lists, stage.entries.slice(0, 2)).chain
  const again = readChain(primitives, stage.lists, stage.entries.slice(2), restored).chain
  expect(again).toEqual(stage.chain)
})

test('P8: ciphertexts that a server swaps between two messages open as neither', () => {
  const { ada, bob, stage } = scene()
  const [one, other] = [stage.place(ada, 1), stage.place(ada, 2)]
  const first = sealMessage(stage.writing(ada.device), one, { text: 'yes' })
  const second = sealMessage(stage.writing(ada.device), other, { text: 'no' })
  const open = (place: typeof one, sealed: string) =>
    causeOf(() => openMessage(stage.reading(bob), { place, sealed }))
  expect([open(one, first), open(other, second)]).toEqual([null, null])
  expect([open(one, second), open(other, first)]).toEqual(['bad-signature', 'bad-signature'])
})

test('P8: the server can read neither keys nor text in anything that it holds', async () => {
  const { ada, stage } = scene()
  const text = 'a text that is said nowhere else'
  const place = stage.place(ada, 1)
  const held = [
    ...stage.entries,
    ...ada.entries,
    ...(await stage.grant(ada)),
    Buffer.from(sealMessage(stage.writing(ada.device), place, { text }), 'base64url'),
  ].map((bytes) => Buffer.from(bytes))
  const secrets = [
    Buffer.from(text),
    ...stage.keys.keys.map(({ key }) => key),
    ada.accountKey.seed,
    ada.device.signing.seed,
    ada.device.sealing.secret,
  ]
  for (const bytes of held)
    for (const secret of secrets) expect(bytes.includes(secret), toText(secret)).toBe(false)
})
