import type { SealedCause } from '@parley/domain/sealed/causes'
import { invalidInput, Refusal, type RefusalKind } from '@parley/domain/refusal'
import { TRPCError } from '@trpc/server'
import { ZodError } from 'zod'

type Code = TRPCError['code']

/** How each refusal is said in tRPC's terms, which also decides the HTTP status. Clients go by the kind itself. */
const codes = {
  'invalid-input': 'BAD_REQUEST',
  'signed-out': 'UNAUTHORIZED',
  'wrong-credentials': 'UNAUTHORIZED',
  'account-disabled': 'FORBIDDEN',
  'sign-up-closed': 'FORBIDDEN',
  'invite-link-invalid': 'FORBIDDEN',
  'username-taken': 'CONFLICT',
  'password-common': 'BAD_REQUEST',
  'not-allowed': 'FORBIDDEN',
  'not-found': 'NOT_FOUND',
  'not-a-member': 'FORBIDDEN',
  'already-a-member': 'CONFLICT',
  'already-decided': 'CONFLICT',
  'conversation-closed': 'CONFLICT',
  'conversation-full': 'CONFLICT',
  'wrong-conversation-password': 'FORBIDDEN',
  'join-policy': 'FORBIDDEN',
  'founder-must-stay': 'CONFLICT',
  'message-deleted': 'CONFLICT',
  'content-mismatch': 'BAD_REQUEST',
  'head-moved': 'CONFLICT',
  'chain-refused': 'BAD_REQUEST',
  'chain-needed': 'CONFLICT',
  'epoch-outdated': 'CONFLICT',
  'device-unknown': 'FORBIDDEN',
  'attachment-missing': 'NOT_FOUND',
  'too-large': 'PAYLOAD_TOO_LARGE',
  'too-many': 'TOO_MANY_REQUESTS',
  'rate-limited': 'TOO_MANY_REQUESTS',
  'identity-unverified': 'UNAUTHORIZED',
  'identity-provider-unavailable': 'BAD_GATEWAY',
  'storage-full': 'SERVICE_UNAVAILABLE',
  'shutting-down': 'SERVICE_UNAVAILABLE',
} as const satisfies Record<RefusalKind, Code>

/** What a client finds in an error's `data`, beside tRPC's own fields. */
export interface RefusalShape {
  kind: RefusalKind
  field?: string
  retryAfterMs?: number
  cause?: SealedCause
}

/** The edge at which Parley's refusals become tRPC's errors: the only one. */
export const toTRPCError = (cause: unknown): TRPCError => {
  if (cause instanceof TRPCError) return cause.cause instanceof Refusal ? toTRPCError(cause.cause) : cause
  if (cause instanceof Refusal)
    return new TRPCError({ code: codes[cause.kind], message: cause.message, cause })
  return new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: 'Internal server error', cause })
}

/** The refusal that an error stands for; null for defects of ours and for misuse of tRPC itself. */
export function refusalOf(error: TRPCError): (RefusalShape & { message: string }) | null {
  const { cause } = error
  const refusal = cause instanceof ZodError ? invalidInput(cause) : cause
  if (refusal instanceof Refusal) return { kind: refusal.kind, ...refusal.detail, message: refusal.message }
  return null
}
