import { fromText, toText, zeroHash } from '@parley/domain/sealed/bytes'
import { attachmentChunkBytes, backupPartBytesMax } from '@parley/domain/limits'
import { readLinkAnswer } from '@parley/domain/sealed/link-form'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  chunkAt,
  chunksOf,
  newAttachmentKey,
  openChunk,
  sealChunk,
  sealedBytesOf,
} from '../src/attachments.ts'
import {
  backupKeysMax,
  backupKeyOf,
  openAccountBackup,
  openConversationBackup,
  sealAccountBackup,
  sealConversationBackup,
} from '../src/backup.ts'
import { linkCode, readCode, recoveryCode, writeCode } from '../src/codes.ts'
import { addDevice, deviceKeys, secretsOf } from '../src/identity.ts'
import { answerLink, checkLinkRequest, openLinkAnswer, requestLink } from '../src/link.ts'
import { openReaction, sealReaction } from '../src/reactions.ts'
import { safetyNumber } from '../src/safety-number.ts'
import { causeOf, causeOfAsync, flipped } from './causes.ts'
import {
  accountId,
  clientMessageId,
  conversationId,
  hpke,
  noon,
  Person,
  primitives,
  Stage,
} from './people.ts'

describe('attachments', () => {
  const sealAll = (key: Uint8Array, file: Uint8Array) =>
    Array.from({ length: chunksOf(file.length) }, (_, index) => {
      const { plain, last } = chunkAt(file.length, index)
      return sealChunk(primitives, key, { index, last }, file.subarray(plain.from, plain.from + plain.length))
    })

  test.each([
    0,
    1,
    attachmentChunkBytes - 1,
    attachmentChunkBytes,
    attachmentChunkBytes + 1,
    3 * attachmentChunkBytes,
  ])('a file of %i bytes comes back, and any chunk by itself', (bytes) => {
    const key = newAttachmentKey(primitives)
    const file = primitives.randomBytes(bytes)
    const sealed = Buffer.concat(sealAll(key, file))
    expect(sealed.length).toBe(sealedBytesOf(bytes))
    for (let index = 0; index < chunksOf(bytes); index += 1) {
      const { plain, sealed: at, last } = chunkAt(bytes, index)
      const chunk = openChunk(primitives, key, { index, last }, sealed.subarray(at.from, at.from + at.length))
      expect(Buffer.compare(chunk, file.subarray(plain.from, plain.from + plain.length))).toBe(0)
    }
  })

  test('P8: a chunk that is moved, repeated, cut off or changed does not open', () => {
    const key = newAttachmentKey(primitives)
    const [first, second] = sealAll(key, primitives.randomBytes(attachmentChunkBytes + 5))
    if (!first || !second) throw new RangeError('There are two chunks.')
    const open = (index: number, last: boolean, chunk: Uint8Array) =>
      causeOf(() => openChunk(primitives, key, { index, last }, chunk))
    expect(open(0, false, first)).toBeNull()
    expect(open(0, true, first)).toBe('tampered')
    expect(open(1, false, first)).toBe('tampered')
    expect(open(0, false, second)).toBe('tampered')
    expect(open(1, true, flipped(second, 0))).toBe('tampered')
    expect(open(1, true, second.subarray(0, -1))).toBe('tampered')
  })
})

describe('codes', () => {
  test.each([
    ['recovery', recoveryCode, 14],
    ['link', linkCode, 7],
  ] as const)('a %s code is read as it was written, and as people type it', (_, kind, groups) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: kind.bytes, maxLength: kind.bytes }), (secret) => {
        const code = writeCode(primitives, kind, secret)
        expect(code.split('-')).toHaveLength(groups)
        expect(readCode(primitives, kind, code)).toEqual(secret)
        const typed = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')
        expect(readCode(primitives, kind, typed)).toEqual(secret)
      }),
    )
  })

  test('a character that is mistyped, or two that changed places, are noticed', () => {
    const code = writeCode(primitives, recoveryCode, primitives.randomBytes(32)).replaceAll('-', '')
    for (let at = 0; at < code.length; at += 1) {
      const other = code[at] === 'Z' ? 'Y' : 'Z'
      expect(readCode(primitives, recoveryCode, code.slice(0, at) + other + code.slice(at + 1))).toBeNull()
      const [one, two] = [code[at] ?? '', code[at + 1] ?? '']
      if (two === '' || one === two) continue
      expect(
        readCode(primitives, recoveryCode, code.slice(0, at) + two + one + code.slice(at + 2)),
      ).toBeNull()
    }
    for (const wrong of ['', code.slice(1), `${code}0`, 'U'.repeat(56)])
      expect(readCode(primitives, recoveryCode, wrong)).toBeNull()
  })
})

