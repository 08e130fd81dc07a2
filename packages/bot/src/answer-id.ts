import { createHash } from 'node:crypto'
import { OperationId } from '@parley/sync/actions'

/**
 * The name of an answer follows from the message that it answers, so that a handler that runs again says nothing twice
 * (P2). It is a UUIDv7 by its form, as the ids of one moment lie side by side in the server's index: the time is that of
 * the message, what is random elsewhere is a hash here.
 *
 * @param key the message, for ever
 * @param which of its answers
 * @param at when the message was said, in milliseconds since 1970
 */
export function answerId(key: string, which: string, at: number): OperationId {
  const hash = createHash('sha256').update(`parley/1 answer\0${key}\0${which}`).digest('hex')
  const time = at.toString(16).padStart(12, '0').slice(-12)
  const variant = (0x8 | (Number.parseInt(hash.slice(3, 4), 16) & 0x3)).toString(16)
  return OperationId.parse(
    `${time.slice(0, 8)}-${time.slice(8)}-7${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`,
  )
}
