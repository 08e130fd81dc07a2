import { z } from 'zod'
import { Me, Person, Presence } from './accounts.ts'
import {
  Conversation,
  Invitation,
  Joined,
  JoinRequest,
  Member,
  MyConversation,
  ReadMarker,
  Requests,
} from './conversations.ts'
import { AccountId, ConversationId, Position, SessionId } from './ids.ts'
import { Message } from './messages.ts'
import {
  BackupEntry,
  ChainLogEntry,
  DeviceListEntry,
  GrantsEntry,
  KeyRequestEntry,
  LinkAnswerEntry,
  LinkRequestEntry,
} from './sealed/wire.ts'

/**
 * The log's entries. Each says how something now is, not how it changed, so that reading one twice or early does no
 * harm: a reader takes what it says. What an entry says of a message is what the message says now: a replayed
 * `message` of one that was deleted since no longer holds its text.
 */
const entry = <Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) =>
  z.strictObject({ position: Position, kind: z.literal(kind), ...shape })

export const Entry = z.discriminatedUnion('kind', [
  /** A new message; its id is the entry's position. */
  entry('message', { message: Message }),
  /** A message was edited, deleted, or reacted to. */
  entry('message-changed', { message: Message }),
  entry('conversation', { conversation: Conversation }),
  /** Somebody joined, or has another role now. */
  entry('member', {
    conversationId: ConversationId,
    member: Member,
    memberCount: z.int(),
    by: AccountId.nullable(),
  }),
  entry('member-left', {
    conversationId: ConversationId,
    accountId: AccountId,
    memberCount: z.int(),
    by: AccountId.nullable(),
  }),
  /** To the account alone: it is in this conversation from here on. */
  entry('joined', Joined.shape),
  /** To the account alone: it is no longer in this conversation. */
  entry('left', { conversationId: ConversationId, by: AccountId.nullable() }),
  /** To the account alone, for its other devices. */
  entry('read', ReadMarker.shape),
  /** To the one who asks, and to everybody who may decide. */
  entry('join-request', { request: JoinRequest }),
  /** To the two people. */
  entry('invitation', { invitation: Invitation }),
  /** To everybody: a new account, or a changed profile. */
  entry('person', { person: Person }),
  /** To the account alone: this session is over, whoever ended it. */
  entry('session-ended', { sessionId: SessionId }),
  DeviceListEntry,
  ChainLogEntry,
  GrantsEntry,
  KeyRequestEntry,
  LinkRequestEntry,
  LinkAnswerEntry,
  BackupEntry,
])
export type Entry = z.infer<typeof Entry>
export type EntryKind = Entry['kind']

/** What the stream brings. The id of each tracked event is the cursor at which its reader then stands. */
export const StreamEvent = z.discriminatedUnion('kind', [
  /** Entries in order, never none. */
  z.strictObject({ kind: z.literal('entries'), entries: z.array(Entry).min(1) }),
  /** The reader has everything up to here; what follows happens now. Also sent now and then to move a quiet reader's cursor. */
  z.strictObject({ kind: z.literal('live') }),
  /** The log does not lead from the reader's cursor to here: take a new snapshot, and follow from its cursor (P4). */
  z.strictObject({ kind: z.literal('resync'), reason: z.enum(['log-too-short', 'cursor-unknown']) }),
  /** Not logged: who came and went lately. */
  z.strictObject({ kind: z.literal('presence'), changes: z.array(Presence) }),
  /** Not logged: somebody is writing; holds for `typingTtlMs`, unless they say it again. */
  z.strictObject({ kind: z.literal('typing'), conversationId: ConversationId, accountId: AccountId }),
])
export type StreamEvent = z.infer<typeof StreamEvent>

/** `cursor` is where to start; `lastEventId` is what a tRPC client sets when it resumes, and goes before it. */
export const Follow = z.strictObject({
  cursor: Position,
  /** From the snapshot; a server whose data is not that log's answers `resync`. */
  logId: z.string().max(64).optional(),
  lastEventId: z
    .string()
    .regex(/^\d{1,16}$/)
    .refine((id) => Number.isSafeInteger(Number(id)), 'must be a position')
    .optional(),
})
export type Follow = z.infer<typeof Follow>

/**
 * A new client's start: everything here is as it was at `cursor`, and following from `cursor` brings what comes
 * after. More conversations than one page holds come through `conversations.mine` from `next` on; those pages may be
 * newer than the cursor, which is harmless, as entries say how things are.
 */
export const Snapshot = z.strictObject({
  cursor: Position,
  logId: z.string(),
  me: Me,
  conversations: z.array(MyConversation),
  next: z.string().nullable(),
  requests: Requests,
})
export type Snapshot = z.infer<typeof Snapshot>
