import { toText } from '@parley/domain/sealed/bytes'
import { SealedBody } from '@parley/domain/sealed/wire'
import { messageTextCharsMax } from '@parley/domain/limits'
import { expect, test } from 'vitest'
import { openMessage, type Received, sealMessage } from '../src/messages.ts'
import type { Keyring } from '../src/keyring.ts'
import { causeOf, flipped } from './causes.ts'
import { clientMessageId, conversationId, Person, Stage } from './people.ts'

/** Two people, both with every key, and a message of the first. */
async function pair() {
  const [ada, bob] = [new Person(1), new Person(2)]
  const stage = new Stage([ada, bob])
  const bobs = stage.keyring()
  for (const grant of await stage.grant(ada))
    if (Buffer.from(grant).includes(bob.device.id)) await stage.open(bob.device, bobs, grant)
  const place = stage.place(ada, 1)
  const sealed = sealMessage(stage.writing(ada.device), place, { text: 'hello' })
  return { ada, bob, stage, bobs, place, sealed }
}

const openBy = (stage: Stage, person: Person, received: Received, keyring: Keyring = stage.keys) =>
  causeOf(() => openMessage(stage.reading(person, keyring), received))

const bytesOf = (sealed: string) => Uint8Array.fromBase64(sealed, { alphabet: 'base64url' })

test('P8: what one member seals another opens, and nothing of it can be read on the way', async () => {
  const { bob, stage, bobs, place, sealed } = await pair()
  expect(openMessage(stage.reading(bob, bobs), { place, sealed }).body).toEqual({ text: 'hello' })
  expect(Buffer.from(sealed, 'base64url').includes('hello')).toBe(false)
})

test('everything that a message says is inside, and only its padded length shows', async () => {
  const { ada, bob, stage, bobs, place } = await pair()
  const body = SealedBody.parse({
    text: 'à la carte 🍽',
    replyTo: 7,
    mentions: [bob.id],
    everyone: true,
    attachments: [
      {
        id: 'f00000000000000A',
        name: 'plan.pdf',
        mediaType: 'application/pdf',
        bytes: 9,
        key: 'A'.repeat(43),
      },
    ],
  })
  const sealed = sealMessage(stage.writing(ada.device), place, body)
  expect(openMessage(stage.reading(bob, bobs), { place, sealed }).body).toEqual(body)
  const lengthOf = (text: string) => bytesOf(sealMessage(stage.writing(ada.device), place, { text })).length
  expect(lengthOf('yes')).toBe(lengthOf('certainly not'))
})

test('the longest text fits', async () => {
  const { ada, bob, stage, bobs, place } = await pair()
  const text = '\u{ffff}'.repeat(messageTextCharsMax)
  const sealed = sealMessage(stage.writing(ada.device), place, { text })
  expect(openMessage(stage.reading(bob, bobs), { place, sealed }).body.text).toBe(text)
})

test('P8: no bit of a message can be changed', async () => {
  const { bob, stage, bobs, place, sealed } = await pair()
  const bytes = bytesOf(sealed)
  for (let at = 0; at < bytes.length; at += 1)
    expect(
      openBy(stage, bob, { place, sealed: toText(flipped(bytes, at, at % 8)) }, bobs),
      `byte ${at}`,
    ).not.toBeNull()
  for (const length of [0, 1, 72, 73, 152, bytes.length - 1])
    expect(openBy(stage, bob, { place, sealed: toText(bytes.subarray(0, length)) }, bobs)).not.toBeNull()
})

test('P8: content cannot be put in the place of other content', async () => {
  const { ada, bob, stage, place, sealed } = await pair()
  const elsewhere = { ...place, clientMessageId: clientMessageId(2) }
  expect(openBy(stage, bob, { place: elsewhere, sealed })).toBe('bad-signature')
  expect(openBy(stage, bob, { place: { ...place, authorId: bob.id }, sealed })).toBe('device-not-verified')
  expect(openBy(stage, bob, { place: { ...place, conversationId: conversationId(2) }, sealed })).toBe(
    'tampered',
  )
  const edit = sealMessage(stage.writing(ada.device), elsewhere, { text: 'changed' }, 1)
  expect(openBy(stage, bob, { place, sealed: edit })).toBe('bad-signature')
})

test('P8: an older version does not come back in place of a newer one', async () => {
  const { ada, bob, stage, place, sealed } = await pair()
  const edit = sealMessage(stage.writing(ada.device), place, { text: 'changed' }, 1)
  expect(openBy(stage, bob, { place, sealed: edit })).toBeNull()
  expect(openBy(stage, bob, { place, sealed: edit, revisionSeen: 1 })).toBeNull()
  expect(openBy(stage, bob, { place, sealed, revisionSeen: 1 })).toBe('replayed')
})

test('P8: a member cannot write as another', async () => {
  const { ada, bob, stage, place } = await pair()
  const asAda = { ...bob.device, id: ada.device.id, accountId: ada.id }
  const forged = sealMessage(stage.writing(asAda), place, { text: 'I owe Bob money' })
  expect(openBy(stage, bob, { place, sealed: forged })).toBe('bad-signature')
})

