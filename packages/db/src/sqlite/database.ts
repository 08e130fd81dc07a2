import type { Position } from '@parley/domain/ids'
import type { Database, LoggedEntry, Reading, RestoreReason, WriteStats, Writing } from '../stores.ts'
import { openConnection } from './connection.ts'
import { GroupCommit } from './group-commit.ts'
import type { ReadHandle } from './handle.ts'
import { headOf } from './head.ts'
import { Instance, schemaVersionOf } from './instance.ts'
import { migrate } from './migrate.ts'
import type { Connection } from './raw-query.ts'
import { readingOf, Snapshots } from './reading.ts'
import { SearchClient } from './search/search-client.ts'
import { WriteScope } from './write-scope.ts'
import { SqliteWriting } from './writing.ts'

export interface SqliteOptions {
  /** The most pages of 4 KiB that the database may grow to; writes past that are refused with `storage-full`. */
  pagesMax?: number | undefined
  /** False for programs that search nothing: they start no thread, and leave the index of words as it is. */
  search?: boolean | undefined
  /** The operator says that this database was put back from a copy: its log gets a new id. */
  isRestored?: boolean | undefined
}

const readCacheKiB = 64 * 1024
/**
 * Smaller than the readers': when a page of an index splits, SQLite looks through all pages of this cache at the next
 * commit, which at 64 MiB took a tenth of the time of sending. What is not in it, the operating system has.
 */
const writeCacheKiB = 16 * 1024

/** One process, one connection that writes: what keeps the order of commits, and so the positions. */
export class SqliteDatabase implements Database {
  readonly read: Reading
  readonly #writer: Connection
  readonly #reader: Connection
  readonly #snapshotReader: Connection
  readonly #snapshots: Snapshots
  readonly #commits: GroupCommit
  readonly #search: SearchClient | null
  readonly #instance: Instance

  constructor(path: string, options: SqliteOptions) {
    this.#writer = openConnection(path, { pagesMax: options.pagesMax, cacheKiB: writeCacheKiB })
    const schemaVersion = schemaVersionOf(this.#writer)
    migrate(this.#writer)
    const isRestored = options.isRestored === true
    this.#instance = new Instance(this.#writer, { isRestored, schemaVersion, head: () => this.head() })
    this.#reader = openConnection(path, { readonly: true, cacheKiB: readCacheKiB })
    this.#snapshotReader = openConnection(path, { readonly: true, cacheKiB: readCacheKiB })
    this.#search =
      options.search === false
        ? null
        : new SearchClient(path, (positions) => {
            this.stats.searchBehind = positions
          })
    const search: ReadHandle['search'] = async (accountId, query) => {
      if (!this.#search) throw new Error('This database was opened without search')
      return this.#search.search(accountId, query)
    }
    this.#snapshots = new Snapshots({ connection: this.#snapshotReader, search })
    this.read = readingOf({ connection: this.#reader, search }, (use) => this.#snapshots.at(use))
    this.#commits = new GroupCommit({
      connection: this.#writer,
      head: headOf(this.#writer),
      open: (connection, tail) => {
        const scope = new WriteScope(connection, tail, search)
        return { scope, writing: new SqliteWriting(scope) }
      },
      committed: (writes) => {
        this.#instance.committed()
        this.#search?.wrote(writes)
      },
    })
  }

  get restored(): RestoreReason | null {
    return this.#instance.restored
  }

  get stats(): WriteStats {
    return this.#commits.stats
  }

  write<T>(use: (tx: Writing) => Promise<T>): Promise<T> {
    return this.#commits.write(use)
  }

  onCommit(listener: (entries: readonly LoggedEntry[]) => void): void {
    this.#commits.onCommit(listener)
  }

  head(): Position {
    return this.#commits.head
  }

  async close(): Promise<void> {
    await this.#commits.close()
    await this.#instance.close()
    await this.#snapshots.idle()
    await this.#search?.close()
    this.#snapshotReader.close()
    this.#reader.close()
    this.#writer.close()
  }
}
