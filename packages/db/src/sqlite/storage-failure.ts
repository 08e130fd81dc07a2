import BetterSqlite from 'better-sqlite3'

/** A full or failing disk: no defect of ours, and it may pass. */
export const isStorageFailure = (error: unknown): boolean =>
  error instanceof BetterSqlite.SqliteError &&
  (error.code === 'SQLITE_FULL' || error.code.startsWith('SQLITE_IOERR'))

/** No room, whether SQLite or the system says so. In shared memory and temporary files SQLite calls that a failure. */
export const isFull = (error: unknown): boolean =>
  isStorageFailure(error) ||
  (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT'))
