import type { Hash, PublicKey } from '@parley/domain/sealed/bytes'
import { fromText, joined, nonceBytes, toText, utf8, zeroHash } from '@parley/domain/sealed/bytes'
import {
  messagePart,
  type MessagePlace,
  readMessage,
  tagOf,
  writeMessageHeader,
} from '@parley/domain/sealed/message-form'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openMessage, Opener, sealMessage } from '../src/messages.ts'
import type { DeviceKeys } from '../src/identity.ts'
import { Previous, Vouched } from '../src/vouching.ts'
import { causeOf } from './causes.ts'
import { Person, primitives, Stage } from './people.ts'

const [ada, bob, carol] = [new Person(1), new Person(2), new Person(3)]
const stage = new Stage([ada, bob, carol])
const reading = stage.reading(carol)

interface Content {
  readonly place: MessagePlace
  readonly sealed: string
}

/** Messages of one device, one after the other. */
function saying(author: Person, first = 1) {
  const previous = new Previous()
  let number = first
  return (text: string): Content => {
    const place = stage.place(author, number)
    number += 1
    return { place, sealed: sealMessage({ ...stage.writing(author.device), previous }, place, { text }) }
  }
}

/** Opens them as they come together, and counts the signatures that were checked. */
function openedTogether(contents: readonly Content[], vouched = new Vouched()) {
  let checked = 0
  const counting = {
    ...reading,
    primitives: {
      ...primitives,
      verify: (key: PublicKey, bytes: Uint8Array, signature: Uint8Array) => {
        checked += 1
        return primitives.verify(key, bytes, signature)
      },
    },
  }
  const outcomes: (string | null)[] = []
  const opener = new Opener(counting, vouched)
  for (const content of contents.toReversed()) {
    const cause = causeOf(() => opener.open(content))
    outcomes.unshift(cause)
  }
  return { outcomes, checked }
}

const withByte = ({ place, sealed }: Content, at: number, change: (byte: number) => number): Content => {
  const bytes = fromText(sealed)
  const index = at < 0 ? bytes.length + at : at
  bytes[index] = change(bytes[index] ?? 0)
  return { place, sealed: toText(bytes) }
}
const withoutSignature = (content: Content) => withByte(content, -1, (byte) => byte ^ 1)

/** What a device that signs anything says to have sealed before. */
function naming(device: DeviceKeys, place: MessagePlace, previous: Hash): Content {
  const held = stage.keys.of(stage.chain, 0)
  if (!held) throw new RangeError('The stage has its keys.')
  const nonce = primitives.randomBytes(nonceBytes)
  const header = writeMessageHeader({
    ...{ kind: 'send', revision: 0, epoch: 0, epochTag: tagOf(held.commitment) },
    ...{ chainIndex: 0, chainTag: tagOf(stage.chain.hashes[0] ?? ''), previous, deviceId: device.id, nonce },
  })
  const { associated } = messagePart(header, place, new Uint8Array())
  const ciphertext = primitives.seal(held.message, nonce, associated, utf8('{"text":"x"}'))
  const { bytes } = messagePart(header, place, ciphertext)
  return { place, sealed: toText(joined(header, ciphertext, device.signing.sign(bytes))) }
}

/** By what a later content names this one. */
function nameOf({ place, sealed }: Content): Hash {
  const { header, ciphertext } = readMessage(fromText(sealed))
  return primitives.hash(messagePart(header, place, ciphertext).bytes)
}

test('the messages of a device that come together take one signature', () => {
  const [adas, bobs] = [saying(ada), saying(bob)]
  const said = Array.from({ length: 30 }, (_, at) => (at % 3 === 0 ? bobs : adas)(`message ${at}`))
  const { outcomes, checked } = openedTogether(said)
  expect(outcomes).toEqual(said.map(() => null))
  expect(checked).toBe(2)
})

test('an older page that comes after a newer one takes none for a device that the newer one vouches for', () => {
  const adas = saying(ada)
  const said = Array.from({ length: 20 }, (_, at) => adas(`message ${at}`))
  const vouched = new Vouched()
  expect(openedTogether(said.slice(10), vouched).checked).toBe(1)
  expect(openedTogether(said.slice(0, 10), vouched)).toEqual({
    outcomes: said.slice(0, 10).map(() => null),
    checked: 0,
  })
})

test('a device that does not know what it sealed before costs one more, and what it says opens', () => {
  const said = [saying(ada, 1)('before the restart'), saying(ada, 2)('after it')]
  expect(openedTogether(said)).toEqual({ outcomes: [null, null], checked: 2 })
})

