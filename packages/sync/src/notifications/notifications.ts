import type { ConversationId, MessageId } from '@parley/domain/ids'
import type { Entry } from '@parley/domain/stream'
import { notifyMissedMax, notifyRememberedMax, notifySinglyMax } from '../limits.ts'
import type { Clock } from '../ports.ts'
import { heldConversation } from '../store/conversations.ts'
import { levelOf } from '../store/levels.ts'
import { type HeldMessage, messageById } from '../store/messages.ts'
import { doNotDisturbUntilValue } from '../store/meta.ts'
import { heldPerson } from '../store/people.ts'
import type { Store } from '../store/store.ts'
import type { NotifyEvent, NotifyReason, Topic } from '../views.ts'
import { type Circumstances, reasonToNotify } from './rule.ts'

type Listener = (event: NotifyEvent) => void

interface Missed {
  readonly id: MessageId
  readonly conversationId: ConversationId
}

/** Looked up once for what comes together. */
type Known = Map<ConversationId, Circumstances>

/**
 * Tells what a person wants to hear of, by what the stream brings. What comes before the connection is up to date was
 * missed, and waits until then: it may have been read elsewhere.
 */
export class Notifications {
  readonly #store: Store
  readonly #clock: Clock
  readonly #listeners = new Set<Listener>()
  /** What was told, oldest first. */
  readonly #told = new Map<MessageId, ConversationId>()
  /** What came closed, and is told of once it is open. */
  readonly #closed = new Map<MessageId, ConversationId>()
  #missed: Missed[] = []
  /** Those that were too many to be looked at again. */
  #missedMore = 0

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  listen(listener: Listener): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  doNotDisturbUntil(): number | null {
    const until = doNotDisturbUntilValue.read(this.#store.connection)
    return until !== null && until > this.#clock.now() ? until : null
  }

  /** The stream brought these, and they are on disk. */
  take(entries: readonly Entry[], isLive: boolean): void {
    const known: Known = new Map()
    for (const entry of entries) {
      if (entry.kind === 'message') this.#takeMessage(entry.message, isLive, known)
      else if (entry.kind === 'message-changed' && entry.message.content.kind === 'deleted') {
        this.#withdraw(entry.message.conversationId, (id) => id === entry.message.id)
      } else if (entry.kind === 'read') this.read(entry.conversationId, entry.readUpTo)
      else if (entry.kind === 'left') this.#withdraw(entry.conversationId, () => true)
    }
  }

  /** Something changed in these: what was closed when it came may be open by now. */
  changed(topics: ReadonlySet<Topic>, isLive: boolean): void {
    for (const [id, conversationId] of this.#closed) {
      if (!topics.has(`conversation:${conversationId}`)) continue
      const message = messageById(this.#store.connection, id)
      if (message?.sealed?.cause) continue
      this.#closed.delete(id)
      if (message) this.#takeMessage(message, isLive, new Map())
    }
  }

  /** Read here, or on another device. */
  read(conversationId: ConversationId, upTo: number): void {
    this.#withdraw(conversationId, (id) => id <= upTo)
  }

  /** Everything up to now has come: what was missed is told, as far as nobody has read it meanwhile. */
  live(): void {
    const more = this.#missedMore
    const unread = this.#missed.flatMap(({ id }) => {
      const message = messageById(this.#store.connection, id)
      const reason = message && this.#reasonFor(message)
      return reason ? [{ message, reason }] : []
    })
    this.#forgetMissed()
    if (unread.length + more <= notifySinglyMax) {
      for (const { message, reason } of unread) this.#show(message, reason)
      return
    }
    if (this.doNotDisturbUntil() !== null) return
    this.#tell({
      kind: 'missed',
      messages: unread.length + more,
      mentions: unread.filter(({ reason }) => reason === 'mention').length,
      conversationIds: [...new Set(unread.map(({ message }) => message.conversationId))],
    })
  }

  /** A new snapshot: what came before it says nothing any more. */
  startAnew(): void {
    this.#closed.clear()
    this.#forgetMissed()
  }

  #forgetMissed(): void {
    this.#missed = []
    this.#missedMore = 0
  }

  #takeMessage(message: HeldMessage, isLive: boolean, known: Known): void {
    const { id, conversationId, authorId } = message
    // Whoever writes has read.
    if (authorId === this.#store.account.id) this.read(conversationId, id)
    if (message.sealed?.cause) {
      this.#closed.set(id, conversationId)
      for (const [oldest] of this.#closed) {
        if (this.#closed.size <= notifyRememberedMax) break
        this.#closed.delete(oldest)
      }
      return
    }
    const reason = this.#reasonFor(message, known)
    if (!reason) return
    if (isLive) this.#show(message, reason)
    else {
      this.#missed.push({ id, conversationId })
      if (this.#missed.length <= notifyMissedMax) return
      this.#missed.shift()
      this.#missedMore += 1
    }
  }

  #reasonFor(message: HeldMessage, known: Known = new Map()): NotifyReason | null {
    const { conversationId } = message
    const circumstances = known.get(conversationId) ?? this.#circumstancesOf(conversationId)
    if (!circumstances) return null
    known.set(conversationId, circumstances)
    return reasonToNotify(message, circumstances)
  }

  #circumstancesOf(id: ConversationId): Circumstances | null {
    const { connection, account } = this.#store
    const held = heldConversation(connection, id)
    if (!held) return null
    const { conversation, readUpTo } = held
    return {
      me: account.id,
      kind: conversation.kind,
      level: levelOf(connection, conversation).level,
      readUpTo,
    }
  }

  #show(message: HeldMessage, reason: NotifyReason): void {
    const { id: messageId, conversationId, authorId, content, sentAt } = message
    const { connection } = this.#store
    const held = heldConversation(connection, conversationId)
    if (!held || this.#told.has(messageId) || this.doNotDisturbUntil() !== null) return
    this.#told.set(messageId, conversationId)
    for (const [oldest] of this.#told) {
      if (this.#told.size <= notifyRememberedMax) break
      this.#told.delete(oldest)
    }
    this.#tell({
      kind: 'message',
      reason,
      conversationId,
      messageId,
      authorId,
      author: heldPerson(connection, authorId)?.person.displayName ?? null,
      group: held.conversation.kind === 'group' ? held.conversation.name : null,
      text: content.kind === 'plain' ? content.text : null,
      attachments: message.attachments?.length ?? 0,
      sentAt,
    })
  }

  #withdraw(conversationId: ConversationId, isOver: (id: MessageId) => boolean): void {
    const messageIds = [...this.#told].flatMap(([id, where]) =>
      where === conversationId && isOver(id) ? [id] : [],
    )
    if (messageIds.length === 0) return
    for (const id of messageIds) this.#told.delete(id)
    this.#tell({ kind: 'withdrawn', conversationId, messageIds })
  }

  #tell(event: NotifyEvent): void {
    for (const listener of [...this.#listeners]) listener(event)
  }
}
