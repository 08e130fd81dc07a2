import BetterSqlite from 'better-sqlite3'
import type { Connection } from './query.ts'

export interface ConnectionOptions {
  readonly?: boolean
  /** The most pages of 4 KiB that the file may grow to; past it writes are refused with `storage-full`. */
  pagesMax?: number | undefined
  cacheKiB: number
}

/** A transaction of another process, such as a backup tool's, is waited for that long: nothing else runs meanwhile. */
const busyTimeoutMs = 2_000
/** The write-ahead log is written back into the database after this many pages: 16 MiB. */
export const checkpointPages = 4_000
/** A write-ahead log that grew beyond this, behind a long reader, is cut back to it. */
const walKeptBytes = 64 * 1024 * 1024

/**
 * Opens a connection with all that P1 and the foreign keys rest on, and reads each setting back: a pragma that SQLite
 * does not take is silent otherwise. (The default of better-sqlite3 in WAL is `synchronous=NORMAL`, which loses the
 * last transactions on power loss.)
 */
export const openConnection = (path: string, options: ConnectionOptions): Connection => {
  const readonly = options.readonly === true
  const connection = new BetterSqlite(path, { readonly, fileMustExist: readonly, timeout: busyTimeoutMs })
  try {
    for (const [name, value] of settings(options)) {
      connection.pragma(`${name} = ${value}`)
      const taken: unknown = connection.pragma(name, { simple: true })
      if (String(taken).toLowerCase() !== String(value).toLowerCase()) {
        throw new Error(`SQLite did not take ${name} = ${value}; it is ${String(taken)}`)
      }
    }
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

const settings = (options: ConnectionOptions): [name: string, value: string | number][] => [
  ['journal_mode', 'wal'],
  ['synchronous', 2],
  ['foreign_keys', 1],
  ['busy_timeout', busyTimeoutMs],
  ['wal_autocheckpoint', checkpointPages],
  ['journal_size_limit', walKeptBytes],
  ['cache_size', -options.cacheKiB],
  ['temp_store', 2],
  ['trusted_schema', 0],
  ['query_only', options.readonly === true ? 1 : 0],
  ...(options.pagesMax === undefined
    ? []
    : [['max_page_count', options.pagesMax] satisfies [string, number]]),
]