describe('the backup', () => {
  const ada = new Person(1)
  const code = primitives.randomBytes(32)
  const key = backupKeyOf(primitives, ada.id, code)
  const place = { accountId: ada.id, version: 3 }

  test('gives back the account, and the keys of a conversation', () => {
    const account = { accountSeed: ada.accountKey.seed, head: ada.head }
    const sealed = sealAccountBackup(primitives, key, place, account)
    expect(openAccountBackup(primitives, backupKeyOf(primitives, ada.id, code), ada.id, sealed)).toEqual(
      account,
    )
    expect(Buffer.from(sealed).includes(ada.accountKey.seed)).toBe(false)
    const part = conversationId(1)
    const keys = [0, 1, 1, 7].map((number) => ({ number, key: primitives.randomBytes(32) }))
    const backup = { chainIndex: 4, chainHash: zeroHash, keys }
    const bytes = sealConversationBackup(primitives, key, { ...place, part }, backup)
    expect(openConversationBackup(primitives, key, { accountId: ada.id, part }, bytes)).toEqual(backup)
  })

  test('P8: opens with its code alone, unchanged, and as the part and account that it is', () => {
    const part = conversationId(1)
    const backup = { chainIndex: 4, chainHash: zeroHash, keys: [] }
    const bytes = sealConversationBackup(primitives, key, { ...place, part }, backup)
    const wanted = { accountId: ada.id, part }
    const open = (given = bytes, by = key, as: Parameters<typeof openConversationBackup>[2] = wanted) =>
      causeOf(() => openConversationBackup(primitives, by, as, given))
    expect(open()).toBeNull()
    expect(open(bytes, backupKeyOf(primitives, ada.id, primitives.randomBytes(32)))).toBe('tampered')
    expect(open(bytes, backupKeyOf(primitives, accountId(2), code))).toBe('tampered')
    expect(open(bytes, key, { ...wanted, part: conversationId(2) })).toBe('tampered')
    expect(open(bytes, key, { ...wanted, accountId: accountId(2) })).toBe('tampered')
    for (let at = 0; at < bytes.length; at += 1)
      expect(open(flipped(bytes, at, at % 8)), `byte ${at}`).not.toBeNull()
  })
})

test('a part of a backup holds a bounded number of keys, and fits the server', () => {
  const ada = new Person(1)
  const key = backupKeyOf(primitives, ada.id, primitives.randomBytes(32))
  const place = { accountId: ada.id, part: conversationId(1), version: 1 }
  const seal = (count: number) => {
    const keys = Array.from({ length: count }, (_, number) => ({ number, key: new Uint8Array(32) }))
    return sealConversationBackup(primitives, key, place, { chainIndex: 0, chainHash: zeroHash, keys })
  }
  expect(seal(backupKeysMax).length).toBeLessThanOrEqual(backupPartBytesMax)
  expect(causeOf(() => seal(backupKeysMax + 1))).toBe('too-many')
})

