import { type JoinPolicy, type Role } from '../conversations.ts'
import { AccountId, ConversationId, DeviceId } from '../ids.ts'
import { chainEntryBytesMax, chainMembersPerEntryMax } from '../limits.ts'
import {
  ByteReader,
  ByteWriter,
  type Checks,
  type Hash,
  labelled,
  type PublicKey,
  signatureBytes,
  structures,
  suite,
} from './bytes.ts'
import { SealedError } from './causes.ts'
import type { Head } from './device-list.ts'

const forms = ['direct', 'group'] as const
const joinPolicies = ['open', 'password', 'approval', 'closed'] as const satisfies readonly JoinPolicy[]
const roles = ['member', 'admin', 'founder'] as const satisfies readonly Role[]
const histories = ['joining', 'everything'] as const

/** What newcomers may read: from their joining on, or everything. */
export type HistoryPolicy = (typeof histories)[number]

/** A member with the head of its device list. The zero head: it has no devices yet. */
export interface MemberRef {
  readonly accountId: AccountId
  readonly head: Head
}

/** That whoever joins has the link: a signature of the invite's key. */
export interface InviteProof {
  readonly invite: PublicKey
  readonly signature: Uint8Array
}

export type ChainChange =
  | {
      readonly op: 'create'
      readonly form: (typeof forms)[number]
      readonly joinPolicy: JoinPolicy
      readonly history: HistoryPolicy
      readonly epoch: Hash
      readonly members: readonly (MemberRef & { readonly role: Role })[]
    }
  | { readonly op: 'add'; readonly members: readonly MemberRef[]; readonly epoch: Hash | null }
  | { readonly op: 'join'; readonly proof: InviteProof | null }
  | { readonly op: 'leave' }
  | {
      readonly op: 'remove'
      readonly accountIds: readonly AccountId[]
      readonly epoch: Hash
      readonly heads: readonly MemberRef[]
    }
  | { readonly op: 'role'; readonly accountId: AccountId; readonly role: Role }
  | { readonly op: 'epoch'; readonly epoch: Hash; readonly heads: readonly MemberRef[] }
  | { readonly op: 'policy'; readonly joinPolicy: JoinPolicy; readonly history: HistoryPolicy }
  | { readonly op: 'invite'; readonly invite: PublicKey; readonly until: number }
  | { readonly op: 'withdraw'; readonly invite: PublicKey }

export type ChainOp = ChainChange['op']

export interface ChainEntry {
  readonly conversationId: ConversationId
  readonly index: number
  readonly previous: Hash
  /** Milliseconds since 1970 by the author's clock. */
  readonly at: number
  readonly authorId: AccountId
  readonly authorHead: Head
  readonly deviceId: DeviceId
  readonly change: ChainChange
}

const ops = [
  'create',
  'add',
  'join',
  'leave',
  'remove',
  'role',
  'epoch',
  'policy',
  'invite',
  'withdraw',
] as const satisfies readonly ChainOp[]

export const writeHead = (out: ByteWriter, { identity, index, hash }: Head): void =>
  void out.hash(identity).u32(index).hash(hash)

export const readHead = (from: ByteReader): Head => ({
  identity: from.hash(),
  index: from.u32(),
  hash: from.hash(),
})

export const writeInviteProof = (out: ByteWriter, proof: InviteProof | null): void =>
  void out.option(proof, ({ invite, signature }) => out.hash(invite).raw(signature))

export const readInviteProof = (from: ByteReader): InviteProof | null =>
  from.option(() => ({ invite: from.hash(), signature: from.raw(signatureBytes) }))

const byteOf = <T>(values: readonly T[], value: T): number => values.indexOf(value) + 1

/** All of an entry but its signature. */
export function writeChainEntry(entry: ChainEntry): Uint8Array {
  const out = new ByteWriter().u8(suite).u8(structures.chainEntry).ascii(entry.conversationId)
  out.u32(entry.index).hash(entry.previous).u64(entry.at).ascii(entry.authorId)
  writeHead(out, entry.authorHead)
  out.ascii(entry.deviceId).u8(byteOf<ChainOp>(ops, entry.change.op))
  writeChange(out, entry.change)
  return out.done()
}

