import { type Checks, signatureBytes, signedPart, zeroHash } from './bytes.ts'
import { SealedError } from './causes.ts'
import { type Chain, type ChainEffect, listAt, type Lists } from './chain.ts'
import { type ChainEntry, readChainEntry } from './chain-entry.ts'
import { judge } from './chain-rules.ts'
import { type Device, deviceAt } from './device-list.ts'

/**
 * Takes the next entry of a chain, or the first where there is no chain yet. The chain given is changed, unless it throws.
 * @throws SealedError `malformed`, `newer-suite`, `head-moved` (does not follow the newest entry), `needs-list` (read
 * the lists of `headsNamed`), `list-broken` (the entry names another list than is known), `identity-changed`,
 * `device-not-verified`, `device-revoked`, `bad-signature`, `not-a-member`, `already-a-member`, `not-permitted`,
 * `no-such-invite`, `too-many`
 */
export function extendChain(
  checks: Checks,
  lists: Lists,
  chain: Chain | null,
  bytes: Uint8Array,
): { chain: Chain; effect: ChainEffect } {
  const entry = readChainEntry(bytes)
  mustFollow(chain, entry)
  const device = authorDevice(lists, entry)
  if (!checks.verify(device.signing, signedPart('chain', bytes), bytes.subarray(-signatureBytes)))
    throw new SealedError('bad-signature', "The entry is not signed by its author's device.")
  const hash = checks.hash(bytes)
  const verdict = judge({ checks, lists, chain, entry })
  verdict.chain.hashes.push(hash)
  const { joined, left, roles } = verdict
  return { chain: verdict.chain, effect: { entry, hash, joined, left, roles } }
}

function mustFollow(chain: Chain | null, entry: ChainEntry): void {
  const index = chain?.hashes.length ?? 0
  const follows =
    entry.index === index &&
    entry.previous === (chain?.hashes.at(-1) ?? zeroHash) &&
    (entry.change.op === 'create') === (chain === null) &&
    (chain === null || chain.conversationId === entry.conversationId)
  if (!follows) throw new SealedError('head-moved', `The entry is not the chain's number ${index}.`)
}

function authorDevice(lists: Lists, { authorId, authorHead, deviceId }: ChainEntry): Device {
  const list = listAt(lists, { accountId: authorId, head: authorHead })
  const device = deviceAt(list, deviceId, authorHead.index)
  if (device) return device
  throw list.devices.has(deviceId)
    ? new SealedError(
        'device-revoked',
        "The author's device was revoked, or is newer than the list it names.",
      )
    : new SealedError('device-not-verified', "The author's device is not in its list.")
}
