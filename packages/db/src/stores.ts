import type { Me, Person } from '@parley/domain/accounts'
import type {
  Conversation,
  Invitation,
  JoinPolicy,
  JoinRequest,
  ListedConversation,
  Member,
  Role,
} from '@parley/domain/conversations'
import type {
  AccountId,
  AttachmentId,
  ClientConversationId,
  ClientMessageId,
  ConversationId,
  InviteLinkId,
  MessageId,
  Position,
  SessionId,
  Timestamp,
  DeviceId,
} from '@parley/domain/ids'
import type { Attachment, Message, SearchMessages, Sent } from '@parley/domain/messages'
import type { Entry } from '@parley/domain/stream'
import type {
  BackupReads,
  BackupWrites,
  ChainReads,
  ChainWrites,
  DeviceReads,
  DeviceWrites,
  KeyReads,
  KeyWrites,
} from './sealed-stores.ts'

/**
 * Why a database is taken for one that was put back from a copy. `no-mark`: it was written by a server, and nothing
 * beside it says so. `other-mark`: what is beside it belongs to another run than its last. `behind`: it has less than
 * it had. `vacuumed`: it was made by `VACUUM`. `told`: the operator says so.
 */
export type RestoreReason = 'no-mark' | 'other-mark' | 'behind' | 'vacuumed' | 'told'

/**
 * The port between what Parley does and where it is kept. Every store answers with promises, so that a database
 * across a network can stand behind it; one contract suite runs over each implementation. A reading handle cannot
 * write: only `Database.write` hands out a `Writing`.
 */
export interface Database {
  readonly read: Reading
  /**
   * Runs `use` in a transaction and resolves with what it returned once that is on disk (P1). What `use` threw
   * rejects this promise alone: its writes are undone, and no other's. `use` may await nothing but its handle: the
   * transaction is shared with everybody else who writes now.
   *
   * @throws Refusal `storage-full` when the disk is; `too-many` when too many writes wait; `shutting-down` after `close`.
   */
  write<T>(use: (tx: Writing) => Promise<T>): Promise<T>
  /** Called once a commit, in order, before its writers learn of it; with the entries of all of them. */
  onCommit(listener: (entries: readonly LoggedEntry[]) => void): void
  /** The newest committed position. */
  head(): Position
  /** Why its log got a new id when it was opened: it was put back from a copy. Null where it was not. */
  readonly restored: RestoreReason | null
  /** Figures for the metrics. */
  readonly stats: WriteStats
  /** Finishes the writes that wait, and lets go of everything. */
  close(): Promise<void>
}

export interface WriteStats {
  groups: number
  writes: number
  refusedWrites: number
  waiting: number
  /** How many positions of the log are not yet in what searches look through. */
  searchBehind: number
}

/** Whom an entry is for: a conversation's members, one account, or everybody. */
export type Channel = ConversationId | AccountId | typeof everybody
export const everybody = '*'

interface Logged {
  readonly position: Position
  /** The whole entry as it goes on the wire. */
  readonly json: string
}

/** A committed entry, with what delivery acts on: the conversation somebody came into or left, the session that ended. */
export type LoggedEntry = Logged &
  (
    | { readonly kind: 'joined' | 'left'; readonly channel: AccountId; readonly subject: ConversationId }
    | { readonly kind: 'session-ended'; readonly channel: AccountId; readonly subject: SessionId }
    | {
        readonly kind: Exclude<Entry['kind'], 'joined' | 'left' | 'session-ended'>
        readonly channel: Channel
        readonly subject: null
      }
  )

type Without<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never

/** An entry before it has its position. Messages log themselves, through the store of messages. */
export type NewEntry = Without<Exclude<Entry, { kind: 'message' | 'message-changed' }>, 'position'>

/** Which channel an entry can go to: what only concerns an account goes to it alone. */
export type ChannelOf<Kind extends NewEntry['kind']> = Kind extends
  | 'joined'
  | 'left'
  | 'session-ended'
  | 'read'
  | 'join-request'
  | 'invitation'
  | 'grants'
  | 'link-request'
  | 'link-answer'
  | 'backup'
  ? AccountId
  : Kind extends 'person' | 'device-list'
    ? typeof everybody
    : ConversationId

export interface AccountRow extends Me {
  passwordHash: string | null
  lastSeenAt: Timestamp | null
}

