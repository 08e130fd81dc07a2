import { findingsOf } from './sqlite/check/findings.ts'
import type { Finding } from './sqlite/check/findings.ts'
import { sqlitePathOf } from './sqlite/url.ts'

export type DatabaseFinding = Finding

/**
 * Reads the whole database, and tells what is wrong with it: damage to the file, and everything that is not as the
 * stores write it. Changes nothing. Whether the attachments' contents are there is for the caller to see, as it knows
 * where they lie: `AttachmentReads.contentHashes` names them.
 *
 * @throws when there is no such database, or it was made by another version of Parley.
 */
export async function* checkDatabase(url: string): AsyncGenerator<DatabaseFinding> {
  yield* findingsOf(sqlitePathOf(url))
}
