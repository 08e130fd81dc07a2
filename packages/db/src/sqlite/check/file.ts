import BetterSqlite from 'better-sqlite3'
import type { Connection } from '../raw-query.ts'
import { RawQuery } from '../raw-query.ts'
import type { Finding } from './findings.ts'

const integrity = new RawQuery<[], string>('pragma integrity_check', 'value')
const foreignKeys = new RawQuery<[], [table: string, row: number | null, parent: string]>(
  'pragma foreign_key_check',
  'array',
)

/** What SQLite itself finds. Where the damage is such that it cannot go on, that is the last finding. */
export function* fileFindings(connection: Connection): Generator<Finding> {
  try {
    for (const line of integrity.on(connection).iterate()) {
      if (line !== 'ok') yield { kind: 'damaged', what: line }
    }
    for (const [table, row, parent] of foreignKeys.on(connection).iterate()) {
      yield { kind: 'damaged', what: `row ${row} of ${table} refers to nothing in ${parent}` }
    }
  } catch (error) {
    if (!(error instanceof BetterSqlite.SqliteError && error.code.startsWith('SQLITE_CORRUPT'))) throw error
    yield { kind: 'damaged', what: error.message }
  }
}
