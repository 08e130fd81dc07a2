import { AccountId, ConversationId, DeviceId } from '../ids.ts'
import { ByteReader, ByteWriter, signatureBytes, structures, suite } from './bytes.ts'
import { type InviteProof, readHead, readInviteProof, writeHead, writeInviteProof } from './chain-entry.ts'
import type { Head } from './device-list.ts'

/** Who asks to be let in, with which keys; travels as the key material of a join request. */
export interface JoinProof {
  readonly conversationId: ConversationId
  readonly accountId: AccountId
  readonly head: Head
  readonly deviceId: DeviceId
  readonly at: number
  readonly proof: InviteProof | null
}

/** All of it but the signature. */
export function writeJoinProof(proof: JoinProof): Uint8Array {
  const out = new ByteWriter().u8(suite).u8(structures.joinProof).ascii(proof.conversationId)
  writeHead(out.ascii(proof.accountId), proof.head)
  writeInviteProof(out.ascii(proof.deviceId).u64(proof.at), proof.proof)
  return out.done()
}

/** @throws SealedError `malformed`, `newer-suite` */
export function readJoinProof(bytes: Uint8Array): JoinProof {
  const from = new ByteReader(bytes)
  from.begin(structures.joinProof)
  const proof = {
    conversationId: from.id(ConversationId),
    accountId: from.id(AccountId),
    head: readHead(from),
    deviceId: from.id(DeviceId),
    at: from.u64(),
    proof: readInviteProof(from),
  }
  from.raw(signatureBytes)
  from.end()
  return proof
}
