import { openConnection } from '../connection.ts'
import { requireCurrent } from '../migrate.ts'
import { fileFindings } from './file.ts'
import { countFindings } from './counts.ts'
import { contentFindings } from './contents.ts'
import { orderFindings } from './order.ts'
import { restoredFindings } from './restored.ts'
import { searchFindings } from './search.ts'

/**
 * `damaged`: the file itself, its indexes, a broken reference. `order`: positions and ordinals have gaps, are doubled,
 * or go back. `content`: what is stored of a message or an entry contradicts itself. `count`: a number that is kept
 * beside what it counts is wrong. `search`: the index of words does not belong to the log; deleting it has it built anew.
 * `restored` is nothing wrong: the database was put back from a copy.
 */
export interface Finding {
  readonly kind: 'damaged' | 'order' | 'content' | 'count' | 'search' | 'restored'
  /** What is wrong, and where. Never what somebody wrote. */
  readonly what: string
}

const cacheKiB = 64 * 1024

export function* findingsOf(path: string): Generator<Finding> {
  const connection = openConnection(path, { readonly: true, cacheKiB })
  try {
    requireCurrent(connection)
    let damaged = false
    for (const finding of fileFindings(connection)) {
      damaged = true
      yield finding
    }
    // In a damaged file, what follows would name the same damage over and over.
    if (damaged) return
    yield* restoredFindings(connection)
    connection.exec('begin')
    yield* orderFindings(connection)
    yield* contentFindings(connection)
    yield* countFindings(connection)
    yield* searchFindings(connection, path)
  } finally {
    connection.close()
  }
}
