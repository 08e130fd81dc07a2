import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'

export interface DataFolderLock extends Disposable {
  release(): void
}

/** Kept here, as a lock that nobody refers to any more would be collected, and so let go. */
const held = new Set<BetterSqlite.Database>()

/**
 * Takes a data folder for this process: positions are counted in memory, so that two servers on one folder would give
 * out the same ones. The operating system lets go of the lock when the process ends, however it ends.
 *
 * @throws when another process has the folder.
 */
export const lockDataFolder = (folder: string): DataFolderLock => {
  const file = new BetterSqlite(join(folder, 'parley.lock'), { timeout: 0 })
  try {
    // On a full disk there is no room for a journal, and nothing is written that would need one.
    file.pragma('journal_mode = memory')
    file.exec('begin exclusive')
  } catch (error) {
    file.close()
    if (error instanceof BetterSqlite.SqliteError && error.code === 'SQLITE_BUSY') {
      throw new Error(`${folder} is in use by another Parley; two of them cannot share a data folder`, {
        cause: error,
      })
    }
    throw error
  }
  held.add(file)
  const release = () => {
    held.delete(file)
    if (file.open) file.close()
  }
  return { release, [Symbol.dispose]: release }
}
