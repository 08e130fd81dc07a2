import { AccountId, ConversationId, DeviceId } from '../ids.ts'
import { epochsPerGrantMax, grantBytesMax } from '../limits.ts'
import { ByteReader, ByteWriter, labelled, signatureBytes, structures, suite, tagBytes } from './bytes.ts'
import { SealedError } from './causes.ts'

export const encapsulatedBytes = 32
export const epochKeyBytes = 32

/** Whose device gives which epochs' keys to whose: all of a grant but the keys. */
export interface GrantForm {
  readonly conversationId: ConversationId
  readonly granterId: AccountId
  readonly granterDeviceId: DeviceId
  readonly accountId: AccountId
  readonly deviceId: DeviceId
  readonly at: number
  readonly firstEpoch: number
  readonly lastEpoch: number
}

export interface SealedGrant extends GrantForm {
  readonly header: Uint8Array
  readonly encapsulated: Uint8Array
  readonly ciphertext: Uint8Array
}

export function writeGrantHeader(form: GrantForm): Uint8Array {
  const out = new ByteWriter().u8(suite).u8(structures.grant).ascii(form.conversationId)
  out.ascii(form.granterId).ascii(form.granterDeviceId).ascii(form.accountId).ascii(form.deviceId)
  return out.u64(form.at).u32(form.firstEpoch).u32(form.lastEpoch).done()
}

/** @throws SealedError `malformed`, `newer-suite` */
export function readGrant(bytes: Uint8Array): SealedGrant {
  if (bytes.length > grantBytesMax) throw new SealedError('malformed', 'The grant is too large.')
  const from = new ByteReader(bytes)
  from.begin(structures.grant)
  const form = {
    conversationId: from.id(ConversationId),
    granterId: from.id(AccountId),
    granterDeviceId: from.id(DeviceId),
    accountId: from.id(AccountId),
    deviceId: from.id(DeviceId),
    at: from.u64(),
    firstEpoch: from.u32(),
    lastEpoch: from.u32(),
  }
  const header = bytes.subarray(0, from.at)
  const encapsulated = from.raw(encapsulatedBytes)
  const epochs = form.lastEpoch - form.firstEpoch + 1
  if (
    epochs < 1 ||
    epochs > epochsPerGrantMax ||
    from.left !== epochs * epochKeyBytes + tagBytes + signatureBytes
  )
    throw new SealedError('malformed', 'The grant holds another number of keys than it says.')
  return { ...form, header, encapsulated, ciphertext: from.upTo(signatureBytes) }
}

/** What a grant's keys are sealed under, so that it cannot be passed off as another. */
export const grantInfo = (header: Uint8Array): Uint8Array => labelled('grant', header)
