import type { Me, Person, PersonWithPresence } from '@parley/domain/accounts'
import type { Conversation, Invitation, JoinRequest, Member, Role } from '@parley/domain/conversations'
import type { AccountId, ConversationId, DeviceId, MessageId } from '@parley/domain/ids'
import type { Attachment, Message } from '@parley/domain/messages'
import type { SealedCause } from '@parley/domain/sealed/causes'
import type { CertificateKind } from '@parley/domain/sealed/device-list'
import type { HistoryPolicy } from '@parley/domain/sealed/chain-entry'
import type { ErrorKind } from '@parley/client/parley-error'
import type {
  Action,
  AttachmentKey,
  ConversationKey,
  DraftAttachmentId,
  MessageKey,
  NotificationLevel,
  OperationId,
} from './actions.ts'

/** Why an operation was refused. Go by `kind`; `message` is for people who read English. */
export interface Problem {
  readonly kind: ErrorKind
  readonly message: string
  readonly field?: string | undefined
}

/**
 * `waiting` to be sent, or for what it depends on; `sending`; `unconfirmed`: it was sent, the answer was lost, and it is
 * asked for again by itself; `sent`: the server has it, and the stream will bring it; `refused`: for the person to retry
 * or undo.
 */
export type OperationState = 'waiting' | 'sending' | 'unconfirmed' | 'sent' | 'refused'

export interface Operation {
  readonly id: OperationId
  readonly action: Action
  readonly state: OperationState
  readonly problem: Problem | null
  /** Milliseconds since 1970, by this device's clock. */
  readonly madeAt: number
  /** The conversation that a `make-group` or `open-direct` makes, by its local id; the real one where it is known. */
  readonly makes: ConversationKey | null
  /** How far its attachments are on their way, together; null where it has none. */
  readonly upload: Progress | null
}

export interface Progress {
  readonly doneBytes: number
  readonly bytes: number
}

/** A conversation as the sidebar and the head of the timeline show it, with everything that waits applied on top. */
export interface ConversationView {
  readonly id: ConversationKey
  readonly conversation: Omit<Conversation, 'id'>
  readonly role: Role
  readonly memberCount: number
  /** Of a direct conversation. */
  readonly other: Person | null
  readonly otherId: AccountId | null
  readonly lastMessage: TimelineMessage | null
  readonly readUpTo: number
  readonly unread: number
  readonly mentions: number
  readonly draft: DraftView | null
  /** What of it waits or was refused, messages apart: a rename, a leaving, its very making. */
  readonly pending: readonly OperationId[]
  /** How many operations of it were refused, messages among them. */
  readonly problems: number
  readonly notificationLevel: NotificationLevel
  /** Nothing was chosen for it: it is what is usual for its kind. */
  readonly isUsualLevel: boolean
  /** Whether nothing in it is told of: it does not count for the badge. */
  readonly muted: boolean
  /** How it stands with its keys; null of a plain one. */
  readonly sealing: SealingView | null
}

/**
 * `open`: everything was checked, and can be read and written. `waiting`: keys are on their way, and the cause says what
 * for. `broken`: the server showed something that cannot be, and the cause says what.
 */
export interface SealingView {
  readonly state: 'open' | 'waiting' | 'broken'
  readonly cause: SealedCause | null
  /** Whether the safety number was compared with every other member. */
  readonly verified: boolean
  /** What newcomers may read. */
  readonly history: HistoryPolicy
}

/** Something that people are to know of a sealed conversation; it stands in its timeline at a position. */
export type SealedNotice = { readonly at: number; readonly position: number } & (
  | { readonly kind: 'sealed'; readonly by: AccountId }
  | { readonly kind: 'identity-changed'; readonly accountId: AccountId }
  | { readonly kind: 'device-added' | 'device-revoked'; readonly accountId: AccountId }
  | { readonly kind: 'lied'; readonly cause: SealedCause }
  | { readonly kind: 'history'; readonly policy: HistoryPolicy; readonly by: AccountId }
)

/**
 * Where this device stands among its account's devices. `unknown`: the server was not heard yet. `not-linked`: the account
 * has devices, and this is none of them yet; `waiting` once a code was entered. `keyChanged`: another device has changed the key
 * of the account, and none has given it to this one yet, which reads and writes, but adds, revokes and backs up nothing.
 */
export type EncryptionView =
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'ready'
      readonly deviceId: DeviceId
      readonly recovery: Recovery
      readonly keyChanged: boolean
    }
  | { readonly kind: 'not-linked'; readonly waiting: boolean }

/** Whether there is a recovery code, and whether the person has shown to have it. */
export type Recovery = 'none' | 'unconfirmed' | 'made'

/** A device of the account. */
export interface DeviceView {
  readonly id: DeviceId
  readonly kind: CertificateKind
  /** Milliseconds since 1970, by the clock of the device that took it in. */
  readonly addedAt: number
  readonly revoked: boolean
  /** Whether it is this one. */
  readonly current: boolean
}

