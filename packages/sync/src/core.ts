import { newClientMessageId } from '@parley/client/message-id'
import { systemClock } from '@parley/client/clock'
import type { ConnectionState } from '@parley/client/connection/state'
import type { AccountId, ConversationId, DeviceId, MessageId } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import type { Entry } from '@parley/domain/stream'
import {
  type Action,
  type AttachmentKey,
  type ConversationKey,
  type DraftAttachmentId,
  OperationId,
  type NotificationLevel,
} from './actions.ts'
import { Attachments } from './attachments/attachments.ts'
import type { SaveOptions } from './attachments/downloads.ts'
import type { Engine, FillAnchor } from './engine.ts'
import { typingEveryMs } from './limits.ts'
import { keepDraft } from './outbox/drafting.ts'
import { accept, retry, undo } from './outbox/acting.ts'
import { isLocal } from './outbox/order.ts'
import { Outbox } from './outbox/outbox.ts'
import type { Clock, EngineOptions, ServerPort } from './ports.ts'
import { Presence } from './presence.ts'
import { Notifications } from './notifications/notifications.ts'
import { searchEverywhere } from './queries/everywhere.ts'
import { connectionView } from './queries/connection.ts'
import { Queries } from './queries/queries.ts'
import { heldConversation, heldConversations } from './store/conversations.ts'
import { Sealing } from './sealing/sealing.ts'
import { putLevel } from './store/levels.ts'
import { putSetting, type SettingValue } from './store/settings.ts'
import { doNotDisturbUntilValue, usualLevelsValue, keepEverythingValue } from './store/meta.ts'
import { carryingWorker } from './store/carrying.ts'
import { Store } from './store/store.ts'
import { Filling } from './sync/filling.ts'
import { Following } from './sync/following.ts'
import { Loading } from './sync/loading.ts'
import { Merging } from './sync/merging.ts'
import { Questions } from './sync/meanwhile.ts'
import { Topics } from './topics.ts'
import type {
  ConnectionView,
  Draft,
  NewAttachment,
  NotifyEvent,
  SearchQuery,
  Topic,
  UsualLevels,
} from './views.ts'

/** Puts the parts together, and moves them by the state of the connection. */
export class EngineCore extends Queries implements Engine {
  readonly #topics: Topics
  readonly #store: Store
  readonly #server: ServerPort
  readonly #clock: Clock
  readonly #presence: Presence
  readonly #loading: Loading
  readonly #merging: Merging
  readonly #filling: Filling
  readonly #outbox: Outbox
  readonly #attachments: Attachments
  readonly #notifications: Notifications
  readonly #following: Following
  readonly #sealing: Sealing
  readonly #running: Promise<void>
  readonly #newOperationId: () => string
  readonly #typed = new Map<ConversationKey, number>()
  #caughtUp = false
  #closing: Promise<void> | null = null

