import type { AccountId, DeviceId } from '@parley/domain/ids'
import { joined, labelled, type PublicKey, utf8 } from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import { type Chain, type Lists, mayBeGranted, membershipsOf } from '@parley/domain/sealed/chain'
import { devicesOf } from '@parley/domain/sealed/device-list'
import {
  epochKeyBytes,
  grantInfo,
  readGrant,
  type SealedGrant,
  writeGrantHeader,
} from '@parley/domain/sealed/grant-form'
import type { Hpke } from './hpke.ts'
import type { DeviceKeys } from './identity.ts'
import { type EpochKey, holdGranted, type Keyring } from './keyring.ts'
import { isSignedUnder, signedUnder } from './signed.ts'

export interface Recipient {
  readonly accountId: AccountId
  readonly deviceId: DeviceId
  readonly sealing: PublicKey
}

/** The epochs that a grant covers, both ends included. */
export interface EpochSpan {
  readonly first: number
  readonly last: number
}

/**
 * Every device that may have an epoch's key, as far as lists are known; `unknown` names the accounts whose list is not.
 * They are granted when it is.
 */
export function recipientsOf(
  chain: Chain,
  lists: Lists,
  epoch: number,
): { recipients: Recipient[]; unknown: AccountId[] } {
  const recipients: Recipient[] = []
  const unknown: AccountId[] = []
  for (const { accountId, identity } of chain.members.values()) {
    if (identity === null) continue
    const list = lists(accountId, identity)
    if (!list) {
      unknown.push(accountId)
      continue
    }
    for (const { id, sealing } of devicesOf(list))
      if (mayBeGranted(chain, list, id, epoch)) recipients.push({ accountId, deviceId: id, sealing })
  }
  return { recipients, unknown }
}

/**
 * The spans of epochs that a device may have and this one holds: what answers a key request.
 * None where the device may have nothing.
 */
export function grantableSpans(
  chain: Chain,
  lists: Lists,
  keyring: Keyring,
  to: { readonly accountId: AccountId; readonly deviceId: DeviceId },
  wanted: EpochSpan,
): EpochSpan[] {
  const identity = chain.members.get(to.accountId)?.identity
  const list = identity === null || identity === undefined ? null : lists(to.accountId, identity)
  if (!list) return []
  const spans: { first: number; last: number }[] = []
  for (let epoch = wanted.first; epoch <= Math.min(wanted.last, chain.epochs.length - 1); epoch += 1) {
    if (!keyring.of(chain, epoch) || !mayBeGranted(chain, list, to.deviceId, epoch)) continue
    const span = spans.at(-1)
    if (span?.last === epoch - 1) span.last = epoch
    else spans.push({ first: epoch, last: epoch })
  }
  return spans
}

/** What a granting device knows and has. */
export interface Granting {
  readonly hpke: Hpke
  readonly chain: Chain
  readonly keyring: Keyring
  readonly keys: DeviceKeys
  readonly at: number
}

/**
 * Seals the keys of a span of epochs to each recipient. Whether they may have them, the caller has asked. A recipient takes
 * about 0.2 ms, and nothing else gets its turn meanwhile: a caller with many gives them in parts. Who has a key that nothing can
 * be sealed to gets none: it is theirs, and is not to keep the others from theirs.
 * @throws SealedError `no-grant-yet` where this device lacks one of the keys
 */
export async function sealGrants(
  granting: Granting,
  recipients: readonly Recipient[],
  span: EpochSpan,
): Promise<Uint8Array[]> {
  const keys = joined(...keysOf(granting, span))
  const grants: Uint8Array[] = []
  for (const recipient of recipients) {
    const grant = await sealGrant(granting, recipient, span, keys).catch((error: unknown) => {
      if (granting.hpke.canSealTo(recipient.sealing)) throw error
      return null
    })
    if (grant) grants.push(grant)
  }
  return grants
}

function keysOf({ chain, keyring }: Granting, { first, last }: EpochSpan): Uint8Array[] {
  return Array.from({ length: last - first + 1 }, (_, at) => {
    const held = keyring.of(chain, first + at)
    if (!held) throw new SealedError('no-grant-yet', `The key of epoch ${first + at} is not here.`)
    return held.key
  })
}