/** A code to be entered on a new device, until when it is answered. */
export interface LinkCode {
  readonly code: string
  /** Milliseconds since 1970. */
  readonly until: number
}

/** Equal on both sides where the server has swapped nobody's keys. */
export interface SafetyNumberView {
  /** 60, in groups of five with a space between. */
  readonly digits: string
  readonly verified: boolean
}

/** What is unread altogether, muted conversations apart. */
export interface Badge {
  readonly unread: number
  readonly mentions: number
}

/** What an account takes up on a device. */
export interface StorageView {
  /** The store with all that is in it, on disk. */
  readonly bytes: number
  readonly messages: number
  /** Copies of the server's attachments, which `clearAttachmentCache` drops. */
  readonly attachments: number
  readonly attachmentBytes: number
  /** Files of drafts and of messages that wait. */
  readonly outgoingBytes: number
  /** Whether the whole history is brought, as `keepEverything` was told. */
  readonly keepsEverything: boolean
}

/**
 * What a person is to be told of, once each. `message`: one came. `missed`: more came while there was no connection than
 * anybody wants to hear of one by one. `withdrawn`: it was read, on whichever device, or is gone.
 */
export type NotifyEvent =
  | {
      readonly kind: 'message'
      readonly reason: NotifyReason
      readonly conversationId: ConversationId
      readonly messageId: MessageId
      readonly authorId: AccountId
      /** The name to show; null of somebody who is not known yet. */
      readonly author: string | null
      /** The group's name; null of a direct conversation. */
      readonly group: string | null
      /** Null while it cannot be read. It is Markdown, as it was written. */
      readonly text: string | null
      readonly attachments: number
      readonly sentAt: number
    }
  | {
      readonly kind: 'missed'
      readonly messages: number
      readonly mentions: number
      /** Those in which they are, up to `notifyMissedMax` messages back. */
      readonly conversationIds: readonly ConversationId[]
    }
  | {
      readonly kind: 'withdrawn'
      readonly conversationId: ConversationId
      readonly messageIds: readonly MessageId[]
    }

/** In a direct conversation, by mentioning the person, or in a group that the person wants to hear all of. */
export type NotifyReason = 'direct' | 'mention' | 'message'

export interface Draft {
  readonly text: string
  readonly replyTo?: MessageKey | undefined
  /** The message that is being edited rather than a new one written. */
  readonly editing?: MessageKey | undefined
  /** What was being written when the editing began; it is gone on with afterwards. */
  readonly aside?: string | undefined
}

/** A draft as it is kept; `saveDraft` says nothing of its attachments. */
export interface DraftView extends Draft {
  /** In the order in which they were added. */
  readonly attachments: readonly DraftAttachment[]
}

/** A file that was added to a draft: its bytes are in the store. */
export interface DraftAttachment {
  readonly id: DraftAttachmentId
  readonly conversationId: ConversationKey
  readonly name: string
  readonly mediaType: string
  readonly bytes: number
}

/** A file to be added to a draft: as bytes, as pieces of them that come, or by its path, which is read part by part. */
export interface NewAttachment {
  readonly name: string
  /** Such as `image/png`; empty where nothing is known of it. */
  readonly mediaType: string
  readonly content: Uint8Array | AsyncIterable<Uint8Array> | { readonly path: string }
}

/** An attachment of a message, also of one that waits. `engine.attachment(id, message.id)` brings its bytes in either case. */
export interface AttachmentView extends Omit<Attachment, 'id'> {
  readonly id: AttachmentKey
  /** What the server has of it, of a message that waits; null of one that it has. */
  readonly sentBytes: number | null
  /** Whether its bytes are on this device. */
  readonly held: boolean
}

/** Bytes on their way, to the server or from it. */
export interface Transfer extends Progress {
  readonly direction: 'up' | 'down'
  readonly attachmentId: AttachmentKey
  /** The message that an upload goes with. */
  readonly operationId: OperationId | null
  readonly conversationId: ConversationKey | null
}

/** Where a message stands on its way: `confirmed` ones came from the server. */
export type Delivery = 'confirmed' | 'sending' | 'sent' | 'unconfirmed' | 'failed'

/** What a message says. `closed`: it cannot be read, or not yet; `heals` where that mends by itself. */
export type ContentView = Message['content'] | ClosedContent

export interface ClosedContent {
  readonly kind: 'closed'
  readonly cause: SealedCause
  readonly heals: boolean
}

export interface TimelineMessage {
  /** Stays the same from the first keystroke to the confirmation, for lists that key by it. */
  readonly key: string
  /** Null until the server has named it. */
  readonly id: MessageId | null
  readonly operationId: OperationId | null
  readonly delivery: Delivery
  readonly problem: Problem | null
  readonly authorId: AccountId
  /** The server's time; for messages that wait, this device's. */
  readonly sentAt: number
  readonly ordinal: number | null
  readonly content: ContentView
  /** Whether it came sealed, or goes so. */
  readonly sealed: boolean
  readonly replyTo: MessageKey | null
  /** The message replied to, where it is held. */
  readonly repliedTo: (Pick<Message, 'id' | 'authorId'> & { readonly content: ContentView }) | null
  readonly mentions: readonly AccountId[]
  readonly mentionsEveryone: boolean
  readonly mentionsMe: boolean
  readonly attachments: readonly AttachmentView[]
  readonly reactions: NonNullable<Message['reactions']>
  readonly editedAt: number | null
  /** Operations on it that wait or were refused: an edit, a deletion, a reaction. */
  readonly pending: readonly OperationId[]
  readonly pendingProblem: Problem | null
}

