import type { Invitation, JoinRequest } from '@parley/domain/conversations'
import type { AccountId } from '@parley/domain/ids'
import type { InferSelectModel } from 'drizzle-orm'
import type { ConversationRow, MemberRow } from '../../stores.ts'
import { listingKey } from '../folding.ts'
import type { NewRow } from '../query.ts'
import type { conversation, invitation, joinRequest, member } from '../schema/conversations.ts'
import { flag } from './flag.ts'

/** What of a conversation is told; the rest is for finding and counting. */
export type ConversationColumns = Omit<
  InferSelectModel<typeof conversation>,
  'number' | 'nameKey' | 'directKey' | 'makerId' | 'memberCount'
>

export const conversationOf = (row: ConversationColumns): ConversationRow => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  description: row.description,
  joinPolicy: row.joinPolicy,
  listed: row.listed === 1,
  sealed: row.sealed === 1,
  founderId: row.founderId,
  ...(row.directOne !== null && row.directOther !== null && { directWith: [row.directOne, row.directOther] }),
  ...(row.clientConversationId !== null && { clientConversationId: row.clientConversationId }),
  createdAt: row.createdAt,
  closedAt: row.closedAt,
  passwordHash: row.passwordHash,
})

/** The pair in one order, whoever asked. */
export const directKey = (one: string, other: string) => (one < other ? one + other : other + one)

/** Who made it stays, whoever the founder is by now. */
export const storedConversation = (
  row: ConversationRow,
  memberCount: number,
  makerId: AccountId | null,
): NewRow<typeof conversation> => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  nameKey: listingKey(row.name),
  description: row.description,
  joinPolicy: row.joinPolicy,
  passwordHash: row.passwordHash,
  listed: flag(row.listed),
  sealed: flag(row.sealed),
  founderId: row.founderId,
  directOne: row.directWith?.[0] ?? null,
  directOther: row.directWith?.[1] ?? null,
  directKey: row.directWith ? directKey(...row.directWith) : null,
  clientConversationId: row.clientConversationId ?? null,
  makerId,
  createdAt: row.createdAt,
  closedAt: row.closedAt,
  memberCount,
})

export type StoredMember = InferSelectModel<typeof member>

export const memberOf = (row: StoredMember): MemberRow => ({
  conversationId: row.conversationId,
  accountId: row.accountId,
  role: row.role,
  joinedAt: row.joinedAt,
  joinedPosition: row.joinedPosition,
  readUpTo: row.readUpTo,
  readOrdinal: row.readOrdinal,
  ...(row.keyMaterial !== null && { keyMaterial: row.keyMaterial }),
  ...(row.grant !== null && { grant: row.grant }),
})

export const storedMember = (row: MemberRow): NewRow<typeof member> => ({
  conversationId: row.conversationId,
  accountId: row.accountId,
  role: row.role,
  joinedAt: row.joinedAt,
  joinedPosition: row.joinedPosition,
  readUpTo: row.readUpTo,
  readOrdinal: row.readOrdinal,
  keyMaterial: row.keyMaterial ?? null,
  grant: row.grant ?? null,
})

export const joinRequestOf = (
  row: InferSelectModel<typeof joinRequest>,
  conversationName: string,
): JoinRequest => ({
  conversationId: row.conversationId,
  conversationName,
  accountId: row.accountId,
  state: row.state,
  askedAt: row.askedAt,
  decidedAt: row.decidedAt,
  decidedBy: row.decidedBy,
  ...(row.keyMaterial !== null && { keyMaterial: row.keyMaterial }),
  ...(row.grant !== null && { grant: row.grant }),
  ...(row.seen === 1 && { seen: true }),
})

export const storedJoinRequest = (
  row: Omit<JoinRequest, 'conversationName'>,
): NewRow<typeof joinRequest> => ({
  conversationId: row.conversationId,
  accountId: row.accountId,
  state: row.state,
  askedAt: row.askedAt,
  decidedAt: row.decidedAt,
  decidedBy: row.decidedBy,
  keyMaterial: row.keyMaterial ?? null,
  grant: row.grant ?? null,
  seen: flag(row.seen ?? false),
})

export const invitationOf = (row: InferSelectModel<typeof invitation>): Invitation => ({
  fromId: row.fromId,
  toId: row.toId,
  state: row.state,
  sentAt: row.sentAt,
  decidedAt: row.decidedAt,
  conversationId: row.conversationId,
  ...(row.keyMaterial !== null && { keyMaterial: row.keyMaterial }),
  ...(row.seen === 1 && { seen: true }),
})

export const storedInvitation = (row: Invitation): NewRow<typeof invitation> => ({
  fromId: row.fromId,
  toId: row.toId,
  state: row.state,
  sentAt: row.sentAt,
  decidedAt: row.decidedAt,
  conversationId: row.conversationId,
  keyMaterial: row.keyMaterial ?? null,
  seen: flag(row.seen ?? false),
})
