import { AccountId } from '@parley/domain/ids'
import {
  chainEntryBytesMax,
  deviceListEntryBytesMax,
  grantBytesMax,
  sealedContentBytesMax,
} from '@parley/domain/limits'
import {
  ByteReader,
  ByteWriter,
  fromText,
  fromUtf8,
  joined,
  structures,
  toText,
} from '@parley/domain/sealed/bytes'
import { readChainEntry, writeChainEntry } from '@parley/domain/sealed/chain-entry'
import { readListEntry, writeListEntry } from '@parley/domain/sealed/device-list'
import { readGrant } from '@parley/domain/sealed/grant-form'
import { readBackup } from '@parley/domain/sealed/link-form'
import { readMessage } from '@parley/domain/sealed/message-form'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { causeOf, flipped } from './causes.ts'
import vectors from './vectors/suite-1.json' with { type: 'json' }

const reader = (...bytes: number[]) => new ByteReader(new Uint8Array(bytes))

test('numbers, texts and lists come back as they were written, however many there are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 2 ** 32 - 1 }), { maxLength: 900, size: 'max' }),
      fc.nat({ max: Number.MAX_SAFE_INTEGER }),
      (numbers, large) => {
        const out = new ByteWriter()
        out
          .u64(large)
          .list(numbers, (number) => out.u32(number))
          .option(null, () => out.u8(9))
        const from = new ByteReader(out.done())
        expect(from.u64()).toBe(large)
        expect(from.list(900, () => from.u32())).toEqual(numbers)
        expect(from.option(() => from.u8())).toBeNull()
        expect(causeOf(() => from.end())).toBeNull()
      },
    ),
  )
})

test('what is not as it should be is malformed, each in its own way', () => {
  expect(causeOf(() => reader(1, 2).u32())).toBe('malformed')
  expect(causeOf(() => reader(1, 2).end())).toBe('malformed')
  expect(causeOf(() => reader(255, 255, 255, 255, 255, 255, 255, 255).u64())).toBe('malformed')
  expect(causeOf(() => reader(0, 2, 1, 1).list(1, () => 0))).toBe('too-many')
  expect(causeOf(() => reader(2).option(() => 0))).toBe('malformed')
  expect(causeOf(() => reader(3).oneOf(['a', 'b']))).toBe('malformed')
  expect(causeOf(() => reader(0).oneOf(['a', 'b']))).toBe('malformed')
  expect(causeOf(() => new ByteReader(new Uint8Array(16)).id(AccountId))).toBe('malformed')
  expect(causeOf(() => reader(1, structures.grant).begin(structures.message))).toBe('malformed')
  expect(causeOf(() => reader(9, structures.message).begin(structures.message))).toBe('newer-suite')
  expect(causeOf(() => fromUtf8(new Uint8Array([0xff])))).toBe('malformed')
  expect(causeOf(() => fromText('not base64url!'))).toBe('malformed')
})

test('an entry that was read is written as it was, so there is one way to write it', () => {
  for (const text of vectors.chain.entries) {
    const bytes = fromText(text)
    expect(toText(writeChainEntry(readChainEntry(bytes)))).toBe(toText(bytes.subarray(0, -64)))
  }
  for (const text of vectors.accounts.flatMap(({ list }) => list)) {
    const bytes = fromText(text)
    expect(toText(writeListEntry(readListEntry(bytes)))).toBe(toText(bytes.subarray(0, -64)))
  }
})

test('structures that are too large, too short, or of nothing known are malformed', () => {
  const filled = (text: string, bytes: number) => joined(fromText(text), new Uint8Array(bytes))
  const [message] = vectors.messages
  const [entry] = vectors.chain.entries
  const [first] = vectors.accounts.flatMap(({ list }) => list)
  const [grant] = vectors.grants
  if (!message || entry === undefined || first === undefined || grant === undefined)
    throw new RangeError('There is one of each.')
  expect(causeOf(() => readMessage(filled(message.sealed, sealedContentBytesMax)))).toBe('malformed')
  expect(causeOf(() => readMessage(fromText(message.sealed).subarray(0, 107 + 15 + 64)))).toBe('malformed')
  expect(causeOf(() => readChainEntry(filled(entry, chainEntryBytesMax)))).toBe('malformed')
  expect(causeOf(() => readListEntry(filled(first, deviceListEntryBytesMax)))).toBe('malformed')
  expect(causeOf(() => readGrant(filled(grant, grantBytesMax)))).toBe('malformed')
  const part = fromText(vectors.backup.account)
  expect(causeOf(() => readBackup(part))).toBeNull()
  expect(causeOf(() => readBackup(part.subarray(0, 60)))).toBe('malformed')
  expect(causeOf(() => readBackup(flipped(part, 30)))).toBe('malformed')
})