/**
 * What lies beyond an end of a window: `none`, the conversation begins or ends here; `held`, ask for the next window;
 * `missing`, there is more on the server, which `fill` brings.
 */
export type Beyond = 'none' | 'held' | 'missing'

/**
 * A part of a conversation without gaps: neighbours in `items` are neighbours in the conversation, always. Messages that
 * wait or failed stand at the end of the window that reaches the newest.
 */
export interface Timeline {
  /** Oldest first. */
  readonly items: readonly TimelineMessage[]
  readonly older: Beyond
  readonly newer: Beyond
  /** The first message that is not read, where it is in this window: the "New" line goes above it. */
  readonly firstUnreadId: MessageId | null
}

export interface TimelineQuery {
  readonly conversationId: ConversationKey
  readonly at: TimelineAnchor
  /** Messages, pending ones apart. */
  readonly limit?: number | undefined
}

/** `before` and `after` leave the message named out. `first-unread` is the newest where all is read. */
export type TimelineAnchor =
  | { readonly kind: 'newest' }
  | { readonly kind: 'first-unread' }
  | { readonly kind: 'around' | 'before' | 'after'; readonly messageId: MessageId }

export interface MemberView extends Omit<Member, 'joinedAt'> {
  /** Null while the adding waits. */
  readonly joinedAt: number | null
  readonly person: PersonView | null
  readonly pending: readonly OperationId[]
}

export interface MembersView {
  readonly members: readonly MemberView[]
  /** False until `loadMembers` has brought them all once. */
  readonly complete: boolean
}

export type PersonView = PersonWithPresence

export interface RequestsView {
  /** Waiting requests for groups that the account may decide on. */
  readonly toDecide: readonly JoinRequest[]
  /** The account's own, and what became of them. */
  readonly mine: readonly JoinRequest[]
  readonly invitations: readonly Invitation[]
  /** Answers and requests of this device that wait or were refused. */
  readonly pending: readonly Operation[]
}

export interface SearchQuery {
  readonly words: string
  readonly conversationId?: ConversationId | undefined
  readonly authorId?: AccountId | undefined
  /** Milliseconds since 1970 by the server's clock; from the first of them on, up to before the other. */
  readonly sentAfter?: number | undefined
  readonly sentBefore?: number | undefined
  /** Finds older ones than this. */
  readonly before?: MessageId | undefined
  readonly limit?: number | undefined
}

export interface SearchPage {
  /** Newest first. */
  readonly messages: readonly Message[]
  /** Hand it back as `before`; null when there is no more. */
  readonly next: MessageId | null
  /** Whether all that could be found is held, or only what this device holds was looked through. */
  readonly scope: 'held' | 'everything'
  /** Why the server could not be asked, where it was to be. */
  readonly problem?: Problem | undefined
  /**
   * Why the server is not asked: of what is said in a `sealed` conversation it never is, and of words that are looked for
   * `everywhere` not unless the person wants that.
   */
  readonly unasked?: 'sealed' | 'everywhere' | undefined
}

/** Whether words that are looked for everywhere go to the server, and whether the person has said so. */
export interface SearchReach {
  readonly asksServer: boolean
  readonly isChosen: boolean
}

export type MeView = Me

/** The connection, and whether what is shown is up to date. */
export type ConnectionView =
  | { readonly kind: 'connecting' }
  /** `caughtUp` is false while what was missed is still coming. */
  | { readonly kind: 'online'; readonly caughtUp: boolean }
  | { readonly kind: 'waiting'; readonly reason: string; readonly nextTryAt: number }
  /** The session has ended: sign in again. What waits in the outbox is kept. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'closed' }

/**
 * What a change touched. `conversations` is the sidebar's list, `conversation` the head and timeline of one, `members`
 * those of one. `transfers` is told whenever bytes went up or came down,
 * `encryption` where this device, the account's other devices or somebody's safety number changed,
 * `notifications` when it was changed what one is told of, `badge` when it may have changed.
 */
export type Topic =
  | 'conversations'
  | 'people'
  | 'presence'
  | 'requests'
  | 'outbox'
  | 'connection'
  | 'me'
  | 'transfers'
  | 'notifications'
  | 'badge'
  | 'settings'
  | 'encryption'
  | `conversation:${string}`
  | `members:${string}`
  | `typing:${string}`

/** Of which messages one is told, by the kind of a conversation for which nothing else was chosen. */
export type UsualLevels = Readonly<Record<Conversation['kind'], NotificationLevel>>