test('P8: what was changed is caught although a later message is right, and so is what stands before it', () => {
  const adas = saying(ada)
  const [first, second, third] = [adas('one'), adas('two'), adas('three')]
  const changed = withByte(second, 120, (byte) => byte ^ 1)
  expect(openedTogether([first, changed, third]).outcomes).toEqual([null, 'bad-signature', null])
  // Its own signature still stands for the first.
  expect(openedTogether([withoutSignature(first), changed, third]).outcomes).toEqual([
    'bad-signature',
    'bad-signature',
    null,
  ])
})

test('P8: what is not signed vouches for nothing', () => {
  const adas = saying(ada)
  const [first, second] = [withoutSignature(adas('one')), withoutSignature(adas('two'))]
  expect(openedTogether([first, second]).outcomes).toEqual(['bad-signature', 'bad-signature'])
})

test('P8: nobody vouches for what another device is to have sealed', () => {
  const forged = withoutSignature(saying(ada, 7)('I owe Bob money'))
  const vouching = naming(bob.device, stage.place(bob, 1), nameOf(forged))
  expect(openedTogether([forged, vouching]).outcomes).toEqual(['bad-signature', null])
  // The very same word of her own device is as good as a signature.
  const own = naming(ada.device, stage.place(ada, 8), nameOf(forged))
  expect(openedTogether([forged, own]).outcomes).toEqual([null, null])
})

test('P8: a content that is vouched for opens at its own place alone', () => {
  const adas = saying(ada)
  const [first, second] = [adas('yes'), adas('no')]
  expect(openedTogether([{ ...first, place: stage.place(ada, 9) }, second]).outcomes).toEqual([
    'bad-signature',
    null,
  ])
})

test('a device vouches for the one content that it named last, and for nothing by zeros', () => {
  const vouched = new Vouched()
  vouched.add('signer', 'one')
  expect(vouched.includes('signer', 'one')).toBe(true)
  expect(vouched.includes('another', 'one')).toBe(false)
  vouched.add('another', 'two')
  vouched.add('signer', zeroHash)
  expect(['one', 'two'].map((hash) => vouched.includes('signer', hash))).toEqual([false, false])
  expect(vouched.includes('another', 'two')).toBe(true)
})

test('P8: what was found out about one sender is not taken for another', () => {
  const [adas, bobs] = [saying(ada, 20), saying(bob, 20)]
  const [said, more] = [adas('one'), adas('two')]
  const underBob = { sealed: said.sealed, place: stage.place(bob, 20) }
  const alone = causeOf(() => openMessage(reading, underBob))
  expect(alone).not.toBeNull()
  expect(openedTogether([underBob, more]).outcomes).toEqual([alone, null])
  const others = [said, bobs('between'), more]
  expect(openedTogether(others).outcomes).toEqual([null, null, null])
})

test('whatever comes, in whatever order and parts, all opens that opens alone, and nothing else than was sealed', () => {
  const speakers = [ada, bob, carol].map((person, at) => saying(person, 100 * (at + 1)))
  const said = Array.from({ length: 24 }, (_, at) => speakers[(at * 7) % 3]?.(`message ${at}`)).filter(
    (content) => content !== undefined,
  )
  const spoiled = fc.record({ at: fc.nat(23), byte: fc.nat(400) })
  fc.assert(
    fc.property(
      fc.shuffledSubarray(said, { minLength: 1 }),
      fc.array(spoiled, { maxLength: 3 }),
      fc.nat(24),
      (some, changes, cut) => {
        const contents = [...some]
        for (const { at, byte } of changes) {
          const content = contents[at % contents.length]
          // The header says what is looked up; what of it is wrong is refused before.
          if (content)
            contents[at % contents.length] = withByte(content, -1 - (byte % 200), (old) => old ^ 0x40)
        }
        const alone = contents.map((content) => causeOf(() => openMessage(reading, content)))
        const vouched = new Vouched()
        const parts = [contents.slice(cut), contents.slice(0, cut)]
        const [later = [], earlier = []] = parts.map((part) => openedTogether(part, vouched).outcomes)
        // A signature that was spoiled and is not needed is not looked at: the content is the one that was sealed.
        const together = [...earlier, ...later]
        for (const [at, cause] of together.entries()) expect([alone[at], null]).toContain(cause)
        for (const [at, cause] of alone.entries()) if (cause === null) expect(together[at]).toBeNull()
        for (const [at, content] of contents.entries()) {
          const isAsSealed = said.some(({ sealed }) => sealed.slice(0, -90) === content.sealed.slice(0, -90))
          if (!isAsSealed) expect(together[at]).not.toBeNull()
        }
      },
    ),
    { numRuns: 300 },
  )
})
