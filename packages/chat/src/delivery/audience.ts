import type { Channel } from '@parley/db/stores'
import { everybody } from '@parley/db/stores'
import type { AccountId, ConversationId, Position } from '@parley/domain/ids'
import type { Reader } from './reader.ts'

/** An account with at least one stream open, and where its entries come from. */
export class Listener {
  readonly accountId: AccountId
  readonly readers = new Set<Reader>()
  /** Its conversations, and the position from which on each is its to read. */
  readonly conversations = new Map<ConversationId, Position>()
  /** Counts the changes of `conversations`, so that a page read before one can be told from a page read after. */
  version = 0
  /** While its conversations are being read: those that changed meanwhile, of which the reading knows too little. */
  changedSince: Set<ConversationId> | null = new Set()
  loaded: Promise<void> = Promise.resolve()

  constructor(accountId: AccountId) {
    this.accountId = accountId
  }
}

/** Who listens to what, in memory: kept true by the very entries that change it (P6). */
export class Audience {
  readonly #listeners = new Map<AccountId, Listener>()
  readonly #byConversation = new Map<ConversationId, Set<Listener>>()

  listener(accountId: AccountId): Listener | undefined {
    return this.#listeners.get(accountId)
  }

  get all(): Iterable<Listener> {
    return this.#listeners.values()
  }

  enter(accountId: AccountId): Listener {
    const listener = new Listener(accountId)
    this.#listeners.set(accountId, listener)
    return listener
  }

  /** What the database said that the account is in, as far as nothing newer is known. */
  load(
    listener: Listener,
    rows: readonly { conversationId: ConversationId; joinedPosition: Position }[],
  ): void {
    const changed = listener.changedSince
    listener.changedSince = null
    for (const { conversationId, joinedPosition } of rows) {
      if (!changed?.has(conversationId)) this.joined(listener, conversationId, joinedPosition)
    }
  }

  leave(listener: Listener): void {
    if (this.#listeners.get(listener.accountId) !== listener) return
    for (const conversationId of listener.conversations.keys()) this.#forget(listener, conversationId)
    this.#listeners.delete(listener.accountId)
  }

  joined(listener: Listener, conversationId: ConversationId, from: Position): void {
    listener.changedSince?.add(conversationId)
    listener.conversations.set(conversationId, from)
    listener.version += 1
    const listeners = this.#byConversation.get(conversationId)
    if (listeners) listeners.add(listener)
    else this.#byConversation.set(conversationId, new Set([listener]))
  }

  left(listener: Listener, conversationId: ConversationId): void {
    listener.changedSince?.add(conversationId)
    if (!listener.conversations.delete(conversationId)) return
    listener.version += 1
    this.#forget(listener, conversationId)
  }

  #forget(listener: Listener, conversationId: ConversationId): void {
    const listeners = this.#byConversation.get(conversationId)
    if (!listeners) return
    listeners.delete(listener)
    if (listeners.size === 0) this.#byConversation.delete(conversationId)
  }

  /** Who gets the entries of a channel now. */
  of(channel: Channel): Iterable<Listener> {
    if (channel === everybody) return this.#listeners.values()
    if (isConversation(channel)) return this.#byConversation.get(channel) ?? []
    const listener = this.#listeners.get(channel)
    return listener ? [listener] : []
  }
}

const isConversation = (channel: ConversationId | AccountId): channel is ConversationId =>
  channel.startsWith('c')