export type PersonRow = Person & { lastSeenAt: Timestamp | null }

export interface AccountReads {
  byId(id: AccountId): Promise<AccountRow | null>
  byUsername(username: string): Promise<AccountRow | null>
  byIdentity(issuer: string, subject: string): Promise<AccountRow | null>
  /** What an issuer calls the account; null when it does not know it. */
  subjectOf(accountId: AccountId, issuer: string): Promise<string | null>
  /** In the order of their usernames' keys, disabled ones only when asked for. */
  page(input: { after?: string | undefined; limit: number; withDisabled?: boolean }): Promise<PersonRow[]>
  /** By the beginnings of the words of name, last name, display name and username; disabled ones only when asked for. */
  search(words: string, limit: number, options?: { withDisabled?: boolean }): Promise<PersonRow[]>
  /** Exactly this display name, name, last name, full name or username, letter case aside. */
  named(name: string, limit: number): Promise<PersonRow[]>
  ofOwner(ownerId: AccountId): Promise<PersonRow[]>
  many(ids: readonly AccountId[]): Promise<PersonRow[]>
  count(): Promise<number>
}

export interface AccountWrites extends AccountReads {
  /** @throws Refusal `username-taken` */
  insert(account: AccountRow): Promise<void>
  /** @throws Refusal `username-taken` */
  update(
    id: AccountId,
    change: Partial<Pick<AccountRow, ProfileKey | 'operator' | 'disabled' | 'passwordHash'>>,
  ): Promise<void>
  linkIdentity(id: AccountId, issuer: string, subject: string): Promise<void>
  setLastSeen(seen: readonly { id: AccountId; at: Timestamp }[]): Promise<void>
}

type ProfileKey = 'username' | 'displayName' | 'name' | 'lastName'

export interface SessionRow {
  id: SessionId
  accountId: AccountId
  /** SHA-256 of the token; the token itself is nowhere. */
  tokenHash: Uint8Array
  deviceName: string
  /** The device of the account's list that this session speaks for. */
  deviceId: DeviceId | null
  createdAt: Timestamp
  lastUsedAt: Timestamp
}

export interface SessionReads {
  byTokenHash(hash: Uint8Array): Promise<{ session: SessionRow; account: AccountRow } | null>
  byId(id: SessionId): Promise<SessionRow | null>
  ofAccount(accountId: AccountId): Promise<SessionRow[]>
  /** Those not used since `before`. */
  idle(before: Timestamp, limit: number): Promise<SessionRow[]>
}

export interface SessionWrites extends SessionReads {
  insert(session: SessionRow): Promise<void>
  remove(id: SessionId): Promise<boolean>
  setDevice(id: SessionId, deviceId: DeviceId): Promise<void>
  touch(used: readonly { id: SessionId; at: Timestamp }[]): Promise<void>
}

export interface InviteLinkRow {
  id: InviteLinkId
  secretHash: Uint8Array
  note: string
  usesLeft: number
  makesOperator: boolean
  createdAt: Timestamp
  expiresAt: Timestamp
}

export interface InviteLinkReads {
  bySecretHash(hash: Uint8Array): Promise<InviteLinkRow | null>
  all(): Promise<InviteLinkRow[]>
}

export interface InviteLinkWrites extends InviteLinkReads {
  insert(link: InviteLinkRow): Promise<void>
  /** Takes one use; a link with none left is gone. */
  use(id: InviteLinkId): Promise<void>
  remove(id: InviteLinkId): Promise<boolean>
}

export interface ConversationRow extends Conversation {
  passwordHash: string | null
}

export interface MemberRow extends Member {
  conversationId: ConversationId
  /** Of the entry `joined`: the member's stream brings the conversation's entries from here on. */
  joinedPosition: Position
  readUpTo: number
  readOrdinal: number
}

/** A conversation and what somebody is in it, in one look. */
export interface Standing {
  conversation: ConversationRow
  member: MemberRow | null
}

export interface MyConversationRow {
  conversation: ConversationRow
  member: MemberRow
  memberCount: number
  lastMessageJson: string | null
  unread: number
  mentions: number
}

