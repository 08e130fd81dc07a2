import type { AccountId, ConversationId, DeviceId, MessageId } from '@parley/domain/ids'
import type {
  Action,
  AttachmentKey,
  ConversationKey,
  DraftAttachmentId,
  OperationId,
  NotificationLevel,
} from './actions.ts'
import type { SaveOptions } from './attachments/downloads.ts'
import { EngineCore } from './core.ts'
import type { EngineOptions } from './ports.ts'
import { readSqlite } from './store/ciphers.ts'
import type { SettingValue } from './store/settings.ts'
import type {
  Badge,
  ConnectionView,
  ConversationView,
  DeviceView,
  Draft,
  DraftAttachment,
  DraftView,
  EncryptionView,
  LinkCode,
  MeView,
  MembersView,
  NewAttachment,
  NotifyEvent,
  Operation,
  PersonView,
  RequestsView,
  SafetyNumberView,
  SealedNotice,
  SearchPage,
  SearchReach,
  SearchQuery,
  StorageView,
  Timeline,
  TimelineQuery,
  Topic,
  Transfer,
  UsualLevels,
} from './views.ts'

/**
 * One account on one device: its store, its outbox and its connection. Queries answer at once, from the store, with
 * what waits in the outbox applied on top; they never ask the server. What returns a promise asks the server.
 */
export interface Engine extends AsyncDisposable {
  /** Null until the first snapshot has come. */
  me(): MeView | null
  connection(): ConnectionView
  /** The sidebar: the one with the newest message first. */
  conversations(): readonly ConversationView[]
  conversation(id: ConversationKey): ConversationView | null
  timeline(query: TimelineQuery): Timeline
  members(id: ConversationKey): MembersView
  people(): readonly PersonView[]
  person(id: AccountId): PersonView | null
  requests(): RequestsView
  typing(id: ConversationKey): readonly AccountId[]
  /** Everything that waits or was refused, in the order in which it was done. */
  outbox(): readonly Operation[]
  draft(id: ConversationKey): DraftView | null
  /** Bytes that are on their way, or wait to be. */
  transfers(): readonly Transfer[]
  /** Looks through what is held, also offline. */
  search(query: SearchQuery): SearchPage
  /** What is unread, muted conversations apart. */
  badge(): Badge
  /** Null of a conversation that is not held. */
  notificationLevel(id: ConversationId): NotificationLevel | null
  /** Where nothing else was chosen for a conversation. */
  usualLevels(): UsualLevels
  /** Milliseconds since 1970; null when the person may be disturbed. */
  doNotDisturbUntil(): number | null
  /** What the app keeps for this account on this device; null where it keeps nothing under the name. */
  getSetting(name: string): SettingValue
  /** Whether a search over everything asks the server, too. The setting `asksServerSetting` decides; null leaves it open. */
  searchReach(): SearchReach
  /** Where this device stands among its account's devices. */
  encryption(): EncryptionView
  /** The account's devices, the oldest first, those that were revoked too. */
  devices(): readonly DeviceView[]
  /** Null while no keys of that person are known. */
  safetyNumber(accountId: AccountId): SafetyNumberView | null
  /** What people are to know of a sealed conversation, the oldest first. */
  sealedNotices(id: ConversationId): readonly SealedNotice[]
  /** Counts the messages, which takes some 0.1 s of a million. */
  storage(): StorageView

  /**
   * Does what a person wants: on disk when this returns, shown from then on, sent when that is possible. An id may be
   * given by who wants to show it even sooner; an operation of that id that is there already is returned as it is.
   * @throws Refusal `invalid-input`, `too-many`, `not-found` for a message that waited and is gone,
   * `attachment-missing`.
   */
  act(action: Action, id?: OperationId): Operation
  /** Sends a refused operation again, under the same id, and whatever depended on it. */
  retry(id: OperationId): void
  /**
   * Takes back an operation that was not sent, or was refused, and whatever depended on it. What a message said and carried
   * is in the draft again, before what is there.
   * @returns false when it is too late.
   */
  undo(id: OperationId): boolean
  /** An empty one is none. */
  saveDraft(id: ConversationKey, draft: Draft | null): void
  /**
   * Adds a file to a draft. Resolves once a copy of it is in the store; `send` names it in `attachments`.
   * @throws Refusal `too-large`, `too-many`, `storage-full` when too much waits already, `not-found` for a path,
   * `invalid-input`.
   */
  addAttachment(id: ConversationKey, file: NewAttachment): Promise<DraftAttachment>
  /** @returns false when it is in no draft any more. */
  removeDraftAttachment(id: DraftAttachmentId): boolean
  /** Tells the others, now and then, and only while there is a connection. */
  sayTyping(id: ConversationKey): void