function writeChange(out: ByteWriter, change: ChainChange): void {
  const member = ({ accountId, head }: MemberRef) => writeHead(out.ascii(accountId), head)
  switch (change.op) {
    case 'create':
      out.u8(byteOf(forms, change.form)).u8(byteOf(joinPolicies, change.joinPolicy))
      out.u8(byteOf(histories, change.history)).hash(change.epoch)
      out.list(change.members, (one) => {
        member(one)
        out.u8(byteOf(roles, one.role))
      })
      return
    case 'add':
      out.list(change.members, member).option(change.epoch, (epoch) => out.hash(epoch))
      return
    case 'join':
      return writeInviteProof(out, change.proof)
    case 'leave':
      return
    case 'remove':
      out
        .list(change.accountIds, (id) => out.ascii(id))
        .hash(change.epoch)
        .list(change.heads, member)
      return
    case 'role':
      out.ascii(change.accountId).u8(byteOf(roles, change.role))
      return
    case 'epoch':
      out.hash(change.epoch).list(change.heads, member)
      return
    case 'policy':
      out.u8(byteOf(joinPolicies, change.joinPolicy)).u8(byteOf(histories, change.history))
      return
    case 'invite':
      out.hash(change.invite).u64(change.until)
      return
    case 'withdraw':
      out.hash(change.invite)
  }
}

/** @throws SealedError `malformed`, `newer-suite`, `too-many` */
export function readChainEntry(bytes: Uint8Array): ChainEntry {
  if (bytes.length > chainEntryBytesMax) throw new SealedError('malformed', 'The entry is too large.')
  const from = new ByteReader(bytes)
  from.begin(structures.chainEntry)
  const entry = {
    conversationId: from.id(ConversationId),
    index: from.u32(),
    previous: from.hash(),
    at: from.u64(),
    authorId: from.id(AccountId),
    authorHead: readHead(from),
    deviceId: from.id(DeviceId),
    change: readChange(from),
  }
  from.raw(signatureBytes)
  from.end()
  return entry
}

function readChange(from: ByteReader): ChainChange {
  const member = () => ({ accountId: from.id(AccountId), head: readHead(from) })
  const members = () => from.list(chainMembersPerEntryMax, member)
  const op: ChainOp = from.oneOf(ops)
  switch (op) {
    case 'create':
      return {
        op,
        form: from.oneOf(forms),
        joinPolicy: from.oneOf(joinPolicies),
        history: from.oneOf(histories),
        epoch: from.hash(),
        members: from.list(chainMembersPerEntryMax, () => ({ ...member(), role: from.oneOf(roles) })),
      }
    case 'add':
      return { op, members: members(), epoch: from.option(() => from.hash()) }
    case 'join':
      return { op, proof: readInviteProof(from) }
    case 'leave':
      return { op }
    case 'remove':
      return {
        op,
        accountIds: from.list(chainMembersPerEntryMax, () => from.id(AccountId)),
        epoch: from.hash(),
        heads: members(),
      }
    case 'role':
      return { op, accountId: from.id(AccountId), role: from.oneOf(roles) }
    case 'epoch':
      return { op, epoch: from.hash(), heads: members() }
    case 'policy':
      return { op, joinPolicy: from.oneOf(joinPolicies), history: from.oneOf(histories) }
    case 'invite':
      return { op, invite: from.hash(), until: from.u64() }
    case 'withdraw':
      return { op, invite: from.hash() }
  }
}

/** What the key of an epoch is held against: it is in the chain, and says nothing of the key. */
export const commitmentOf = (
  checks: Pick<Checks, 'hash'>,
  conversationId: ConversationId,
  number: number,
  key: Uint8Array,
): Hash => checks.hash(labelled('epoch', new ByteWriter().ascii(conversationId).u32(number).raw(key).done()))

/** What the key of an invite signs for whoever joins with the link. */
export const invitePart = (
  conversationId: ConversationId,
  chain: Hash,
  accountId: AccountId,
  identity: Hash,
): Uint8Array =>
  labelled(
    'invite',
    new ByteWriter().ascii(conversationId).hash(chain).ascii(accountId).hash(identity).done(),
  )
