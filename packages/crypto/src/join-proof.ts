import type { ConversationId } from '@parley/domain/ids'
import { zeroHash } from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import { type Chain, listAt, type Lists } from '@parley/domain/sealed/chain'
import { invitePart, type InviteProof } from '@parley/domain/sealed/chain-entry'
import { deviceAt } from '@parley/domain/sealed/device-list'
import { type JoinProof, readJoinProof, writeJoinProof } from '@parley/domain/sealed/join-proof'
import type { Author } from './chain-author.ts'
import type { Primitives } from './primitives.ts'
import { isSignedUnder, signedUnder } from './signed.ts'

/** What travels as the key material of a join request. */
export const signJoinProof = (
  { keys, head, at }: Author,
  conversationId: ConversationId,
  proof: InviteProof | null,
): Uint8Array =>
  signedUnder(
    'join',
    keys.signing,
    writeJoinProof({ conversationId, accountId: keys.accountId, head, deviceId: keys.id, at, proof }),
  )

/**
 * Reads what a joiner sent, and says whether a link to this conversation vouches for its keys.
 * @throws SealedError `malformed`, `newer-suite`, `needs-list`, `list-broken`, `device-not-verified`, `bad-signature`
 */
export function checkJoinProof(
  primitives: Primitives,
  lists: Lists,
  chain: Chain,
  bytes: Uint8Array,
): JoinProof & { readonly invited: boolean } {
  const join = readJoinProof(bytes)
  if (join.conversationId !== chain.conversationId)
    throw new SealedError('malformed', 'It is for another conversation.')
  const device = deviceAt(listAt(lists, join), join.deviceId, join.head.index)
  if (!device) throw new SealedError('device-not-verified', "The joiner's device is not in its list.")
  if (!isSignedUnder(primitives, 'join', device.signing, bytes))
    throw new SealedError('bad-signature', "It is not signed by the joiner's device.")
  return { ...join, invited: join.proof !== null && vouchesFor(primitives, chain, join, join.proof) }
}

function vouchesFor(primitives: Primitives, chain: Chain, join: JoinProof, proof: InviteProof): boolean {
  const until = chain.invites.get(proof.invite)
  const { conversationId, accountId, head } = join
  const part = invitePart(conversationId, chain.hashes[0] ?? zeroHash, accountId, head.identity)
  return until !== undefined && join.at <= until && primitives.verify(proof.invite, part, proof.signature)
}
