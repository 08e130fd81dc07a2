import { lastRestore, readMark, reasonOf, schemaVersionOf } from '../instance.ts'
import type { Connection } from '../raw-query.ts'
import type { Finding } from './findings.ts'

/** Whether the database was put back from a copy, or is about to be taken for one: nothing that is wrong. */
export function* restoredFindings(connection: Connection): Generator<Finding> {
  // Read first: a server that runs meanwhile lets the mark follow the database.
  const mark = readMark(connection.name)
  const reason = reasonOf(connection, schemaVersionOf(connection), mark)
  if (reason !== null) {
    const what = `this database was put back from a copy (${reason}): the server will give its log a new id, and clients will start anew`
    yield { kind: 'restored', what }
  }
  const last = lastRestore(connection)
  if (last === null) return
  const at = new Date(last.at).toISOString()
  yield {
    kind: 'restored',
    what: `the log got a new id at ${at}, at position ${last.head}: it had been put back from a copy (${last.reason})`,
  }
}