describe('a new device', () => {
  const code = primitives.randomBytes(16)

  test('is taken in by an old one that shows it a code, and can do what the old one can', async () => {
    const ada = new Person(1)
    const device = deviceKeys(primitives, ada.id, 'person')
    const request = requestLink(primitives, device, code)
    const certificate = checkLinkRequest(primitives, ada.id, code, request)
    const { list } = addDevice({ primitives, accountKey: ada.accountKey, at: noon }, ada.list, certificate)
    expect(list.devices.has(device.id)).toBe(true)
    const content = {
      accountSeed: ada.accountKey.seed,
      head: ada.head,
      backupKey: primitives.randomBytes(32),
    }
    const answer = await answerLink(hpke, { accountId: ada.id, certificate, code }, content)
    expect(await openLinkAnswer(hpke, device, code, answer)).toEqual(content)
    const kept = deviceKeys(primitives, ada.id, 'person', secretsOf(device))
    expect(kept.id).toBe(device.id)
    expect(await openLinkAnswer(hpke, kept, code, answer)).toEqual(content)
  })

  test('P8: is not taken in without the code, and takes no account from who has not got it', async () => {
    const ada = new Person(1)
    const device = deviceKeys(primitives, ada.id, 'person')
    const other = primitives.randomBytes(16)
    const request = requestLink(primitives, device, other)
    const check = (bytes: Uint8Array) => causeOf(() => checkLinkRequest(primitives, ada.id, code, bytes))
    expect(check(request)).toBe('bad-signature')
    const right = requestLink(primitives, device, code)
    for (let at = 0; at < right.length; at += 1)
      expect(check(flipped(right, at)), `byte ${at}`).not.toBeNull()
    const certificate = checkLinkRequest(primitives, ada.id, other, request)
    const content = { accountSeed: primitives.randomBytes(32), head: ada.head, backupKey: null }
    const answer = await answerLink(hpke, { accountId: ada.id, certificate, code: other }, content)
    expect(await causeOfAsync(() => openLinkAnswer(hpke, device, code, answer))).toBe('tampered')
    expect(await causeOfAsync(() => openLinkAnswer(hpke, ada.device, other, answer))).toBe('not-entitled')
    expect(readLinkAnswer(answer).deviceId).toBe(device.id)
  })
})

describe('reactions', () => {
  const ada = new Person(1)
  const stage = new Stage([ada, new Person(2)])
  const to = { place: stage.place(ada, 1), epoch: 0 }
  const seal = (emoji: string, given = to) => sealReaction(primitives, stage.chain, stage.keys, given, emoji)
  const open = (sealed: string, place = to.place) =>
    openReaction(primitives, stage.chain, stage.keys, place, sealed)

  test.each(['👍', '👨‍👩‍👧‍👦', 'ok', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'])('%s comes back, and is the same each time', (emoji) => {
    expect(open(seal(emoji))).toBe(emoji)
    expect(seal(emoji)).toBe(seal(emoji))
    expect(seal(emoji)).toMatch(/^[\w-]{128}$/)
  })

  test('P8: of another message, changed, or without the key does not open', () => {
    const sealed = seal('👍')
    expect(seal('👍', { ...to, place: stage.place(ada, 2) })).not.toBe(sealed)
    expect(causeOf(() => open(sealed, { ...to.place, clientMessageId: clientMessageId(2) }))).toBe('tampered')
    const bytes = fromText(sealed)
    for (let at = 0; at < bytes.length; at += 1)
      expect(
        causeOf(() => open(toText(flipped(bytes, at)))),
        `byte ${at}`,
      ).not.toBeNull()
    expect(causeOf(() => openReaction(primitives, stage.chain, stage.keyring(), to.place, sealed))).toBe(
      'no-grant-yet',
    )
  })

  test('are bounded', () => {
    expect(causeOf(() => seal('x'.repeat(64)))).toBeNull()
    expect(causeOf(() => seal('x'.repeat(65)))).toBe('too-many')
    expect(causeOf(() => seal('x', { ...to, epoch: 7 }))).toBe('no-grant-yet')
  })
})

test('the safety number of two is the same from both sides, and another for other keys', () => {
  const party = (person: Person) => ({ accountId: person.id, identity: person.list.identity })
  const [ada, bob, again] = [new Person(1), new Person(2), new Person(2)].map(party)
  if (!ada || !bob || !again) throw new RangeError('Three are there.')
  const number = safetyNumber(primitives, ada, bob)
  expect(number).toMatch(/^(\d{5} ){11}\d{5}$/)
  expect(safetyNumber(primitives, bob, ada)).toBe(number)
  expect(safetyNumber(primitives, ada, again)).not.toBe(number)
})