export interface ConversationReads {
  byId(id: ConversationId): Promise<ConversationRow | null>
  standing(id: ConversationId, accountId: AccountId): Promise<Standing | null>
  directOf(one: AccountId, other: AccountId): Promise<ConversationRow | null>
  /** The group that an account has made under this name of its program. */
  madeAs(makerId: AccountId, clientConversationId: ClientConversationId): Promise<ConversationRow | null>
  /** Listed, open ones by name; `next` resumes after the page's last. */
  listed(input: {
    accountId: AccountId
    words?: string | undefined
    after?: string | undefined
    limit: number
  }): Promise<{ groups: ListedConversation[]; next: string | null }>
  /** With the newest activity first. */
  mine(input: {
    accountId: AccountId
    after?: string | undefined
    limit: number
  }): Promise<{ conversations: MyConversationRow[]; next: string | null }>
  mineOne(accountId: AccountId, id: ConversationId): Promise<MyConversationRow | null>
}

export interface ConversationWrites extends ConversationReads {
  /**
   * A group's maker is its founder by now.
   * @returns false when the maker has made one of the same client id; nothing is inserted then.
   */
  insert(conversation: ConversationRow): Promise<boolean>
  /**
   * The direct conversation of two people is made once, whoever asks.
   * @returns false when the pair has one already; nothing is inserted then.
   */
  insertDirect(conversation: ConversationRow): Promise<boolean>
  update(
    id: ConversationId,
    change: Partial<{
      name: string
      description: string
      joinPolicy: JoinPolicy
      passwordHash: string | null
      listed: boolean
      sealed: true
      founderId: AccountId
      closedAt: Timestamp
    }>,
  ): Promise<void>
}

export interface MemberReads {
  get(conversationId: ConversationId, accountId: AccountId): Promise<MemberRow | null>
  /** In the order of their account ids. */
  page(conversationId: ConversationId, after: AccountId | undefined, limit: number): Promise<MemberRow[]>
  count(conversationId: ConversationId): Promise<number>
  /** The founder and the admins. */
  deciders(conversationId: ConversationId): Promise<AccountId[]>
  /** Whose entries an account's stream brings, and from where on. */
  channelsOf(accountId: AccountId): Promise<{ conversationId: ConversationId; joinedPosition: Position }[]>
  /** In how many conversations the account is. */
  countOf(accountId: AccountId): Promise<number>
}

export interface MemberWrites extends MemberReads {
  /** @returns false when the account is a member already. */
  insert(member: MemberRow): Promise<boolean>
  remove(conversationId: ConversationId, accountId: AccountId): Promise<boolean>
  setRole(conversationId: ConversationId, accountId: AccountId, role: Role): Promise<void>
  /** Moves the read marker forward, never back. @returns how it stands then, and whether it moved. */
  advanceRead(
    conversationId: ConversationId,
    accountId: AccountId,
    messageId: MessageId,
  ): Promise<{ moved: boolean; readUpTo: number; unread: number; mentions: number }>
}

export interface MessagePage {
  /** Oldest first, each the message as it goes on the wire. */
  json: string[]
  hasOlder: boolean
  hasNewer: boolean
}

export type HistoryAnchor = { kind: 'newest' } | { kind: 'before' | 'after' | 'around'; position: number }

export interface MessageReads {
  page(conversationId: ConversationId, anchor: HistoryAnchor, limit: number): Promise<MessagePage>
  get(conversationId: ConversationId, id: MessageId): Promise<Message | null>
  byClientId(
    authorId: AccountId,
    id: ClientMessageId,
  ): Promise<(Sent & { conversationId: ConversationId }) | null>
  /** The first message sent at or after `at`. */
  atTime(conversationId: ConversationId, at: Timestamp): Promise<MessageId | null>
  /** Newest first, in the conversations that the account is a member of now. Runs beside everything else. */
  search(accountId: AccountId, query: SearchMessages): Promise<{ json: string[]; next: MessageId | null }>
}

/** A message before it has its place. */
export type NewMessage = Omit<Message, 'id' | 'ordinal'>

export interface MessageWrites extends MessageReads {
  /**
   * Gives the message its position and ordinal, stores it, and logs the entry `message` for its conversation.
   * A repeated client id returns what the first one got, and changes nothing (P2).
   */
  insert(message: NewMessage): Promise<Sent & { conversationId: ConversationId }>
  /** Stores what has become of the message, and logs `message-changed`. */
  replace(message: Message): Promise<Position>
}

export interface AttachmentRow extends Attachment {
  ownerId: AccountId
  /** SHA-256 of the content, in hex: where it lies. */
  contentHash: string
  uploadedAt: Timestamp
}

