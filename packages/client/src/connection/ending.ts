import { closeCodes } from '@parley/domain/close-codes'
import { backoffMs } from '../backoff.ts'
import { restartHintMsMax } from '../limits.ts'
import { type ErrorKind, ParleyError } from '../parley-error.ts'
import type { WireEnd } from './wire.ts'

/**
 * Why there is no connection for now. `unreachable`: none can be opened; `lost`: the network or the server ended it;
 * `silent`: it stopped answering; `restarting`: the server said that it will be back; `turned-away`: it let us in no
 * further for now, as too many connections are open; `garbled`: what came was not the protocol.
 */
export type WaitReason = 'unreachable' | 'lost' | 'silent' | 'restarting' | 'turned-away' | 'garbled'

/** Refusals of a connection that the same token will always meet. */
const finalKinds: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'signed-out',
  'account-disabled',
  'not-allowed',
])

/** The error for which there is no use in trying again; null where there is. */
export function finalErrorOf({ code, refusal }: WireEnd): ParleyError | null {
  if (refusal !== null && finalKinds.has(refusal.kind)) return refusal
  if (code === closeCodes.unauthenticated) {
    return new ParleyError('signed-out', 'This session has ended: sign in again.')
  }
  if (code === closeCodes.forbidden)
    return refusal ?? new ParleyError('not-allowed', 'The server lets this account in no more.')
  return null
}

export function waitReasonOf({ kind, code, refusal }: WireEnd): WaitReason {
  switch (kind) {
    case 'unopened':
      return 'unreachable'
    case 'silent':
    case 'garbled':
      return kind
    case 'closed':
      if (code === closeCodes.restart) return 'restarting'
      return refusal === null ? 'lost' : 'turned-away'
  }
}

/** How long to wait before the next try. A server that says how long is believed. */
export function waitMsOf(end: WireEnd, failures: number, random: () => number): number {
  const [, hint] =
    end.code === closeCodes.restart ? (/\bretry-after-ms=(\d{1,9})\b/.exec(end.reason) ?? []) : []
  if (hint !== undefined) return Math.min(Number(hint), restartHintMsMax)
  return backoffMs(failures, random) + Math.min(end.refusal?.retryAfterMs ?? 0, restartHintMsMax)
}
