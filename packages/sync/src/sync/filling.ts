import type { ConversationId, MessageId } from '@parley/domain/ids'
import { ParleyError } from '@parley/client/parley-error'
import { backoffMs } from '@parley/client/backoff'
import { fillsAtOnceMax } from '../limits.ts'
import type { Clock } from '../ports.ts'
import { heldConversations, unfilledConversations } from '../store/conversations.ts'
import { keepEverythingValue } from '../store/meta.ts'
import { newestGapBefore } from '../store/messages.ts'
import type { Store } from '../store/store.ts'
import type { Loading } from './loading.ts'

interface Work {
  readonly name: string
  run(): Promise<void>
}

/**
 * Brings in the background what the screen will want: the newest page of each conversation, the one with the newest
 * message first; all people; and, where the person wants everything kept, all the history.
 */
export class Filling {
  readonly #store: Store
  readonly #loading: Loading
  readonly #clock: Clock
  readonly #random: () => number
  readonly #onDefect: (error: unknown) => void
  readonly #underWay = new Set<string>()
  /** What the server refused is left alone until the next connection. */
  readonly #refused = new Set<string>()
  /** Came in while its page was asked for: a refusal that is on its way is of before. */
  readonly #joinedMeanwhile = new Set<string>()
  #failures = 0
  #wait: Disposable | null = null
  #open = false

  constructor(options: {
    store: Store
    loading: Loading
    clock: Clock
    random: () => number
    onDefect: (error: unknown) => void
  }) {
    this.#store = options.store
    this.#loading = options.loading
    this.#clock = options.clock
    this.#random = options.random
    this.#onDefect = options.onDefect
  }

  open(): void {
    this.#open = true
    this.#refused.clear()
    this.pump()
  }

  /** The account came into a conversation, which may have been refused it before. */
  joined(id: ConversationId): void {
    this.#refused.delete(id)
    if (this.#underWay.has(id)) this.#joinedMeanwhile.add(id)
  }

  shut(): void {
    this.#open = false
    this.#wait?.[Symbol.dispose]()
    this.#wait = null
  }

  pump(): void {
    while (this.#open && !this.#wait && this.#underWay.size < fillsAtOnceMax) {
      const work = this.#next()
      if (!work) return
      void this.#run(work)
    }
  }

  #next(): Work | null {
    const { standing, connection } = this.#store
    if (standing?.whole !== true) return null
    const isFree = (name: string) => !this.#underWay.has(name) && !this.#refused.has(name)
    for (const id of unfilledConversations(connection)) {
      if (isFree(id)) return { name: id, run: () => this.#loading.page(id, { kind: 'newest' }) }
    }
    if (!standing.peopleHeld && isFree('people')) return { name: 'people', run: () => this.#loading.people() }
    if (keepEverythingValue.read(connection) !== true) return null
    for (const { conversation } of heldConversations(connection)) {
      const before = isFree(conversation.id) ? newestGapBefore(connection, conversation.id) : null
      if (before !== null) return this.#older(conversation.id, before)
    }
    return null
  }

  #older(id: ConversationId, messageId: MessageId): Work {
    return { name: id, run: () => this.#loading.page(id, { kind: 'before', messageId }) }
  }

  async #run(work: Work): Promise<void> {
    this.#underWay.add(work.name)
    try {
      await work.run()
      this.#failures = 0
    } catch (error) {
      if (!(error instanceof ParleyError)) this.#onDefect(error)
      if (!(error instanceof ParleyError) || (error.isRefusal && error.kind !== 'rate-limited')) {
        if (!this.#joinedMeanwhile.has(work.name)) this.#refused.add(work.name)
      } else this.#pause(error.retryAfterMs ?? 0)
    } finally {
      this.#underWay.delete(work.name)
      this.#joinedMeanwhile.delete(work.name)
    }
    this.pump()
  }

  #pause(waitMs: number): void {
    if (!this.#open || this.#wait) return
    this.#wait = this.#clock.after(waitMs + backoffMs(this.#failures, this.#random), () => {
      this.#wait = null
      this.pump()
    })
    this.#failures += 1
  }
}
