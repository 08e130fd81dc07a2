import { openConnection } from '../connection.ts'
import { isStorageFailure } from '../storage-failure.ts'
import type { Connection } from '../raw-query.ts'

/** From this many pages on the write-ahead log is written back here. */
const pagesMin = 1_000

/**
 * Writes the write-ahead log back into the database, which takes tens of milliseconds, in a thread that nobody waits
 * for. The main thread's own checkpoint, a few thousand pages later, then finds next to nothing left to do.
 */
export class Upkeep {
  readonly #connection: Connection

  constructor(databasePath: string) {
    this.#connection = openConnection(databasePath, { cacheKiB: 256 })
  }

  checkpoint(): void {
    const { log, checkpointed } = this.#checkpoint('noop')
    if (log - checkpointed < pagesMin) return
    try {
      this.#checkpoint('passive')
    } catch (error) {
      // The log stays as it is until there is room to write it back.
      if (!isStorageFailure(error)) throw error
    }
  }

  close(): void {
    this.#connection.close()
  }

  #checkpoint(mode: 'noop' | 'passive'): { log: number; checkpointed: number } {
    const [row] = this.#connection
      .prepare<[], [busy: number, log: number, checkpointed: number]>(`pragma wal_checkpoint(${mode})`)
      .raw()
      .all()
    return { log: row?.[1] ?? 0, checkpointed: row?.[2] ?? 0 }
  }
}
