import type { AccountId, Position } from '@parley/domain/ids'
import type { SearchMessages } from '@parley/domain/messages'
import type { LoggedEntry } from '../stores.ts'
import { positionOf } from './handle.ts'
import type { ReadHandle, WriteHandle } from './handle.ts'
import type { Connection } from './query.ts'

/** The log's end as the writes of one transaction move it. */
export class LogTail {
  last: number
  entries: LoggedEntry[] = []

  constructor(last: number) {
    this.last = last
  }

  mark(): () => void {
    const last = this.last
    const entries = this.entries.length
    return () => {
      this.last = last
      this.entries.length = entries
    }
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
