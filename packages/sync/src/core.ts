import { newClientMessageId } from '@parley/client/message-id'
import { systemClock } from '@parley/client/clock'
import type { ConnectionState } from '@parley/client/connection/state'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import type { Entry } from '@parley/domain/stream'
import {
  type Action,
  type AttachmentKey,
  type ConversationKey,
  type DraftAttachmentId,
  OperationId,
} from './actions.ts'
import { Attachments } from './attachments/attachments.ts'
import type { SaveOptions } from './attachments/downloads.ts'
import type { Engine, FillAnchor } from './engine.ts'
import { draftCharsMax, searchItemsDefault, searchItemsMax, typingEveryMs } from './limits.ts'
import { accept, operationOf, retry, undo } from './outbox/acting.ts'
import { isLocal } from './outbox/order.ts'
import { Outbox } from './outbox/outbox.ts'
import type { Clock, EngineOptions, ServerPort } from './ports.ts'
import { Presence } from './presence.ts'
import { conversationByKey, conversationList } from './queries/conversations.ts'
import { membersView, peopleList, personById, requestsView } from './queries/people.ts'
import { search } from './queries/search.ts'
import { timeline } from './queries/timeline.ts'
import { draftOf } from './queries/drafts.ts'
import { putDraft } from './store/drafts.ts'
import { keepEverythingValue } from './store/meta.ts'
import { Store } from './store/store.ts'
import { Filling } from './sync/filling.ts'
import { Following } from './sync/following.ts'
import { Loading } from './sync/loading.ts'
import { Questions } from './sync/meanwhile.ts'
import { Topics } from './topics.ts'
import type {
  ConnectionView,
  Draft,
  NewAttachment,
  SearchPage,
  SearchQuery,
  TimelineQuery,
  Topic,
} from './views.ts'

/** Puts the parts together, and moves them by the state of the connection. */
export class EngineCore implements Engine {
  readonly #topics = new Topics()
  readonly #store: Store
  readonly #server: ServerPort
  readonly #clock: Clock
  readonly #presence: Presence
  readonly #loading: Loading
  readonly #filling: Filling
  readonly #outbox: Outbox
  readonly #attachments: Attachments
  readonly #following: Following
  readonly #running: Promise<void>
  readonly #newOperationId: () => string
  readonly #typed = new Map<ConversationKey, number>()
  #caughtUp = false
  #closing: Promise<void> | null = null

  constructor(options: EngineOptions) {
    const clock = options.clock ?? systemClock
    const random = options.random ?? Math.random
    const onDefect = options.onDefect ?? (() => {})
    const breathe = options.breathe ?? (() => new Promise<void>((resolve) => setImmediate(resolve)))
    const questions = new Questions()
    const store = new Store(options.path, options.key, this.#topics)
    this.#store = store
    this.#clock = clock
    this.#newOperationId = options.newOperationId ?? newClientMessageId
    this.#presence = new Presence(store, this.#topics, clock)
    const server = options.connect((state) => this.#connectionChanged(state))
    this.#server = server
    const onPeople = (people: Parameters<Presence['learn']>[0]) => this.#presence.learn(people)
    this.#loading = new Loading({ store, server, questions, onPeople })
    this.#filling = new Filling({ store, loading: this.#loading, clock, random, onDefect })
    this.#outbox = new Outbox({ store, server, questions, clock, random, onDefect })
    this.#attachments = new Attachments({
      ...{ store, server, clock, random, breathe, onDefect },
      topics: this.#topics,
      newId: this.#newOperationId,
    })
    this.#following = new Following({
      store,
      server,
      questions,
      clock,
      random,
      breathe,
      onDefect,
      onLive: () => this.#live(),
      onSnapshot: () => this.#filling.open(),
      onPassing: (event) => this.#presence.take(event),
      onEntries: (entries) => this.#come(entries),
    })
    this.#running = this.#following.run()
  }

  me() {
    return this.#store.me
  }

  connection(): ConnectionView {
    const { state } = this.#server
    switch (state.kind) {
      case 'online':
        return { kind: 'online', caughtUp: this.#caughtUp }
      case 'refused':
        return { kind: 'refused', problem: { kind: state.error.kind, message: state.error.message } }
      case 'connecting':
      case 'waiting':
      case 'closed':
        return state
    }
  }

  conversations() {
    return conversationList(this.#store)
  }

  conversation(id: ConversationKey) {
    return conversationByKey(this.#store, id)
  }

  timeline(query: TimelineQuery) {
    return timeline(this.#store, query)
  }

  members(id: ConversationKey) {
    return membersView(this.#store, this.#presence, id)
  }

  people() {
    return peopleList(this.#store, this.#presence)
  }

  person(id: AccountId) {
    return personById(this.#store, this.#presence, id)
  }

  requests() {
    return requestsView(this.#store)
  }

  typing(id: ConversationKey) {
    return isLocal(id) ? [] : this.#presence.typing(id)
  }

  outbox() {
    return this.#store.operations.all.map((queued) => operationOf(this.#store, queued))
  }

  draft(id: ConversationKey) {
    return draftOf(this.#store, id)
  }

  search(query: SearchQuery) {
    return search(this.#store, query)
  }

  act(action: Action, id: OperationId = OperationId.parse(this.#newOperationId())) {
    const operation = accept(this.#store, action, id, this.#clock.now())
    this.#outbox.pump()
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
    const kept = draft && { ...draft, text: draft.text.slice(0, draftCharsMax) }
    const isEmpty =
      kept === null || (kept.text === '' && kept.replyTo === undefined && kept.editing === undefined)
    this.#store.write((touch) => {
      putDraft(this.#store.connection, id, isEmpty ? null : kept)
      touch('conversations')
      touch(`conversation:${id}`)
    })
  }

  addAttachment(id: ConversationKey, file: NewAttachment) {
    return this.#attachments.add(id, file)
  }

  removeDraftAttachment(id: DraftAttachmentId): boolean {
    return this.#attachments.remove(id)
  }

  attachment(id: AttachmentKey) {
    return this.#attachments.bytes(id)
  }

  saveAttachment(id: AttachmentKey, path: string, options: SaveOptions = {}) {
    return this.#attachments.save(id, path, options)
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

  async searchServer(query: SearchQuery): Promise<SearchPage> {
    const limit = Math.min(Math.max(query.limit ?? searchItemsDefault, 1), searchItemsMax)
    const { messages, next } = await this.#server.search({ ...query, limit })
    return { messages, next, scope: 'everything' }
  }

  keepEverything(on: boolean): void {
    this.#store.write(() => keepEverythingValue.write(this.#store.connection, on))
    this.#filling.pump()
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
    await this.#attachments.close()
    await this.#server.close()
    await this.#running
    this.#presence.forget()
    this.#store[Symbol.dispose]()
  }

  #live(): void {
    if (this.#server.state.kind !== 'online') return
    this.#caughtUp = true
    this.#topics.touch('connection')
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
    this.#filling.pump()
  }

  /** Whatever the connection was, what was known to be up to date no longer is. */
  #connectionChanged(state: ConnectionState): void {
    this.#caughtUp = false
    this.#topics.touch('connection')
    // The first states come while the parts are still being made.
    if (state.kind === 'online' || this.#closing) return
    queueMicrotask(() => {
      if (this.#server.state.kind === 'online') return
      this.#outbox.shut()
      this.#filling.shut()
      this.#presence.forget()
    })
  }
}
