import type { Connection } from './ciphers.ts'
import { migrations } from './migrations.ts'

/** "PrlC": so that another program's file is not taken for one of ours. */
const applicationId = 0x50726c43

/**
 * Brings a store to the newest schema, each step in a transaction of its own. `user_version` counts the steps taken.
 * @throws when the file is not a store of Parley, or was made by a newer one.
 */
export function migrate(
  connection: Connection,
  steps: readonly { name: string; sql: string }[] = migrations,
): void {
  const taken = numberOf(connection, 'user_version')
  const made = numberOf(connection, 'application_id')
  const isEmpty = connection.prepare('select count(*) from sqlite_schema').pluck().get() === 0
  if (made !== applicationId && !(isEmpty && made === 0)) {
    throw new Error(`${connection.name} is not a store of Parley`)
  }
  if (taken > steps.length) throw new Error(`${connection.name} was made by a newer Parley`)
  for (const [index, step] of steps.entries()) {
    if (index < taken) continue
    connection.transaction(() => {
      if (index === 0) connection.pragma(`application_id = ${applicationId}`)
      connection.exec(step.sql)
      connection.pragma(`user_version = ${index + 1}`)
    })()
  }
}

function numberOf(connection: Connection, pragma: string): number {
  const value: unknown = connection.pragma(pragma, { simple: true })
  if (typeof value !== 'number') throw new Error(`SQLite gives no ${pragma}`)
  return value
}
