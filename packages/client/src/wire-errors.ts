import { TRPCClientError } from '@trpc/client'
import { type ErrorShape, ParleyError, isRefusalKind } from './parley-error.ts'

/** The error that a server answered with, as its JSON says it. */
export function errorOfShape(shape: unknown): ParleyError {
  if (!isErrorShape(shape))
    return new ParleyError('not-understood', 'The server answered with no error that can be read.')
  const { message } = shape
  const data: Record<string, unknown> = isRecord(shape.data) ? shape.data : {}
  const { refusal, httpStatus } = data
  if (isRecord(refusal) && typeof refusal['kind'] === 'string') return errorOfRefusal(refusal, message, shape)
  const failed = typeof httpStatus !== 'number' || httpStatus >= 500
  return new ParleyError(failed ? 'server-failed' : 'not-understood', message, { shape })
}

/** The error of a refusal as our own JSON has it: over tRPC, and as the answer of plain HTTP. */
export function errorOfRefusal(
  refusal: Record<string, unknown>,
  message: string,
  shape?: ErrorShape,
): ParleyError {
  const { kind, field, retryAfterMs } = refusal
  // A kind that is newer than this program is still a no, but not one that it can decide anything by.
  return new ParleyError(typeof kind === 'string' && isRefusalKind(kind) ? kind : 'not-understood', message, {
    field: typeof field === 'string' ? field : undefined,
    retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : undefined,
    shape,
  })
}

/** tRPC's own class as this one, for what goes over its links. */
export function errorOfCall(cause: unknown): ParleyError {
  if (cause instanceof ParleyError) return cause
  if (!(cause instanceof TRPCClientError)) return new ParleyError('unreachable', String(cause), { cause })
  if (cause.shape !== undefined && cause.shape !== null) return errorOfShape(cause.shape)
  const { name } = cause.cause ?? cause
  if (name === 'AbortError' || name === 'TimeoutError')
    return new ParleyError('aborted', 'The call was aborted.', { cause })
  const response = isRecord(cause.meta) ? cause.meta['response'] : undefined
  const status = isRecord(response) ? response['status'] : undefined
  if (typeof status === 'number') return errorOfAnswer(status, cause)
  return new ParleyError('unreachable', 'The server cannot be reached.', { cause })
}

/** For an HTTP answer that is none of Parley's. */
export function errorOfAnswer(status: number, cause?: Error): ParleyError {
  if (gatewayStatuses.has(status))
    return new ParleyError('unreachable', `A gateway says ${status} for the server.`, { cause })
  return new ParleyError('not-understood', `The answer (${status}) is not one of a Parley server.`, { cause })
}

/** What a proxy answers for a server that is not there. */
const gatewayStatuses: ReadonlySet<number> = new Set([502, 503, 504])

function isErrorShape(shape: unknown): shape is ErrorShape {
  return isRecord(shape) && typeof shape['message'] === 'string'
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
