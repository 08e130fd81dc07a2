import { type ErrorKind, ParleyError } from '@parley/client/parley-error'
import { Refusal } from '@parley/domain/refusal'
import type { Problem } from '@parley/sync/views'

/**
 * What can go wrong beside what `@parley/client` names:
 *
 * - `folder-in-use`: another process has the folder. One folder is one bot that runs.
 * - `wrong-key`: what is in the folder was written under another key.
 * - `other-account`: what is in the folder is another account's.
 * - `not-linked`: the account has devices already, and this is none of them. The recovery code, or a code that one of
 *   them shows, takes it in; `beginAgain` begins a new identity.
 * - `handler-failed`: a handler threw; `cause` is what.
 */
export type BotErrorKind =
  | ErrorKind
  | 'folder-in-use'
  | 'wrong-key'
  | 'other-account'
  | 'not-linked'
  | 'handler-failed'

/** Everything that a bot throws, rejects with and reports. Go by `kind`; `message` is for people. */
export class BotError extends Error {
  override readonly name = 'BotError'
  readonly kind: BotErrorKind
  /** The input that was wrong, as a dotted path. */
  readonly field: string | undefined

  constructor(
    kind: BotErrorKind,
    message: string,
    { field, cause }: { field?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? {} : { cause })
    this.kind = kind
    this.field = field
  }
}

/** An error of the engine or the client, as a bot says it. What is none of these is a defect, and stays as it is. */
export function botError(error: unknown): unknown {
  if (!(error instanceof ParleyError) && !(error instanceof Refusal)) return error
  const field = error instanceof Refusal ? error.detail.field : error.field
  return new BotError(error.kind, error.message, { field, cause: error })
}

export const problemError = ({ kind, message, field }: Problem): BotError =>
  new BotError(kind, message, { field })
