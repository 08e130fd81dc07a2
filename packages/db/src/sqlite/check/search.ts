import { existsSync } from 'node:fs'
import { headOf } from '../head.ts'
import { RawQuery } from '../raw-query.ts'
import type { Connection } from '../raw-query.ts'
import { indexPathOf } from '../search/index-file.ts'
import type { Finding } from './findings.ts'

const logIds = new RawQuery<[], [ofLog: string, ofIndex: string | null]>(
  `select (select value from main.meta where key = 'logId'), (select value from search.meta where key = 'logId')`,
  'array',
)
const cursor = new RawQuery<[], number>(
  `select ifnull((select cast(value as integer) from search.meta where key = 'cursor'), 0)`,
  'value',
)
const withoutMessage = new RawQuery<[], number>(
  'select count(*) from search.words w where not exists (select 1 from message where position = w.rowid)',
  'value',
)
const integrity = new RawQuery<[], string>('pragma search.integrity_check', 'value')

/** The index of words, where there is one; it may be behind the log, and never ahead of it. */
export function* searchFindings(connection: Connection, databasePath: string): Generator<Finding> {
  const path = indexPathOf(databasePath)
  if (!existsSync(path)) return
  connection.exec('commit')
  connection.prepare('attach ? as search').run(path)
  for (const line of integrity.on(connection).all()) {
    if (line !== 'ok') yield { kind: 'search', what: line }
  }
  const [ofLog, ofIndex] = logIds.on(connection).get() ?? []
  if (ofLog !== ofIndex) yield { kind: 'search', what: 'the index is of another log' }
  const head = headOf(connection)
  const indexed = cursor.on(connection).get() ?? 0
  if (indexed > head) yield { kind: 'search', what: `the index is at ${indexed}, the log only at ${head}` }
  const lost = withoutMessage.on(connection).get() ?? 0
  if (lost > 0) yield { kind: 'search', what: `the index names ${lost} messages that are not there` }
}
