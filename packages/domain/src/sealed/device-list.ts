import { AccountId, DeviceId } from '../ids.ts'
import { deviceListEntriesMax, deviceListEntryBytesMax, devicesPerAccountMax } from '../limits.ts'
import {
  ByteReader,
  ByteWriter,
  type Checks,
  fromText,
  type Hash,
  labelled,
  type PublicKey,
  signatureBytes,
  signedPart,
  structures,
  suite,
  utf8,
  zeroHash,
} from './bytes.ts'
import { SealedError } from './causes.ts'

const certificateKinds = ['person', 'bot'] as const
export type CertificateKind = (typeof certificateKinds)[number]

/** A device's public keys, with its own signature that it belongs to the account. */
export interface Certificate {
  readonly kind: CertificateKind
  readonly signing: PublicKey
  readonly sealing: PublicKey
  readonly proof: Uint8Array
}

export type ListChange =
  | { readonly op: 'create'; readonly accountKey: PublicKey; readonly device: Certificate }
  | { readonly op: 'add'; readonly device: Certificate }
  | {
      readonly op: 'revoke'
      readonly devices: readonly DeviceId[]
      readonly accountKey: PublicKey
      readonly accountKeyProof: Uint8Array
    }

export interface ListEntry {
  readonly accountId: AccountId
  readonly index: number
  readonly previous: Hash
  /** Milliseconds since 1970 by the author's clock: for showing, never for ordering. */
  readonly at: number
  readonly change: ListChange
}

export interface Device extends Certificate {
  readonly id: DeviceId
  readonly at: number
  /** The index of the entry that brought it, and of the one that took it. */
  readonly addedBy: number
  readonly revokedBy: number | null
}

/** A device list that was checked from its first entry on. It grows by `extendDeviceList` alone. */
export interface DeviceList {
  readonly accountId: AccountId
  /** The hash of the first entry: who this is, whatever keys and devices come and go. */
  readonly identity: Hash
  accountKey: PublicKey
  /** Of each entry. */
  readonly hashes: Hash[]
  readonly devices: Map<DeviceId, Device>
}

/** Names an entry of an account's list, and by it all before. */
export interface Head {
  readonly identity: Hash
  readonly index: number
  readonly hash: Hash
}

const ops = ['create', 'add', 'revoke'] as const

export const writeCertificate = (out: ByteWriter, { kind, signing, sealing, proof }: Certificate): void =>
  void out
    .u8(certificateKinds.indexOf(kind) + 1)
    .hash(signing)
    .hash(sealing)
    .raw(proof)

export const readCertificate = (from: ByteReader): Certificate => ({
  kind: from.oneOf(certificateKinds),
  signing: from.hash(),
  sealing: from.hash(),
  proof: from.raw(signatureBytes),
})

/** What a device signs to say that its keys are this account's. */
export const deviceProofPart = (accountId: AccountId, device: Omit<Certificate, 'proof'>): Uint8Array => {
  const out = new ByteWriter().ascii(accountId).u8(certificateKinds.indexOf(device.kind) + 1)
  return labelled('device', out.hash(device.signing).hash(device.sealing).done())
}

/** What a new account key signs to take over. */
export const accountKeyPart = (accountId: AccountId, previous: Hash, accountKey: PublicKey): Uint8Array =>
  labelled('account-key', new ByteWriter().ascii(accountId).hash(previous).hash(accountKey).done())

export const deviceIdOf = (
  checks: Pick<Checks, 'hash'>,
  accountId: AccountId,
  device: Pick<Certificate, 'signing' | 'sealing'>,
): DeviceId => {
  const keys = [fromText(device.signing), fromText(device.sealing)]
  const hash = checks.hash(labelled('device-id', utf8(accountId), ...keys))
  return DeviceId.parse(`d${hash.slice(0, 15)}`)
}

/** All of an entry but its signature. */
export function writeListEntry(entry: ListEntry): Uint8Array {
  const out = new ByteWriter().u8(suite).u8(structures.listEntry).ascii(entry.accountId)
  out.u32(entry.index).hash(entry.previous).u64(entry.at)
  const { change } = entry
  out.u8(ops.indexOf(change.op) + 1)
  if (change.op === 'revoke') {
    out.list(change.devices, (id) => out.ascii(id))
    out.hash(change.accountKey).raw(change.accountKeyProof)
  } else {
    if (change.op === 'create') out.hash(change.accountKey)
    writeCertificate(out, change.device)
  }
  return out.done()
}

/** @throws SealedError `malformed`, `newer-suite`, `too-many` */
export function readListEntry(bytes: Uint8Array): ListEntry {
  if (bytes.length > deviceListEntryBytesMax) throw new SealedError('malformed', 'The entry is too large.')
  const from = new ByteReader(bytes)
  from.begin(structures.listEntry)
  const entry = {
    accountId: from.id(AccountId),
    index: from.u32(),
    previous: from.hash(),
    at: from.u64(),
    change: readChange(from),
  }
  from.raw(signatureBytes)
  from.end()
  return entry
}

