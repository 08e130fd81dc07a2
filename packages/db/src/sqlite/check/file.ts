import type { Connection } from '../raw-query.ts'
import { RawQuery } from '../raw-query.ts'
import type { Finding } from './findings.ts'

const integrity = new RawQuery<[], string>('pragma integrity_check', 'value')
const foreignKeys = new RawQuery<[], [table: string, row: number | null, parent: string]>(
  'pragma foreign_key_check',
  'array',
)

/** What SQLite itself finds. */
export function* fileFindings(connection: Connection): Generator<Finding> {
  for (const line of integrity.on(connection).all()) {
    if (line !== 'ok') yield { kind: 'damaged', what: line }
  }
  for (const [table, row, parent] of foreignKeys.on(connection).all()) {
    yield { kind: 'damaged', what: `row ${row} of ${table} refers to nothing in ${parent}` }
  }
}
