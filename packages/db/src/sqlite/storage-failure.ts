import BetterSqlite from 'better-sqlite3'

/** A full or failing disk: no defect of ours, and it may pass. */
export const isStorageFailure = (error: unknown): boolean =>
  error instanceof BetterSqlite.SqliteError &&
  (error.code === 'SQLITE_FULL' || error.code.startsWith('SQLITE_IOERR'))