test('what cannot be opened yet says what it waits for', async () => {
  const { ada, bob, stage, bobs, place } = await pair()
  const behind = { ...stage.reading(bob, bobs) }
  stage.write(ada, { op: 'epoch', epoch: stage.newEpoch(), heads: [] })
  const sealed = sealMessage(stage.writing(ada.device), place, { text: 'later' })
  expect(causeOf(() => openMessage(behind, { place, sealed }))).toBe('chain-behind')
  expect(openBy(stage, bob, { place, sealed }, bobs)).toBe('no-grant-yet')
  expect(causeOf(() => openMessage({ ...stage.reading(bob), lists: () => null }, { place, sealed }))).toBe(
    'needs-list',
  )
  expect(causeOf(() => openMessage({ ...stage.reading(bob), chain: null }, { place, sealed }))).toBe(
    'foreign',
  )
  const newer = toText(new Uint8Array([2, ...bytesOf(sealed).subarray(1)]))
  expect(openBy(stage, bob, { place, sealed: newer })).toBe('newer-suite')
})

test('a device that the reader has not heard of is looked for, not believed', async () => {
  const { ada, bob, stage, place } = await pair()
  const known = structuredClone(ada.list)
  const second = ada.add()
  const sealed = sealMessage(stage.writing(second), place, { text: 'from my new phone' })
  const lists = (id: string, identity: string) => (id === ada.id ? known : stage.lists(bob.id, identity))
  expect(causeOf(() => openMessage({ ...stage.reading(bob), lists }, { place, sealed }))).toBe(
    'device-not-verified',
  )
  expect(openBy(stage, bob, { place, sealed })).toBeNull()
})

test('P8: a removed member has no key, and is told that nothing is missing', async () => {
  const { ada, bob, stage, bobs, place } = await pair()
  stage.write(ada, { op: 'remove', accountIds: [bob.id], epoch: stage.newEpoch(), heads: [] })
  const sealed = sealMessage(stage.writing(ada.device), place, { text: 'now that he is gone' })
  expect(openBy(stage, bob, { place, sealed }, bobs)).toBe('not-entitled')
})

test('P8: what a removed member seals after its removal is not taken for its own of before', async () => {
  const { ada, bob, stage } = await pair()
  const place = stage.place(bob, 9)
  const before = { ...stage.writing(bob.device), chain: structuredClone(stage.chain) }
  stage.write(ada, { op: 'remove', accountIds: [bob.id], epoch: stage.newEpoch(), heads: [] })
  const sealed = sealMessage(before, place, { text: 'I never left' })
  expect(openBy(stage, ada, { place, sealed, epochThen: 1 })).toBe('epoch-over')
  const writing = { ...stage.writing(bob.device) }
  expect(openBy(stage, ada, { place, sealed: sealMessage(writing, place, { text: 'hi' }) })).toBe(
    'sender-not-member',
  )
})

test('P8: a revoked device is not taken for its account in the epochs that follow', async () => {
  const { ada, bob, stage } = await pair()
  const place = stage.place(ada, 9)
  const lost = ada.add()
  const early = sealMessage(stage.writing(lost), place, { text: 'mine' })
  ada.revoke(lost)
  stage.write(bob, { op: 'epoch', epoch: stage.newEpoch(), heads: [ada.ref] })
  expect(openBy(stage, bob, { place, sealed: early })).toBeNull()
  const late = sealMessage(stage.writing(lost), place, { text: 'stolen' })
  expect(openBy(stage, bob, { place, sealed: late })).toBe('device-revoked')
})

test('P8: a server that shows two members two chains is caught by the first message between them', async () => {
  const { ada, bob, stage, place } = await pair()
  const fork = structuredClone(stage.chain)
  stage.write(ada, { op: 'policy', joinPolicy: 'open', history: 'everything' })
  const shownToBob = new Stage([ada, bob])
  shownToBob.chain = fork
  shownToBob.entries.push(...stage.entries.slice(0, 1))
  shownToBob.write(ada, { op: 'policy', joinPolicy: 'closed', history: 'everything' })
  const sealed = sealMessage(stage.writing(ada.device), place, { text: 'hello' })
  const reading = { ...stage.reading(bob), chain: shownToBob.chain }
  expect(causeOf(() => openMessage(reading, { place, sealed }))).toBe('chain-broken')
})

test('nothing is sealed while an epoch is due, or without its key', async () => {
  const { ada, bob, stage, place } = await pair()
  const third = new Person(3)
  stage.people.push(third)
  stage.write(ada, { op: 'add', members: [third.ref], epoch: null })
  stage.write(third, { op: 'leave' })
  const seal = (keyring = stage.keys) =>
    causeOf(() => sealMessage(stage.writing(bob.device, keyring), place, { text: 'x' }))
  expect(seal()).toBe('epoch-due')
  stage.write(bob, { op: 'epoch', epoch: stage.newEpoch(), heads: [] })
  expect(seal(stage.keyring())).toBe('no-grant-yet')
  expect(seal()).toBeNull()
})