function readChange(from: ByteReader): ListChange {
  const op = from.oneOf(ops)
  switch (op) {
    case 'create':
      return { op, accountKey: from.hash(), device: readCertificate(from) }
    case 'add':
      return { op, device: readCertificate(from) }
    case 'revoke':
      return {
        op,
        devices: from.list(devicesPerAccountMax, () => from.id(DeviceId)),
        accountKey: from.hash(),
        accountKeyProof: from.raw(signatureBytes),
      }
  }
}

/**
 * Takes the next entry of an account's list, or the first where there is no list yet; the list given is changed, unless it throws.
 * @throws SealedError `malformed`, `newer-suite`, `head-moved` (does not follow the newest entry), `bad-signature`,
 * `device-not-verified` (a device's own proof is wrong), `not-permitted`, `too-many`
 */
export function extendDeviceList(checks: Checks, list: DeviceList | null, bytes: Uint8Array): DeviceList {
  const entry = readListEntry(bytes)
  const hash = checks.hash(bytes)
  mustFollow(list, entry)
  const { change } = entry
  const signer = change.op === 'create' ? change.accountKey : list?.accountKey
  if (!signer || !checks.verify(signer, signedPart('list', bytes), bytes.subarray(-signatureBytes)))
    throw new SealedError('bad-signature', "The entry is not signed by the account's key.")
  const { accountId, index } = entry
  if (change.op === 'create') {
    const device = newDevice(checks, entry, change.device)
    const devices = new Map([[device.id, device]])
    return { accountId, identity: hash, accountKey: change.accountKey, hashes: [hash], devices }
  }
  if (!list) throw new SealedError('head-moved', 'The list does not begin with this.')
  if (change.op === 'add') {
    const device = newDevice(checks, entry, change.device)
    if (list.devices.has(device.id)) throw new SealedError('not-permitted', 'The device was there before.')
    if (devicesOf(list).length >= devicesPerAccountMax)
      throw new SealedError('too-many', `An account has at most ${devicesPerAccountMax} devices.`)
    list.devices.set(device.id, device)
  } else {
    mustBeRevocable(checks, list, entry, change)
    for (const id of change.devices) {
      const device = list.devices.get(id)
      if (device) list.devices.set(id, { ...device, revokedBy: index })
    }
    list.accountKey = change.accountKey
  }
  list.hashes.push(hash)
  return list
}

function mustFollow(list: DeviceList | null, entry: ListEntry): void {
  const index = list?.hashes.length ?? 0
  const follows =
    entry.index === index &&
    entry.previous === (list?.hashes.at(-1) ?? zeroHash) &&
    (entry.change.op === 'create') === (list === null) &&
    (list === null || list.accountId === entry.accountId)
  if (!follows) throw new SealedError('head-moved', `The entry is not the list's number ${index}.`)
  if (index >= deviceListEntriesMax) throw new SealedError('too-many', 'The list is full.')
}

function newDevice(checks: Checks, entry: ListEntry, certificate: Certificate): Device {
  mustBeProven(checks, entry.accountId, certificate)
  const id = deviceIdOf(checks, entry.accountId, certificate)
  return { ...certificate, id, at: entry.at, addedBy: entry.index, revokedBy: null }
}

/** @throws SealedError `device-not-verified` */
export function mustBeProven(checks: Checks, accountId: AccountId, certificate: Certificate): void {
  const part = deviceProofPart(accountId, certificate)
  if (!checks.verify(certificate.signing, part, certificate.proof))
    throw new SealedError('device-not-verified', 'The device did not sign that it is of this account.')
}

function mustBeRevocable(
  checks: Checks,
  list: DeviceList,
  { accountId, previous }: ListEntry,
  change: Extract<ListChange, { op: 'revoke' }>,
): void {
  const part = accountKeyPart(accountId, previous, change.accountKey)
  if (!checks.verify(change.accountKey, part, change.accountKeyProof))
    throw new SealedError('bad-signature', 'The new account key did not sign that it takes over.')
  if (change.accountKey === list.accountKey)
    throw new SealedError(
      'not-permitted',
      'A revocation needs a new account key: the old one was on the device.',
    )
  const gone = new Set(change.devices)
  const there = change.devices.every((id) => list.devices.get(id)?.revokedBy === null)
  if (!there || gone.size !== change.devices.length)
    throw new SealedError('not-permitted', 'What is revoked must be in the list, once.')
  if (devicesOf(list).every(({ id }) => gone.has(id)))
    throw new SealedError('not-permitted', 'An account keeps one device at least.')
}

/** The devices that are not revoked. */
export const devicesOf = (list: DeviceList): Device[] =>
  [...list.devices.values()].filter(({ revokedBy }) => revokedBy === null)

export const headOf = ({ identity, hashes }: DeviceList): Head => ({
  identity,
  index: hashes.length - 1,
  hash: hashes.at(-1) ?? zeroHash,
})

/** A device as the list had it at one of its entries: there and not revoked yet. */
export function deviceAt(list: DeviceList, id: DeviceId, index: number): Device | null {
  const device = list.devices.get(id)
  if (!device || device.addedBy > index) return null
  return device.revokedBy === null || device.revokedBy > index ? device : null
}