export interface AttachmentReads {
  get(id: AttachmentId): Promise<AttachmentRow | null>
  many(ids: readonly AttachmentId[]): Promise<AttachmentRow[]>
  /** Its owner may, and every member of a conversation in which an undeleted message carries it. */
  mayRead(id: AttachmentId, accountId: AccountId): Promise<boolean>
  /** Uploaded before `before`, and carried by no message. */
  orphans(before: Timestamp, limit: number): Promise<AttachmentRow[]>
  isContentUsed(contentHash: string): Promise<boolean>
  /** A page of all content hashes in use, for checking a data folder. */
  contentHashes(after: string, limit: number): Promise<{ contentHash: string; bytes: number }[]>
}

export interface AttachmentWrites extends AttachmentReads {
  insert(attachment: AttachmentRow): Promise<void>
  remove(id: AttachmentId): Promise<void>
}

export interface RequestReads {
  joinRequest(conversationId: ConversationId, accountId: AccountId): Promise<JoinRequest | null>
  /** Waiting ones of a conversation, oldest first. */
  waitingIn(conversationId: ConversationId, limit: number): Promise<JoinRequest[]>
  waitingCount(conversationId: ConversationId): Promise<number>
  /** Waiting ones of all groups that the account is founder or admin of. */
  toDecide(accountId: AccountId, limit: number): Promise<JoinRequest[]>
  /** The account's own: waiting, or decided since `since`. */
  joinRequestsOf(accountId: AccountId, since: Timestamp, limit: number): Promise<JoinRequest[]>
  invitation(fromId: AccountId, toId: AccountId): Promise<Invitation | null>
  /** Sent and received: waiting, or decided since `since`. */
  invitationsOf(accountId: AccountId, since: Timestamp, limit: number): Promise<Invitation[]>
  invitationsWaitingFrom(accountId: AccountId): Promise<number>
}

export interface RequestWrites extends RequestReads {
  putJoinRequest(request: Omit<JoinRequest, 'conversationName'>): Promise<void>
  putInvitation(invitation: Invitation): Promise<void>
}

export interface LogPage {
  json: string[]
  /** Everything up to here that the reader may see has been read. */
  upTo: Position
}

/** Where in the log a reader looks: its conversations from where it joined each, its own channel, and everybody's. */
export interface LogScope {
  accountId: AccountId
  conversations: readonly { conversationId: ConversationId; joinedPosition: Position }[]
}

export interface LogReads {
  /** Names this log: a server restored into another has another one. */
  id(): Promise<string>
  /** The log reaches back to the entry after this position. */
  keptAfter(): Promise<Position>
  /** Entries after `after`, at most as many as the named limits of a feed page allow. */
  page(scope: LogScope, after: Position, upTo: Position): Promise<LogPage>
}

export interface LogWrites extends LogReads {
  append<E extends NewEntry>(channel: ChannelOf<E['kind']>, entry: E): Promise<Position>
  /** The position that the next entry of this transaction will have. */
  next(): Position
  /** Forgets entries (never messages) up to a position, at most `limit` of them. @returns how many are gone. */
  prune(upTo: Position, limit: number): Promise<number>
}

export interface Reading {
  readonly accounts: AccountReads
  readonly sessions: SessionReads
  readonly inviteLinks: InviteLinkReads
  readonly conversations: ConversationReads
  readonly members: MemberReads
  readonly messages: MessageReads
  readonly attachments: AttachmentReads
  readonly requests: RequestReads
  readonly devices: DeviceReads
  readonly chains: ChainReads
  readonly keys: KeyReads
  readonly backups: BackupReads
  readonly log: LogReads
  /**
   * Runs several reads on one state of the database, and says how far its log had come.
   */
  at<T>(use: (read: Reading, head: Position) => Promise<T>): Promise<T>
}

export interface Writing {
  readonly accounts: AccountWrites
  readonly sessions: SessionWrites
  readonly inviteLinks: InviteLinkWrites
  readonly conversations: ConversationWrites
  readonly members: MemberWrites
  readonly messages: MessageWrites
  readonly attachments: AttachmentWrites
  readonly requests: RequestWrites
  readonly devices: DeviceWrites
  readonly chains: ChainWrites
  readonly keys: KeyWrites
  readonly backups: BackupWrites
  readonly log: LogWrites
}
