import { openConnection } from './sqlite/connection.ts'
import { requireCurrent } from './sqlite/migrate.ts'
import { readingOf, Snapshots } from './sqlite/reading.ts'
import { sqlitePathOf } from './sqlite/url.ts'
import type { Reading } from './stores.ts'

const cacheKiB = 8 * 1024

export interface OpenReading extends AsyncDisposable {
  readonly read: Reading
}

/**
 * Opens a database to read from it alone, beside a server that may run on it. It starts nothing and changes nothing,
 * so it cannot search.
 *
 * @throws when there is no such database, or it was made by another version of Parley.
 */
export const openReading = (url: string): OpenReading => {
  const connection = openConnection(sqlitePathOf(url), { readonly: true, cacheKiB })
  try {
    requireCurrent(connection)
  } catch (error) {
    connection.close()
    throw error
  }
  const search = () => Promise.reject(new Error('A database that is only read has no search'))
  const snapshots = new Snapshots({ connection, search })
  return {
    read: readingOf({ connection, search }, (use) => snapshots.at(use)),
    async [Symbol.asyncDispose]() {
      await snapshots.idle()
      connection.close()
    },
  }
}
