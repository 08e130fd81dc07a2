import { AccountId, DeviceId } from '../ids.ts'
import {
  ByteReader,
  ByteWriter,
  hashBytes,
  nonceBytes,
  structures,
  suite,
  tagBytes,
  toText,
} from './bytes.ts'
import { SealedError } from './causes.ts'
import { type Certificate, readCertificate, writeCertificate } from './device-list.ts'
import { encapsulatedBytes } from './grant-form.ts'
import { BackupPart } from './wire.ts'

/** A new device asks to be taken in; the MAC is under the code that an old device shows. */
export interface LinkRequestForm {
  readonly accountId: AccountId
  readonly certificate: Certificate
}

/** All of it but the MAC. */
export function writeLinkRequest({ accountId, certificate }: LinkRequestForm): Uint8Array {
  const out = new ByteWriter().u8(suite).u8(structures.linkRequest).ascii(accountId)
  writeCertificate(out, certificate)
  return out.done()
}

/** @throws SealedError `malformed`, `newer-suite` */
export function readLinkRequest(bytes: Uint8Array): LinkRequestForm & { readonly mac: Uint8Array } {
  const from = new ByteReader(bytes)
  from.begin(structures.linkRequest)
  const request = {
    accountId: from.id(AccountId),
    certificate: readCertificate(from),
    mac: from.raw(hashBytes),
  }
  from.end()
  return request
}

export interface LinkAnswerForm {
  readonly accountId: AccountId
  readonly deviceId: DeviceId
}

export const writeLinkAnswerHeader = ({ accountId, deviceId }: LinkAnswerForm): Uint8Array =>
  new ByteWriter().u8(suite).u8(structures.linkAnswer).ascii(accountId).ascii(deviceId).done()

/** @throws SealedError `malformed`, `newer-suite` */
export function readLinkAnswer(bytes: Uint8Array) {
  const from = new ByteReader(bytes)
  from.begin(structures.linkAnswer)
  const form = { accountId: from.id(AccountId), deviceId: from.id(DeviceId) }
  const header = bytes.subarray(0, from.at)
  return { ...form, header, encapsulated: from.raw(encapsulatedBytes), ciphertext: from.raw(from.left) }
}

/** What can be seen of a part of a backup. */
export interface BackupForm {
  readonly accountId: AccountId
  /** The first 8 bytes of a hash of the backup key. */
  readonly keyId: string
  readonly part: BackupPart
  readonly version: number
}

export const backupKeyIdBytes = 8

export function writeBackupHeader({ accountId, keyId, part, version }: BackupForm): Uint8Array {
  const out = new ByteWriter().u8(suite).u8(structures.backupPart).ascii(accountId).hash(keyId)
  return out.u16(part.length).ascii(part).u32(version).done()
}

/** @throws SealedError `malformed`, `newer-suite` */
export function readBackup(bytes: Uint8Array) {
  const from = new ByteReader(bytes)
  from.begin(structures.backupPart)
  const accountId = from.id(AccountId)
  const keyId = toText(from.raw(backupKeyIdBytes))
  const part = BackupPart.safeParse(String.fromCharCode(...from.raw(Math.min(from.u16(), 64))))
  if (!part.success) throw new SealedError('malformed', 'It is part of no backup.')
  const version = from.u32()
  const header = bytes.subarray(0, from.at)
  const nonce = from.raw(nonceBytes)
  if (from.left < tagBytes) throw new SealedError('malformed', 'There is nothing in it.')
  return { accountId, keyId, part: part.data, version, header, nonce, ciphertext: from.raw(from.left) }
}
