import { SqliteDatabase } from './sqlite/database.ts'
import type { SqliteOptions } from './sqlite/database.ts'
import type { Database } from './stores.ts'

export type DatabaseOptions = SqliteOptions

/**
 * Opens the database that a URL names, brings its schema up to date, and makes it if it is not there.
 * `sqlite:<path of a file>` is what there is.
 *
 * @throws when the URL is of another kind, the file is not Parley's, or SQLite does not take a setting that P1 needs.
 */
export const openDatabase = async (url: string, options: DatabaseOptions = {}): Promise<Database> => {
  const path = /^sqlite:(.+)$/.exec(url)?.[1]
  if (path === undefined || path.startsWith(':') || path.startsWith('file:')) {
    throw new Error(`A database is named sqlite:<path of a file>; '${url.split(':', 1)[0]}:' is not known`)
  }
  return new SqliteDatabase(path, options)
}
