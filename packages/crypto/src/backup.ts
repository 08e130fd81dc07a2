import type { AccountId } from '@parley/domain/ids'
import {
  ByteReader,
  ByteWriter,
  type Hash,
  hashBytes,
  labelled,
  nonceBytes,
  toText,
  utf8,
} from '@parley/domain/sealed/bytes'
import { backupPartBytesMax } from '@parley/domain/limits'
import { SealedError } from '@parley/domain/sealed/causes'
import { readHead, writeHead } from '@parley/domain/sealed/chain-entry'
import type { Head } from '@parley/domain/sealed/device-list'
import { epochKeyBytes } from '@parley/domain/sealed/grant-form'
import { backupKeyIdBytes, readBackup, writeBackupHeader } from '@parley/domain/sealed/link-form'
import type { BackupPart } from '@parley/domain/sealed/wire'
import type { EpochKey } from './keyring.ts'
import type { Primitives } from './primitives.ts'

const keyEntryBytes = 4 + epochKeyBytes
/** Of one conversation: as many as fit a part, beside the 1 KiB that is left for everything else. */
export const backupKeysMax = Math.floor((backupPartBytesMax - 1024) / keyEntryBytes)

/** What opens a backup. Devices keep it; the code it comes from is kept by the person alone. */
export interface BackupKey {
  readonly key: Uint8Array
  readonly keyId: string
}

/** What the account's part holds. */
export interface AccountBackup {
  readonly accountSeed: Uint8Array
  readonly head: Head
}

/** What a conversation's part holds: how far its chain was known, and the keys. */
export interface ConversationBackup {
  readonly chainIndex: number
  readonly chainHash: Hash
  readonly keys: readonly EpochKey[]
}

export const backupKeyOf = (primitives: Primitives, accountId: AccountId, code: Uint8Array): BackupKey =>
  backupKeyFrom(primitives, primitives.hkdf(code, utf8(accountId), utf8('parley/1 backup'), 32))

/** From the 32 bytes that a device kept. */
export const backupKeyFrom = (primitives: Primitives, key: Uint8Array): BackupKey => ({
  key,
  keyId: toText(primitives.sha256(labelled('backup-id', key)).subarray(0, backupKeyIdBytes)),
})

/** Where a part belongs, and its version: one more with each writing. */
export interface PartPlace {
  readonly accountId: AccountId
  readonly part: BackupPart
  readonly version: number
}

function sealPart(primitives: Primitives, { key, keyId }: BackupKey, place: PartPlace, plain: Uint8Array) {
  const header = writeBackupHeader({ ...place, keyId })
  const nonce = primitives.randomBytes(nonceBytes)
  return new ByteWriter()
    .raw(header)
    .raw(nonce)
    .raw(primitives.seal(key, nonce, header, plain))
    .done()
}

export const sealAccountBackup = (
  primitives: Primitives,
  key: BackupKey,
  place: Omit<PartPlace, 'part'>,
  { accountSeed, head }: AccountBackup,
): Uint8Array => {
  const out = new ByteWriter().raw(accountSeed)
  writeHead(out, head)
  return sealPart(primitives, key, { ...place, part: 'account' }, out.done())
}

/** @throws SealedError `too-many`: a part holds `backupKeysMax` keys; a caller with more leaves out the oldest, which members have */
export const sealConversationBackup = (
  primitives: Primitives,
  key: BackupKey,
  place: PartPlace,
  { chainIndex, chainHash, keys }: ConversationBackup,
): Uint8Array => {
  if (keys.length > backupKeysMax)
    throw new SealedError('too-many', `A part of a backup holds at most ${backupKeysMax} keys.`)
  const out = new ByteWriter().u32(chainIndex).hash(chainHash)
  out.list(keys, (one) => out.u32(one.number).raw(one.key))
  return sealPart(primitives, key, place, out.done())
}

/**
 * Opens a part, which must be the one asked for. An older version than the server once had cannot be told from the newest; what
 * it lacks is asked of the members.
 * @throws SealedError `malformed`, `newer-suite`, `tampered` (which a wrong code is too)
 */
function openPart(
  primitives: Primitives,
  key: BackupKey,
  place: Pick<PartPlace, 'accountId' | 'part'>,
  bytes: Uint8Array,
): ByteReader {
  const sealed = readBackup(bytes)
  const plain = primitives.open(key.key, sealed.nonce, sealed.header, sealed.ciphertext)
  if (!plain || sealed.accountId !== place.accountId || sealed.part !== place.part)
    throw new SealedError('tampered', 'The backup does not open.')
  return new ByteReader(plain)
}

/** @throws SealedError as `openPart` */
export function openAccountBackup(
  primitives: Primitives,
  key: BackupKey,
  accountId: AccountId,
  bytes: Uint8Array,
): AccountBackup {
  const from = openPart(primitives, key, { accountId, part: 'account' }, bytes)
  const backup = { accountSeed: from.raw(hashBytes), head: readHead(from) }
  from.end()
  return backup
}

/** @throws SealedError as `openPart` */
export function openConversationBackup(
  primitives: Primitives,
  key: BackupKey,
  place: Pick<PartPlace, 'accountId' | 'part'>,
  bytes: Uint8Array,
): ConversationBackup {
  const from = openPart(primitives, key, place, bytes)
  const backup = {
    chainIndex: from.u32(),
    chainHash: from.hash(),
    keys: from.list(backupKeysMax, () => ({ number: from.u32(), key: from.raw(epochKeyBytes) })),
  }
  from.end()
  return backup
}
