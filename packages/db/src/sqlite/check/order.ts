import { RawQuery } from '../raw-query.ts'
import type { Connection } from '../raw-query.ts'
import type { Finding } from './findings.ts'

const keptAfter = new RawQuery<[], number>(
  `select ifnull((select cast(value as integer) from meta where key = 'keptAfter'), 0)`,
  'value',
)
const positions = new RawQuery<[after: number, after: number], number>(
  `select position from message where position > ?
  union all select position from entry where position > ? order by position`,
  'value',
)
const ordinals = new RawQuery<[], [conversationId: string, position: number, ordinal: number]>(
  'select conversationId, position, ordinal from message order by conversationId, position',
  'array',
)

/** P3: one sequence of positions without gaps, from where the log is kept; and the same in each conversation. */
export function* orderFindings(connection: Connection): Generator<Finding> {
  let last = keptAfter.on(connection).get() ?? 0
  for (const position of positions.on(connection).iterate(last, last)) {
    if (position === last) yield { kind: 'order', what: `position ${position} is there twice` }
    if (position > last + 1)
      yield { kind: 'order', what: `positions ${last + 1} to ${position - 1} are missing` }
    last = position
  }
  let conversation = ''
  let ordinal = 0
  for (const [conversationId, position, given] of ordinals.on(connection).iterate()) {
    if (conversationId !== conversation) ordinal = 0
    conversation = conversationId
    ordinal += 1
    if (given === ordinal) continue
    yield {
      kind: 'order',
      what: `message ${position} of ${conversationId} has ordinal ${given}, not ${ordinal}`,
    }
    ordinal = given
  }
}
