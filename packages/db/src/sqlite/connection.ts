import BetterSqlite from 'better-sqlite3'
import type { Connection } from './raw-query.ts'

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
const indexCacheKiB = 32 * 1024

/**
 * Opens a connection with all that P1 and the foreign keys rest on, and reads each setting back: a pragma that SQLite
 * does not take is silent otherwise. (The default of better-sqlite3 in WAL is `synchronous=NORMAL`, which loses the
 * last transactions on power loss.)
 */
export const openConnection = (path: string, options: ConnectionOptions): Connection => {
  const readonly = options.readonly === true
  const connection = new BetterSqlite(path, { readonly, fileMustExist: readonly, timeout: busyTimeoutMs })
  // A copy by `VACUUM INTO` has no WAL before its first writer, and can be looked at before it has one.
  return withSettings(connection, [
    ...(readonly ? [] : [wal]),
    ...common,
    ['synchronous', 2],
    ['cache_size', -options.cacheKiB],
    ['query_only', readonly ? 1 : 0],
    ...(options.pagesMax === undefined ? [] : [['max_page_count', options.pagesMax] satisfies Setting]),
  ])
}

/**
 * Opens the index of messages' words, which can always be made anew: a power loss may cost its last transactions, but
 * does not break it, and it then goes on from where it was.
 */
export const openIndexConnection = (path: string): Connection =>
  withSettings(new BetterSqlite(path, { timeout: busyTimeoutMs }), [
    wal,
    ...common,
    ['synchronous', 1],
    ['cache_size', -indexCacheKiB],
  ])

type Setting = [name: string, value: string | number]

const wal: Setting = ['journal_mode', 'wal']

const common: readonly Setting[] = [
  ['foreign_keys', 1],
  ['busy_timeout', busyTimeoutMs],
  ['wal_autocheckpoint', checkpointPages],
  ['journal_size_limit', walKeptBytes],
  ['temp_store', 2],
  ['trusted_schema', 0],
]

const withSettings = (connection: Connection, settings: readonly Setting[]): Connection => {
  try {
    for (const [name, value] of settings) {
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
