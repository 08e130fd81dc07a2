import type { ConversationId } from '@parley/domain/ids'
import { type Hash, toText, zeroHash } from '@parley/domain/sealed/bytes'
import { type Chain, type ChainEffect, type Lists, newestEpoch } from '@parley/domain/sealed/chain'
import {
  type ChainChange,
  type InviteProof,
  invitePart,
  type MemberRef,
  writeChainEntry,
} from '@parley/domain/sealed/chain-entry'
import { type Head, headOf } from '@parley/domain/sealed/device-list'
import { extendChain } from '@parley/domain/sealed/extend-chain'
import { epochMessagesMax, epochMs } from '@parley/domain/limits'
import type { DeviceKeys } from './identity.ts'
import type { Primitives, SigningKey } from './primitives.ts'
import { signedUnder } from './signed.ts'

/** Who writes into a chain: a device, and the head of its account's list. */
export interface Author {
  readonly primitives: Primitives
  readonly keys: DeviceKeys
  readonly head: Head
  /** Milliseconds since 1970. */
  readonly at: number
}

/**
 * Signs the next entry of a chain, without taking it: whether it stands, the server says, as somebody else may have
 * been first. Whoever lost reads on, and asks anew whether the change is still wanted.
 */
export function signEntry(
  { primitives: _, keys, head, at }: Author,
  conversationId: ConversationId,
  after: Chain | null,
  change: ChainChange,
): Uint8Array {
  const body = writeChainEntry({
    conversationId,
    index: after?.hashes.length ?? 0,
    previous: after?.hashes.at(-1) ?? zeroHash,
    at,
    authorId: keys.accountId,
    authorHead: head,
    deviceId: keys.id,
    change,
  })
  return signedUnder('chain', keys.signing, body)
}

/** Signs a newcomer's own entry: all it knows of the chain is its head. */
export const signJoin = (
  { keys, head, at }: Author,
  conversationId: ConversationId,
  after: { readonly index: number; readonly hash: Hash },
  proof: InviteProof | null,
): Uint8Array =>
  signedUnder(
    'chain',
    keys.signing,
    writeChainEntry({
      conversationId,
      index: after.index + 1,
      previous: after.hash,
      at,
      authorId: keys.accountId,
      authorHead: head,
      deviceId: keys.id,
      change: { op: 'join', proof },
    }),
  )

/** A chain that grows by itself. */
export const copyOfChain = (chain: Chain): Chain => structuredClone(chain)

/** Reads entries onto a chain, all or none. @throws SealedError as `extendChain` */
export function readChain(
  primitives: Primitives,
  lists: Lists,
  entries: readonly Uint8Array[],
  from: Chain | null = null,
): { chain: Chain; effects: ChainEffect[] } {
  let chain = from && copyOfChain(from)
  const effects: ChainEffect[] = []
  for (const entry of entries) {
    const step = extendChain(primitives, lists, chain, entry)
    chain = step.chain
    effects.push(step.effect)
  }
  if (!chain) throw new RangeError('A chain has at least one entry.')
  return { chain, effects }
}

/** Whether an epoch has to begin before anything more is sealed, and why. */
export function epochDue(
  chain: Chain,
  { messages, now }: { readonly messages: number; readonly now: number },
): Chain['due'] | 'messages' | 'age' {
  if (chain.due) return chain.due
  if (messages >= epochMessagesMax) return 'messages'
  return now - newestEpoch(chain).at >= epochMs ? 'age' : null
}

/**
 * The members whose list is known here to have revoked a device of which the chain does not know yet: the next epoch names their
 * heads, and none begins later than the next message.
 */
export function headsToName(chain: Chain, lists: Lists): MemberRef[] {
  const heads: MemberRef[] = []
  for (const { accountId, identity, listIndex } of chain.members.values()) {
    const list = identity === null ? null : lists(accountId, identity)
    const newer = [...(list?.devices.values() ?? [])].some(({ revokedBy }) => (revokedBy ?? -1) > listIndex)
    if (list && newer) heads.push({ accountId, head: headOf(list) })
  }
  return heads
}

// Invites

export interface InviteLink {
  readonly conversationId: ConversationId
  readonly key: SigningKey
  /** The hash of the chain's entry 0. */
  readonly chain: Hash
}

export const newInvite = (primitives: Primitives, chain: Chain): InviteLink => ({
  conversationId: chain.conversationId,
  key: primitives.signingKey(),
  chain: chain.hashes[0] ?? zeroHash,
})

/** What stands after the `#`: 43 characters, a dot, and 43 more. */
export const inviteFragment = ({ key, chain }: InviteLink): string => `${toText(key.seed)}.${chain}`

/** Null of what is no such fragment. */
export function readInviteFragment(
  primitives: Primitives,
  conversationId: ConversationId,
  fragment: string,
): InviteLink | null {
  const match = /^([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/.exec(fragment)
  const [, seed, chain] = match ?? []
  if (seed === undefined || chain === undefined) return null
  const key = primitives.signingKey(Uint8Array.fromBase64(seed, { alphabet: 'base64url' }))
  return { conversationId, key, chain }
}

/** Says that whoever has these keys has the link. */
export const proveInvite = (link: InviteLink, { keys, head }: Author): InviteProof => ({
  invite: link.key.publicKey,
  signature: link.key.sign(invitePart(link.conversationId, link.chain, keys.accountId, head.identity)),
})
