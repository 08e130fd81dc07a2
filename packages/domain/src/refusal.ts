import type { ZodError } from 'zod'
import type { SealedCause } from './sealed/causes.ts'

/**
 * Every reason for which Parley says no. A kind never changes its meaning; clients decide by it, people read the
 * message. `field` names the input that was wrong, where one was.
 */
export const refusalKinds = [
  'invalid-input',
  'signed-out',
  'wrong-credentials',
  'account-disabled',
  'sign-up-closed',
  'invite-link-invalid',
  'username-taken',
  'password-common',
  'not-allowed',
  'not-found',
  'not-a-member',
  'already-a-member',
  'already-decided',
  'conversation-closed',
  'conversation-full',
  'wrong-conversation-password',
  'join-policy',
  'founder-must-stay',
  'message-deleted',
  'content-mismatch',
  'head-moved',
  'chain-refused',
  'chain-needed',
  'epoch-outdated',
  'device-unknown',
  'attachment-missing',
  'too-large',
  'too-many',
  'rate-limited',
  'identity-unverified',
  'identity-provider-unavailable',
  'storage-full',
  'shutting-down',
] as const

export type RefusalKind = (typeof refusalKinds)[number]

export interface RefusalDetail {
  /** The input field that was wrong, as a dotted path. */
  field?: string
  /** Milliseconds until the same call can succeed; only with `rate-limited`. */
  retryAfterMs?: number
  /** Why an entry of a device list or chain was not taken; only with `chain-refused`. */
  cause?: SealedCause
}

/** A "no" that the caller can understand and that changed nothing (P9). Anything else thrown is a defect of ours. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly kind: RefusalKind
  readonly detail: RefusalDetail

  constructor(kind: RefusalKind, message: string, detail: RefusalDetail = {}) {
    super(message)
    this.kind = kind
    this.detail = detail
  }
}

/** What a schema found wrong first, said with the field that it is in. */
export function invalidInput(error: ZodError): Refusal {
  const [issue] = error.issues
  const field = issue?.path.join('.') ?? ''
  const message = `${field || 'The input'}: ${issue?.message ?? 'is invalid'}`
  return new Refusal('invalid-input', message, field ? { field } : {})
}
