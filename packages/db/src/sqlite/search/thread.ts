import type { AccountId } from '@parley/domain/ids'
import type { SearchMessages } from '@parley/domain/messages'
import { openConnection } from '../connection.ts'
import { headOf } from '../head.ts'
import { isStorageFailure } from '../storage-failure.ts'
import type { Connection } from '../raw-query.ts'
import { indexPathOf, openIndex } from './index-file.ts'
import { Indexer } from './indexer.ts'
import { Searcher } from './searcher.ts'
import type { Found } from './searcher.ts'
import { Upkeep } from './upkeep.ts'

const cacheKiB = 32 * 1024
/** How long a search waits for the index to catch up with the log. */
const catchUpMs = 50

/** All that the search thread does, without the thread: searching, indexing, and writing the log back. */
export class SearchThread {
  readonly #connection: Connection
  readonly #index: Connection
  readonly #upkeep: Upkeep
  readonly #indexer: Indexer
  readonly searcher: Searcher

  constructor(databasePath: string) {
    this.#connection = openConnection(databasePath, { readonly: true, cacheKiB })
    const id = this.#connection
      .prepare<[], string>(`select value from meta where key = 'logId'`)
      .pluck()
      .get()
    const indexPath = indexPathOf(databasePath)
    this.#index = openIndex(indexPath, { id: id ?? '', head: headOf(this.#connection) })
    this.#connection.prepare('attach ? as search').run(indexPath)
    this.#upkeep = new Upkeep(databasePath)
    this.#indexer = new Indexer(this.#connection, this.#index)
    this.searcher = new Searcher(this.#connection)
  }

  get behind(): number {
    return headOf(this.#connection) - this.#indexer.cursor
  }

  /** Does one step. @returns whether there is nothing more to do for now. */
  index(): boolean {
    try {
      return this.#indexer.step(headOf(this.#connection))
    } catch (error) {
      // An index for which there is no room falls behind, and goes on when there is.
      if (isStorageFailure(error)) return true
      throw error
    }
  }

  checkpoint(): void {
    this.#upkeep.checkpoint()
  }

  search(accountId: AccountId, query: SearchMessages): Found {
    const until = performance.now() + catchUpMs
    while (!this.index() && performance.now() < until);
    return this.searcher.search(accountId, query)
  }

  close(): void {
    this.#upkeep.close()
    this.#connection.close()
    this.#index.close()
  }
}