  /** Brings a page from the server into the store. @throws ParleyError */
  fill(id: ConversationId, at: FillAnchor): Promise<void>
  /** Brings the message first sent at or after a time, with its surroundings. Null when there is none. */
  fillAtTime(id: ConversationId, at: number): Promise<MessageId | null>
  /** Brings all members once; from then on the stream keeps them true. @throws ParleyError */
  loadMembers(id: ConversationId): Promise<void>
  /**
   * The bytes of an attachment, also of one that waits to be sent. What came from the server is kept for a while, and
   * is there without it.
   * @param messageId the message that shows it, which says how it opens; null of one that no message has yet
   * @throws ParleyError `not-found`, `unreachable`; Refusal `too-large` above `attachmentInMemoryBytesMax`, `not-found` for
   * a file that was taken back, or is in no message that is held.
   */
  attachment(id: AttachmentKey, messageId: MessageId | null): Promise<Uint8Array>
  /**
   * Writes an attachment into a file, whatever its size. What was there is replaced once all has come.
   * @throws as `attachment`, and what the disk says; the signal's reason.
   */
  saveAttachment(
    id: AttachmentKey,
    messageId: MessageId | null,
    path: string,
    options?: SaveOptions,
  ): Promise<void>
  /** Drops the copies of attachments, and gives their room back to the disk. */
  clearAttachmentCache(): Promise<void>
  /**
   * A page of what is held, at once; then one of that together with what the server finds, newest first and each message
   * once, or, where the server cannot be asked, the first once more with the `problem`. The next page is asked for by
   * `before`, from the last page that came. Where the server is not asked, the first says why (`unasked`) and is the only one.
   */
  searchEverywhere(query: SearchQuery): AsyncGenerator<SearchPage, void, undefined>
  /** Null for the usual one. @throws Refusal `not-found` for a conversation that is not held. */
  setNotificationLevel(id: ConversationId, level: NotificationLevel | null): void
  setUsualLevel(kind: keyof UsualLevels, level: NotificationLevel): void
  /** Nothing is told of until then; milliseconds since 1970, null for at once. */
  setDoNotDisturb(until: number | null): void
  /** Null takes it away. @throws Refusal `invalid-input`, `too-large`, `too-many`. */
  setSetting(name: string, value: SettingValue): void
  /** Brings the whole history in the background, and keeps doing so. */
  keepEverything(on: boolean): void

  /** Shows a code for a new device, and takes that in by itself while the code lasts. @throws Refusal `device-unknown` */
  beginLink(): LinkCode
  /**
   * Asks, as a new device, to be taken in by the one that shows the code. Resolves once it was asked; the topic
   * `encryption` tells of the answer. @throws Refusal `invalid-input` (mistyped), `not-found`; ParleyError
   */
  enterLinkCode(code: string): Promise<void>
  /** Makes a recovery code, and a backup under it. It is shown once, and replaces an older one. @throws Refusal `device-unknown`; ParleyError */
  makeRecoveryCode(): Promise<string>
  /** Whether the person has the code. */
  confirmRecoveryCode(code: string): Promise<boolean>
  /** Takes this device in by the recovery code. @throws Refusal `wrong-credentials`, `not-found`; ParleyError */
  recoverWith(code: string): Promise<void>
  /** Begins a new identity, for who has neither another device nor the code. What is closed stays so. @throws ParleyError */
  beginAgain(): Promise<void>
  /** Revokes a device of the account; it is signed out. @throws Refusal `device-unknown`, `not-found`; ParleyError */
  revokeDevice(id: DeviceId): Promise<void>
  /** The person has compared the safety number with these digits; null takes that back. @throws Refusal `not-found`, `invalid-input` where it is another number by now */
  setVerified(accountId: AccountId, digits: string | null): void
  /** A link into a sealed group, for its admins. What is behind its `#` is for whoever is invited, and no server. @throws Refusal; ParleyError */
  inviteLink(id: ConversationId): Promise<string>

  /** Told of the topics of a change, each once, after the store has it. */
  onChange(listener: (topics: ReadonlySet<Topic>) => void): Disposable
  /** Told of what the person is to be told of, once each. */
  onNotify(listener: (event: NotifyEvent) => void): Disposable
  /** The network is back, or the machine awake. */
  retryNow(): void
  /** Everything that was accepted is on disk. */
  close(): Promise<void>
}

export type FillAnchor =
  | { readonly kind: 'newest' }
  | { readonly kind: 'around' | 'before' | 'after'; readonly messageId: MessageId }

/**
 * Reads from the disk what opening a store takes. Whoever knows that one will be opened does it before: it is not read
 * again then.
 */
export function prepareToOpen(): void {
  readSqlite()
}

/**
 * Opens the account's store and starts to connect; what is held can be asked for at once.
 * @throws when the file is not a store of this key, or was made by a newer Parley.
 */
export function openEngine(options: EngineOptions): Engine {
  return new EngineCore(options)
}
