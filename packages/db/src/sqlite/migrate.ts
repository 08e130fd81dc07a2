import { migrations } from './migrations.ts'
import type { Connection } from './raw-query.ts'

/** "Prly": so that another program's database is not taken for one of ours. */
const applicationId = 0x50726c79

/**
 * Brings a database to the newest schema, each step in a transaction of its own. `user_version` counts the steps taken.
 *
 * @throws when the file is not Parley's, or was made by a newer Parley.
 */
export const migrate = (
  connection: Connection,
  steps: readonly { name: string; sql: string }[] = migrations,
) => {
  const taken = numberOf(connection, 'user_version')
  const made = numberOf(connection, 'application_id')
  const isEmpty = connection.prepare('select count(*) from sqlite_schema').pluck().get() === 0
  if (made !== applicationId && !(isEmpty && made === 0))
    throw new Error(`${connection.name} is not a database of Parley`)
  if (taken > steps.length) throw new Error(`${connection.name} was made by a newer Parley`)
  if (made !== applicationId) connection.pragma(`application_id = ${applicationId}`)
  if (taken === steps.length) return
  // A step that makes a table anew would otherwise lose what refers to it. Nothing inside a transaction changes this.
  connection.pragma('foreign_keys = off')
  try {
    for (const [index, step] of steps.entries()) {
      if (index < taken) continue
      connection.transaction(() => {
        connection.exec(step.sql)
        const broken = connection.pragma('foreign_key_check')
        if (Array.isArray(broken) && broken.length > 0)
          throw new Error(`Migration ${step.name} breaks foreign keys`)
        connection.pragma(`user_version = ${index + 1}`)
      })()
    }
  } finally {
    connection.pragma('foreign_keys = on')
  }
}

/** @throws when a database is not Parley's, or not of this version. */
export const requireCurrent = (connection: Connection) => {
  if (numberOf(connection, 'application_id') !== applicationId) {
    throw new Error(`${connection.name} is not a database of Parley`)
  }
  const taken = numberOf(connection, 'user_version')
  if (taken > migrations.length) throw new Error(`${connection.name} was made by a newer Parley`)
  if (taken < migrations.length) {
    throw new Error(
      `${connection.name} was made by an older Parley; start the server once to bring it up to date`,
    )
  }
}

const numberOf = (connection: Connection, pragma: string): number => {
  const value: unknown = connection.pragma(pragma, { simple: true })
  if (typeof value !== 'number') throw new Error(`SQLite gives no ${pragma}`)
  return value
}
