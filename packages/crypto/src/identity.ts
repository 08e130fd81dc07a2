import type { AccountId, DeviceId } from '@parley/domain/ids'
import { joined, zeroHash } from '@parley/domain/sealed/bytes'
import {
  accountKeyPart,
  type Certificate,
  type CertificateKind,
  deviceIdOf,
  type DeviceList,
  deviceProofPart,
  extendDeviceList,
  headOf,
  type ListChange,
  writeListEntry,
} from '@parley/domain/sealed/device-list'
import { signedUnder } from './signed.ts'
import type { Primitives, SealingKey, SigningKey } from './primitives.ts'

/** A device's own keys: they never leave it. */
export interface DeviceKeys {
  readonly accountId: AccountId
  readonly id: DeviceId
  readonly kind: CertificateKind
  readonly signing: SigningKey
  readonly sealing: SealingKey
}

/** The 64 bytes that a device keeps of its keys. */
export const secretsOf = ({ signing, sealing }: DeviceKeys): Uint8Array =>
  joined(signing.seed, sealing.secret)

/** New keys, or those that were kept. */
export function deviceKeys(
  primitives: Primitives,
  accountId: AccountId,
  kind: CertificateKind,
  kept?: Uint8Array,
): DeviceKeys {
  const signing = primitives.signingKey(kept?.slice(0, 32))
  const sealing = primitives.sealingKey(kept?.slice(32, 64))
  const id = deviceIdOf(primitives, accountId, { signing: signing.publicKey, sealing: sealing.publicKey })
  return { accountId, id, kind, signing, sealing }
}

export function certificateOf({ accountId, kind, signing, sealing }: DeviceKeys): Certificate {
  const certificate = { kind, signing: signing.publicKey, sealing: sealing.publicKey }
  return { ...certificate, proof: signing.sign(deviceProofPart(accountId, certificate)) }
}

/** A list's next entry as it goes to the server, and the list with it. */
export interface ListStep {
  readonly entry: Uint8Array
  readonly list: DeviceList
}

interface Signing {
  readonly primitives: Primitives
  readonly accountKey: SigningKey
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Begins an account's list, with its first device. */
export function beginList(signing: Signing, device: DeviceKeys): ListStep {
  const { accountId } = device
  const change = {
    op: 'create',
    accountKey: signing.accountKey.publicKey,
    device: certificateOf(device),
  } as const
  return next(signing, accountId, null, change)
}

/** Takes a device in. @throws SealedError as `extendDeviceList` */
export const addDevice = (signing: Signing, list: DeviceList, device: Certificate): ListStep =>
  next(signing, list.accountId, list, { op: 'add', device })

/**
 * Revokes devices and takes a new account key, as they held the old one; none: only the key is changed.
 * @throws SealedError as `extendDeviceList`
 */
export function revokeDevices(
  signing: Signing,
  list: DeviceList,
  devices: readonly DeviceId[],
  newKey: SigningKey,
): ListStep {
  const part = accountKeyPart(list.accountId, headOf(list).hash, newKey.publicKey)
  const accountKeyProof = newKey.sign(part)
  return next(signing, list.accountId, list, {
    op: 'revoke',
    devices,
    accountKey: newKey.publicKey,
    accountKeyProof,
  })
}

function next(
  { primitives, accountKey, at }: Signing,
  accountId: AccountId,
  list: DeviceList | null,
  change: ListChange,
): ListStep {
  const index = list?.hashes.length ?? 0
  const previous = list?.hashes.at(-1) ?? zeroHash
  const body = writeListEntry({ accountId, index, previous, at, change })
  const entry = signedUnder('list', accountKey, body)
  return { entry, list: extendDeviceList(primitives, list && copyOfList(list), entry) }
}

/** A list that grows by itself. */
export const copyOfList = (list: DeviceList): DeviceList => ({
  ...list,
  hashes: [...list.hashes],
  devices: new Map(list.devices),
})

/** Reads a list from its first entry on. @throws SealedError as `extendDeviceList` */
export function readList(
  primitives: Primitives,
  entries: readonly Uint8Array[],
  from: DeviceList | null = null,
): DeviceList {
  let list = from && copyOfList(from)
  for (const entry of entries) list = extendDeviceList(primitives, list, entry)
  if (!list) throw new RangeError('A list has at least one entry.')
  return list
}
