import type { AccountId, ConversationId, Position } from '@parley/domain/ids'
import type { SearchMessages } from '@parley/domain/messages'
import type { LoggedEntry } from '../stores.ts'
import { positionOf } from './handle.ts'
import type { ReadHandle, WriteHandle } from './handle.ts'
import type { Connection } from './raw-query.ts'

/** Ordinals that are remembered at most; past that they are looked up again. */
const ordinalsKept = 10_000

/** The log's end as the writes of one transaction move it. */
export class LogTail {
  last: number
  entries: LoggedEntry[] = []
  readonly #ordinals = new Map<ConversationId, number>()

  constructor(last: number) {
    this.last = last
  }

  mark(): () => void {
    const last = this.last
    const entries = this.entries.length
    return () => {
      this.last = last
      this.entries.length = entries
      this.#ordinals.clear()
    }
  }

  /** The last ordinal of a conversation. Nobody else writes, so what was looked up once is known from then on. */
  ordinal(id: ConversationId, look: () => number): number {
    return this.#ordinals.get(id) ?? look()
  }

  setOrdinal(id: ConversationId, ordinal: number): void {
    if (this.#ordinals.size >= ordinalsKept) this.#ordinals.clear()
    this.#ordinals.set(id, ordinal)
  }
}

/** One write's handle, from its savepoint to its end. */
export class WriteScope implements WriteHandle {
  readonly #connection: Connection
  readonly #tail: LogTail
  readonly #search: ReadHandle['search']
  #ended = false

  constructor(connection: Connection, tail: LogTail, search: ReadHandle['search']) {
    this.#connection = connection
    this.#tail = tail
    this.#search = search
  }

  /** @throws when the write has ended, or SQLite has undone the transaction: what ran then would be in none. */
  get connection(): Connection {
    if (this.#ended) throw new Error('This write has ended: its handle must not be kept')
    if (!this.#connection.inTransaction) throw new Error('The transaction of this write has been undone')
    return this.#connection
  }

  search(accountId: AccountId, query: SearchMessages) {
    return this.#search(accountId, query)
  }

  nextPosition(): Position {
    return positionOf(this.#tail.last + 1)
  }

  lastOrdinal(id: ConversationId, look: () => number): number {
    return this.#tail.ordinal(id, look)
  }

  setLastOrdinal(id: ConversationId, ordinal: number): void {
    this.#tail.setOrdinal(id, ordinal)
  }

  logged(entry: LoggedEntry): void {
    if (entry.position !== this.#tail.last + 1)
      throw new Error(`Position ${entry.position} does not come next`)
    this.#tail.last = entry.position
    this.#tail.entries.push(entry)
  }

  end(): void {
    this.#ended = true
  }
}
