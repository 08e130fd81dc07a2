import { type ErrorKind, ParleyError } from '@parley/client/parley-error'
import { serverFailuresMax, uploadsPerFileMax } from '../limits.ts'
import { heldConversation } from '../store/conversations.ts'
import type { Queued } from '../store/operations.ts'
import { outgoingOf } from '../store/outgoing.ts'
import { heldInvitation, heldJoinRequest } from '../store/requests.ts'
import type { Store } from '../store/store.ts'
import type { Problem } from '../views.ts'
import type { Call } from './calls.ts'

/**
 * What an error makes of an operation: it is `done`, because the wish holds already; it is tried `again`, after a wait or
 * when there is a connection, and may have happened (`inDoubt`); its files are
 * uploaded again; or it is `refused`.
 */
export type Verdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly inDoubt: boolean; readonly waitMs: number | null }
  | { readonly kind: 'upload-again' }
  | { readonly kind: 'refused'; readonly problem: Problem }

/** The session is over: nothing more can be asked, and what waits is kept for the next session. */
const sessionOver: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'signed-out',
  'account-disabled',
  'closed',
  'aborted',
])

/** `failures` counts the tries of this run that a passing failure ended. */
export function verdictOf(
  store: Store,
  queued: Queued,
  call: Call,
  error: unknown,
  failures: number,
): Verdict {
  const verdict = verdictOfError(error, failures)
  if (verdict.kind === 'again' || !(error instanceof ParleyError)) return verdict
  if (isDoneAlready(store, queued, call, error.kind)) return { kind: 'done' }
  if (error.kind === 'attachment-missing' && mayUploadAgain(store, queued)) return { kind: 'upload-again' }
  return verdict
}

/** What an error makes of whatever was asked, going by the error alone. */
export function verdictOfError(
  error: unknown,
  failures: number,
): Extract<Verdict, { kind: 'again' | 'refused' }> {
  if (!(error instanceof ParleyError)) {
    return { kind: 'refused', problem: { kind: 'not-understood', message: 'The server could not be asked.' } }
  }
  const { kind } = error
  if (kind === 'unreachable') return { kind: 'again', inDoubt: false, waitMs: null }
  if (kind === 'connection-lost') return { kind: 'again', inDoubt: true, waitMs: null }
  if (sessionOver.has(kind)) return { kind: 'again', inDoubt: !error.isRefusal, waitMs: null }
  // Others changed the same again and again: what is asked for may still make sense.
  if (kind === 'rate-limited' || kind === 'shutting-down' || kind === 'head-moved') {
    return { kind: 'again', inDoubt: false, waitMs: error.retryAfterMs ?? 0 }
  }
  if (kind === 'server-failed' && failures < serverFailuresMax) {
    return { kind: 'again', inDoubt: true, waitMs: 0 }
  }
  return {
    kind: 'refused',
    problem: { kind, message: error.message, ...(error.field && { field: error.field }) },
  }
}

/** The server drops what was uploaded and not sent for a day. */
const mayUploadAgain = ({ connection }: Store, { id }: Queued): boolean => {
  const files = outgoingOf(connection, id)
  return files.length > 0 && files.every(({ uploads }) => uploads < uploadsPerFileMax)
}

/** Whether a refusal says that what was wanted is so already: by an earlier try of ours, or by somebody else. */
function isDoneAlready(store: Store, { inDoubt }: Queued, call: Call, kind: ErrorKind): boolean {
  switch (call.kind) {
    case 'join':
      return kind === 'already-a-member'
    case 'ask-to-join':
      return kind === 'already-a-member'
    case 'leave':
      return kind === 'not-a-member'
    case 'remove-member':
      return kind === 'not-found'
    case 'delete':
      return kind === 'message-deleted'
    case 'close':
      return kind === 'conversation-closed'
    case 'hand-over': {
      const held = heldConversation(store.connection, call.conversationId)
      return inDoubt && kind === 'not-allowed' && held?.conversation.founderId === call.accountId
    }
    default:
      return kind === 'already-decided' && isDecidedAsWanted(store, inDoubt, call)
  }
}

function isDecidedAsWanted({ connection, account }: Store, inDoubt: boolean, call: Call): boolean {
  const join = 'conversationId' in call ? call.conversationId : ''
  switch (call.kind) {
    case 'cancel-join-request':
      return inDoubt || heldJoinRequest(connection, join, account.id)?.state === 'cancelled'
    case 'approve-join':
      return inDoubt || heldJoinRequest(connection, join, call.accountId)?.state === 'approved'
    case 'decline-join':
      return inDoubt || heldJoinRequest(connection, join, call.accountId)?.state === 'declined'
    case 'accept-invitation':
      return inDoubt || heldInvitation(connection, call.fromId, account.id)?.state === 'accepted'
    case 'decline-invitation':
      return inDoubt || heldInvitation(connection, call.fromId, account.id)?.state === 'declined'
    case 'withdraw-invitation':
      return inDoubt || heldInvitation(connection, account.id, call.accountId)?.state === 'withdrawn'
    default:
      return false
  }
}
