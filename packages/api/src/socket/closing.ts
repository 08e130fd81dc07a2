import { closeCodes } from '@parley/domain/close-codes'
import type { TRPCError } from '@trpc/server'

/** What a socket is refused, or closed for, by us, and how often it was: the metrics' names. */
export function noRefusals() {
  return {
    origin: 0,
    'server-full': 0,
    'address-full': 0,
    'account-full': 0,
    'shutting-down': 0,
    unauthenticated: 0,
    context: 0,
    'session-ended': 0,
    'frame-too-large': 0,
    protocol: 0,
    malformed: 0,
    'batch-too-long': 0,
    'subscriptions-full': 0,
    unread: 0,
    silent: 0,
  }
}

export type SocketRefusals = ReturnType<typeof noRefusals>
export type SocketRefusal = keyof SocketRefusals

export function closeCodeOf(error: TRPCError): number {
  switch (error.code) {
    case 'UNAUTHORIZED':
      return closeCodes.unauthenticated
    case 'FORBIDDEN':
      return closeCodes.forbidden
    case 'TOO_MANY_REQUESTS':
      return closeCodes.tooMany
    case 'PARSE_ERROR':
    case 'BAD_REQUEST':
      return closeCodes.malformed
    default:
      return closeCodes.defect
  }
}

/**
 * The close reason of a server that stops. It tells the client how long to wait, a different time for each, so that
 * they do not all come back in the same moment.
 */
export function restartReason(waitMs: number): string {
  return `restart; retry-after-ms=${waitMs}`
}