async function sealGrant(
  { hpke, chain, keys: granter, at }: Granting,
  { accountId, deviceId, sealing }: Recipient,
  { first, last }: EpochSpan,
  keys: Uint8Array,
): Promise<Uint8Array> {
  const header = writeGrantHeader({
    conversationId: chain.conversationId,
    granterId: granter.accountId,
    granterDeviceId: granter.id,
    accountId,
    deviceId,
    at,
    firstEpoch: first,
    lastEpoch: last,
  })
  const { encapsulated, ciphertext } = await hpke.seal(sealing, grantInfo(header), keys)
  return signedUnder('grant', granter.signing, joined(header, encapsulated, ciphertext))
}

/**
 * Opens a grant to this device, and keeps its keys.
 * @throws SealedError `malformed`, `newer-suite`, `not-entitled` (to another device), `needs-list`, `sender-not-member`,
 * `device-not-verified`, `bad-signature`, `tampered`, `epoch-unknown`, `key-mismatch`
 */
export async function openGrant(
  hpke: Hpke,
  { chain, lists, keyring }: { readonly chain: Chain; readonly lists: Lists; readonly keyring: Keyring },
  keys: DeviceKeys,
  bytes: Uint8Array,
): Promise<EpochKey[]> {
  const grant = readGrant(bytes)
  if (grant.conversationId !== chain.conversationId)
    throw new SealedError('malformed', 'The grant is for another conversation.')
  if (grant.accountId !== keys.accountId || grant.deviceId !== keys.id)
    throw new SealedError('not-entitled', 'The grant is to another device.')
  if (!isSignedUnder(hpke.primitives, 'grant', granterKey(chain, lists, grant), bytes))
    throw new SealedError('bad-signature', 'The grant is not signed by its granter.')
  const opened = await hpke.open(keys.sealing, grantInfo(grant.header), grant)
  if (opened?.length !== (grant.lastEpoch - grant.firstEpoch + 1) * epochKeyBytes)
    throw new SealedError('tampered', 'The grant does not open.')
  const given = Array.from({ length: opened.length / epochKeyBytes }, (_, at) => ({
    number: grant.firstEpoch + at,
    key: opened.slice(at * epochKeyBytes, (at + 1) * epochKeyBytes),
  }))
  return given.map((one) => holdGranted(keyring, chain, one, hpke.primitives))
}

/** The granter was a member some time, with that device. What it gives is held against the chain in any case. */
function granterKey(chain: Chain, lists: Lists, { granterId, granterDeviceId }: SealedGrant): PublicKey {
  const identities = new Set(membershipsOf(chain, granterId).map(({ identity }) => identity))
  identities.delete(null)
  if (identities.size === 0) throw new SealedError('sender-not-member', 'The granter was never a member.')
  let known = true
  for (const identity of identities) {
    const list = identity === null ? null : lists(granterId, identity)
    known &&= list !== null
    const device = list?.devices.get(granterDeviceId)
    if (device) return device.signing
  }
  throw known
    ? new SealedError('device-not-verified', "The granter's device is in none of its lists.")
    : new SealedError('needs-list', `The device list of ${granterId} is not known.`)
}

/**
 * Whose turn comes before: how many of those that could answer a key request are to be waited for. The same account's
 * devices go first and at once; the others in an order that everybody computes alike.
 * @param mayAnswer whether somebody is there to answer; who is not is not waited for
 */
export function turnOf(
  hpke: Pick<Hpke, 'primitives'>,
  chain: Chain,
  asking: { readonly accountId: AccountId; readonly deviceId: DeviceId },
  me: DeviceKeys,
  mayAnswer: (accountId: AccountId) => boolean = () => true,
): number {
  if (me.accountId === asking.accountId) return 0
  const order = (accountId: AccountId): string =>
    hpke.primitives.sha256(labelled('turn', utf8(chain.conversationId + asking.deviceId + accountId))).toHex()
  const mine = order(me.accountId)
  const before = [...chain.members.values()].filter(
    ({ accountId, identity }) =>
      identity !== null && accountId !== asking.accountId && mayAnswer(accountId) && order(accountId) < mine,
  )
  return before.length + 1
}
