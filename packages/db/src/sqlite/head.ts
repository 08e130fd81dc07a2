import type { Position } from '@parley/domain/ids'
import { positionOf } from './handle.ts'
import type { Connection } from './raw-query.ts'
import { RawQuery } from './raw-query.ts'

const head = new RawQuery<[], number>(
  `select max(
    ifnull((select max(position) from message), 0),
    ifnull((select max(position) from entry), 0),
    ifnull((select cast(value as integer) from meta where key = 'keptAfter'), 0))`,
  'value',
)

/** The newest position in the state that a connection sees. What was forgotten counts, so that it never goes back. */
export const headOf = (connection: Connection): Position => positionOf(head.on(connection).get() ?? 0)
