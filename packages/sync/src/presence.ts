import { typingTtlMs } from '@parley/domain/limits'
import type { PersonWithPresence } from '@parley/domain/accounts'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import type { Clock } from './ports.ts'
import { putLastSeen } from './store/people.ts'
import type { Store } from './store/store.ts'
import type { Passing } from './sync/following.ts'
import type { Topics } from './topics.ts'

/** Who is there and who writes: known while there is a connection, and never kept. */
export class Presence {
  readonly #store: Store
  readonly #topics: Topics
  readonly #clock: Clock
  readonly #online = new Set<AccountId>()
  readonly #typing = new Map<ConversationId, Map<AccountId, Disposable>>()

  constructor(store: Store, topics: Topics, clock: Clock) {
    this.#store = store
    this.#topics = topics
    this.#clock = clock
  }

  isOnline(id: AccountId): boolean {
    return this.#online.has(id)
  }

  typing(id: ConversationId): AccountId[] {
    return [...(this.#typing.get(id)?.keys() ?? [])]
  }

  take(event: Passing): void {
    if (event.kind === 'typing') {
      this.#types(event.conversationId, event.accountId)
      return
    }
    this.#store.write(() => {
      for (const { accountId, online, lastSeenAt } of event.changes) {
        this.#put(accountId, online)
        putLastSeen(this.#store.connection, accountId, lastSeenAt)
      }
    })
    this.#topics.touch('presence')
  }

  /** As pages of people and members have it. */
  learn(people: readonly PersonWithPresence[]): void {
    for (const { id, online } of people) this.#put(id, online)
    this.#topics.touch('presence')
  }

  /** Whoever said something no longer writes it. */
  said(conversationId: ConversationId, accountId: AccountId): void {
    const writers = this.#typing.get(conversationId)
    writers?.get(accountId)?.[Symbol.dispose]()
    if (writers?.delete(accountId)) this.#topics.touch(`typing:${conversationId}`)
  }

  /** Without a connection nothing is known. */
  forget(): void {
    this.#online.clear()
    for (const [conversationId, writers] of this.#typing) {
      for (const accountId of [...writers.keys()]) this.said(conversationId, accountId)
    }
    this.#topics.touch('presence')
  }

  #put(id: AccountId, online: boolean): void {
    if (online) this.#online.add(id)
    else this.#online.delete(id)
  }

  #types(conversationId: ConversationId, accountId: AccountId): void {
    const writers = this.#typing.get(conversationId) ?? new Map<AccountId, Disposable>()
    this.#typing.set(conversationId, writers)
    writers.get(accountId)?.[Symbol.dispose]()
    writers.set(
      accountId,
      this.#clock.after(typingTtlMs, () => this.said(conversationId, accountId)),
    )
    this.#topics.touch(`typing:${conversationId}`)
  }
}
