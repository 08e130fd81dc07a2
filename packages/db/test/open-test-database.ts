import { join } from 'node:path'
import { openDatabase } from '@parley/db/open'
import type { DatabaseOptions } from '@parley/db/open'
import { temporaryFolder } from '@parley/testkit/temporary-folder'

/** An empty database in a folder of its own. */
export const openEmpty = async (options: DatabaseOptions = {}) => {
  const folder = temporaryFolder('parley-db')
  const path = join(folder.path, 'parley.sqlite')
  const db = await openDatabase(`sqlite:${path}`, options)
  return {
    db,
    path,
    [Symbol.asyncDispose]: async () => {
      await db.close()
      folder[Symbol.dispose]()
    },
  }
}