  constructor(options: EngineOptions) {
    const clock = options.clock ?? systemClock
    const random = options.random ?? Math.random
    const onDefect = options.onDefect ?? (() => {})
    const giveWay = options.breathe ?? (() => new Promise<void>((resolve) => setImmediate(resolve)))
    const topics = new Topics()
    const questions = new Questions()
    const carrier = options.carriesBeside === true ? { script: carryingWorker, onDefect } : null
    const store = new Store(options.path, options.key, topics, carrier)
    const breathe = async () => {
      await giveWay()
      await store.resting
    }
    const presence = new Presence(store, topics, clock)
    super(store, presence)
    this.#topics = topics
    this.#store = store
    this.#clock = clock
    this.#newOperationId = options.newOperationId ?? newClientMessageId
    this.#presence = presence
    this.#notifications = new Notifications(store, clock)
    topics.listen((touched) => {
      if (!this.#closing) this.#notifications.changed(touched, this.#caughtUp)
    })
    const merging = new Merging({ store, breathe, onDefect })
    this.#merging = merging
    this.#sealing = new Sealing({
      server: options.connect((state) => this.#connectionChanged(state)),
      ...{ store, clock, random, breathe, onDefect },
      deviceKind: options.deviceKind ?? 'person',
      isOnline: (accountId) => presence.isOnline(accountId),
    })
    const { server } = this.#sealing
    this.#server = server
    const onPeople = (people: Parameters<Presence['learn']>[0]) => this.#presence.learn(people)
    this.#loading = new Loading({ store, server, questions, merging, onPeople })
    this.#filling = new Filling({ store, loading: this.#loading, clock, random, onDefect })
    this.#outbox = new Outbox({ store, server, questions, clock, random, onDefect })
    this.#attachments = new Attachments({
      ...{ store, server, clock, random, breathe, onDefect },
      topics,
      newId: this.#newOperationId,
    })
    this.#following = new Following({
      store,
      server,
      questions,
      merging,
      clock,
      random,
      breathe,
      onDefect,
      onLive: () => this.#live(),
      onSnapshot: () => {
        this.#caughtUp = false
        merging.shut()
        this.#notifications.startAnew()
        this.#filling.open()
      },
      onPassing: (event) => this.#presence.take(event),
      onEntries: (entries) => this.#come(entries),
    })
    this.#running = this.#following.run()
  }

  connection(): ConnectionView {
    return connectionView(this.#server.state, this.#caughtUp)
  }

  act(action: Action, id: OperationId = OperationId.parse(this.#newOperationId())) {
    const operation = accept(this.#store, action, id, this.#clock.now())
    this.#outbox.pump()
    if (action.kind === 'mark-read' && !isLocal(action.conversationId)) {
      this.#notifications.read(action.conversationId, action.messageId)
    }
    return operation
  }

  retry(id: OperationId): void {
    if (retry(this.#store, id)) this.#outbox.pump()
  }

  undo(id: OperationId): boolean {
    const undone = undo(this.#store, id)
    if (undone) this.#outbox.pump()
    return undone
  }

  saveDraft(id: ConversationKey, draft: Draft | null): void {
    keepDraft(this.#store, id, draft)
  }

  addAttachment(id: ConversationKey, file: NewAttachment) {
    return this.#attachments.add(id, file)
  }

  removeDraftAttachment(id: DraftAttachmentId): boolean {
    return this.#attachments.remove(id)
  }

  attachment(id: AttachmentKey, messageId: MessageId | null) {
    return this.#attachments.bytes(id, messageId)
  }

  saveAttachment(id: AttachmentKey, messageId: MessageId | null, path: string, options: SaveOptions = {}) {
    return this.#attachments.save(id, messageId, path, options)
  }

  transfers() {
    return this.#attachments.transfers()
  }

  clearAttachmentCache() {
    return this.#attachments.clear()
  }

  sayTyping(id: ConversationKey): void {
    const now = this.#clock.now()
    if (isLocal(id) || this.#server.state.kind !== 'online') return
    if (now - (this.#typed.get(id) ?? -Infinity) < typingEveryMs) return
    this.#typed.set(id, now)
    // Nobody misses it.
    this.#server.typing(id).catch(() => {})
  }

  fill(id: ConversationId, at: FillAnchor) {
    return this.#loading.page(id, at)
  }

  fillAtTime(id: ConversationId, at: number) {
    return this.#loading.atTime(id, at)
  }

  loadMembers(id: ConversationId) {
    return this.#loading.members(id)
  }

  searchEverywhere(query: SearchQuery) {
    return searchEverywhere(this.#store, this.#server, query)
  }

  setNotificationLevel(id: ConversationId, level: NotificationLevel | null): void {
    const { connection } = this.#store
    this.#store.write((touch) => {
      if (!heldConversation(connection, id)) throw new Refusal('not-found', 'There is no such conversation.')
      putLevel(connection, id, level)
      for (const topic of ['notifications', 'conversations', `conversation:${id}`] as const) touch(topic)
    })
  }

  setUsualLevel(kind: keyof UsualLevels, level: NotificationLevel): void {
    const { connection } = this.#store
    this.#store.write((touch) => {
      usualLevelsValue.write(connection, { ...usualLevelsValue.read(connection), [kind]: level })
      touch('notifications')
      touch('conversations')
      for (const { conversation } of heldConversations(connection)) touch(`conversation:${conversation.id}`)
    })
  }

  doNotDisturbUntil() {
    return this.#notifications.doNotDisturbUntil()
  }

  setDoNotDisturb(until: number | null): void {
    this.#store.write((touch) => {
      doNotDisturbUntilValue.write(this.#store.connection, until ?? 0)
      touch('notifications')
    })
  }

  onNotify(listener: (event: NotifyEvent) => void): Disposable {
    return this.#notifications.listen(listener)
  }

  setSetting(name: string, value: SettingValue): void {
    this.#store.write((touch) => {
      putSetting(this.#store.connection, name, value)
      touch('settings')
    })
  }

  keepEverything(on: boolean): void {
    this.#store.write(() => keepEverythingValue.write(this.#store.connection, on))
    this.#filling.pump()
  }

  override members(id: ConversationKey) {
    return this.#sealing.membersByChain(id, super.members(id), (accountId) => this.person(accountId))
  }

  override conversation(id: ConversationKey) {
    const view = super.conversation(id)
    return view && this.#sealing.countedByChain(view)
  }

  override conversations() {
    return super.conversations().map((view) => this.#sealing.countedByChain(view))
  }

  encryption() {
    return this.#sealing.encryption()
  }

  devices() {
    return this.#sealing.devices()
  }

  safetyNumber(accountId: AccountId) {
    return this.#sealing.safetyNumber(accountId)
  }

  sealedNotices(id: ConversationId) {
    return this.#sealing.sealedNotices(id)
  }

  beginLink() {
    return this.#sealing.beginLink()
  }

  enterLinkCode(code: string) {
    return this.#sealing.enterLinkCode(code)
  }

  makeRecoveryCode() {
    return this.#sealing.makeRecoveryCode()
  }

  confirmRecoveryCode(code: string) {
    return this.#sealing.confirmRecoveryCode(code)
  }

  recoverWith(code: string) {
    return this.#sealing.recoverWith(code)
  }

  beginAgain() {
    return this.#sealing.beginAgain()
  }

  revokeDevice(id: DeviceId) {
    return this.#sealing.revokeDevice(id)
  }

  setVerified(accountId: AccountId, digits: string | null): void {
    this.#sealing.setVerified(accountId, digits)
  }

  inviteLink(id: ConversationId) {
    return this.#sealing.inviteLink(id)
  }

  onChange(listener: (topics: ReadonlySet<Topic>) => void): Disposable {
    return this.#topics.listen(listener)
  }

  retryNow(): void {
    this.#server.retryNow()
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#following.end()
    this.#outbox.close()
    this.#filling.shut()
    await this.#merging.close()
    await this.#attachments.close()
    this.#sealing.shut()
    await this.#server.close()
    await this.#sealing.close()
    await this.#running
    this.#presence.forget()
    await this.#store.close()
  }

  #live(): void {
    if (this.#server.state.kind !== 'online') return
    this.#caughtUp = true
    this.#notifications.live()
    this.#merging.open()
    this.#topics.touch('connection')
    this.#sealing.live()
    this.#outbox.open()
    this.#filling.open()
  }

  #come(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.kind === 'message') {
        this.#presence.said(entry.message.conversationId, entry.message.authorId)
      } else if (entry.kind === 'joined') {
        this.#filling.joined(entry.conversation.id)
      }
    }
    this.#notifications.take(entries, this.#caughtUp)
    if (this.#caughtUp) this.#merging.open()
    this.#filling.pump()
  }

  /** Whatever the connection was, what was known to be up to date no longer is. */
  #connectionChanged(state: ConnectionState): void {
    this.#caughtUp = false
    this.#merging.shut()
    this.#topics.touch('connection')
    // The first states come while the parts are still being made.
    if (state.kind === 'online' || this.#closing) return
    queueMicrotask(() => {
      if (this.#server.state.kind === 'online') return
      this.#sealing.shut()
      this.#outbox.shut()
      this.#filling.shut()
      this.#presence.forget()
    })
  }
}
