import { SqliteDatabase } from './sqlite/database.ts'
import type { SqliteOptions } from './sqlite/database.ts'
import { sqlitePathOf } from './sqlite/url.ts'
import type { Database } from './stores.ts'

export type DatabaseOptions = SqliteOptions

/**
 * Opens the database that a URL names, brings its schema up to date, and makes it if it is not there.
 * `sqlite:<path of a file>` is what there is.
 *
 * @throws when the URL is of another kind, the file is not Parley's, or SQLite does not take a setting that P1 needs.
 */
export const openDatabase = async (url: string, options: DatabaseOptions = {}): Promise<Database> =>
  new SqliteDatabase(sqlitePathOf(url), options)
