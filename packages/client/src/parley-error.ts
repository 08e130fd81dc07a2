import type { AppRouter } from '@parley/api/root'
import { type RefusalKind, refusalKinds } from '@parley/domain/refusal'
import { TRPCClientError } from '@trpc/client'

/**
 * What can go wrong beside a refusal of the server:
 *
 * - `unreachable`: there is no connection, and there was none in time. It was not sent.
 * - `connection-lost`: it was sent, and the connection ended before the answer came. It may have happened or not.
 * - `closed`: this client was closed.
 * - `aborted`: by the signal that came with the call; `cause` is its reason. It may have happened or not.
 * - `server-failed`: a defect of the server, which has the details in its log.
 * - `not-understood`: one of the two sides does not know what the other said: their versions differ, or there is no
 *   Parley at this address.
 */
export type FailureKind =
  | 'unreachable'
  | 'connection-lost'
  | 'closed'
  | 'aborted'
  | 'server-failed'
  | 'not-understood'

export type ErrorKind = RefusalKind | FailureKind

export interface ErrorDetail {
  field?: string | undefined
  retryAfterMs?: number | undefined
  cause?: unknown
  /** The error as it came over the wire. */
  shape?: ErrorShape | undefined
}

export type ErrorShape = NonNullable<TRPCClientError<AppRouter>['shape']>

/**
 * Everything that this package throws and rejects with. Go by `kind`; `message` is for people. It is a
 * `TRPCClientError` too, so what knows that class keeps working.
 */
export class ParleyError extends TRPCClientError<AppRouter> {
  override readonly name = 'ParleyError'
  readonly kind: ErrorKind
  /** The input field that was wrong, as a dotted path. */
  readonly field: string | undefined
  /** Milliseconds until the same call can succeed; only with `rate-limited`. */
  readonly retryAfterMs: number | undefined

  constructor(kind: ErrorKind, message: string, detail: ErrorDetail = {}) {
    const { cause, shape } = detail
    super(message, {
      ...(cause !== undefined && { cause: asError(cause) }),
      ...(shape && { result: { error: shape } }),
    })
    // The class above makes itself the prototype of all its instances.
    Object.setPrototypeOf(this, new.target.prototype)
    this.kind = kind
    this.field = detail.field
    this.retryAfterMs = detail.retryAfterMs
  }

  /** Whether the server said no, so that nothing has changed. */
  get isRefusal(): boolean {
    return isRefusalKind(this.kind)
  }
}

const known: ReadonlySet<string> = new Set(refusalKinds)

export function isRefusalKind(kind: string): kind is RefusalKind {
  return known.has(kind)
}

const asError = (cause: unknown): Error =>
  cause instanceof Error
    ? cause
    : new Error(typeof cause === 'string' ? cause : 'No error was given', { cause })
