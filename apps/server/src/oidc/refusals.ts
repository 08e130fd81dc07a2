import type { ChatLog } from '@parley/chat/chat'
import { Refusal } from '@parley/domain/refusal'
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client'
import { JOSEError, JWKSInvalid, JWKSTimeout } from 'jose/errors'
import { IssuerSilent } from './issuer-fetch.ts'

export const unavailable = () =>
  new Refusal(
    'identity-provider-unavailable',
    'The sign-in service cannot be reached right now: try again later.',
  )

export const unverified = () =>
  new Refusal('identity-unverified', 'The sign-in service did not vouch for you: sign in again.')

/**
 * Turns what went wrong with the issuer into the refusal that the caller gets, and says to the operator what it was.
 * Of the errors only named fields are logged: they carry answers and tokens along.
 */
export function refusalFor(error: unknown, doing: string, log: ChatLog): Refusal {
  if (error instanceof Refusal) return error
  const silent = silentIn(error)
  if (silent) {
    log('issuer-silent', { doing, reason: silent.reason })
    return unavailable()
  }
  if (error instanceof AuthorizationResponseError) {
    log('issuer-refused', { doing, error: short(error.error) })
    return error.error === 'temporarily_unavailable' || error.error === 'server_error'
      ? unavailable()
      : unverified()
  }
  if (error instanceof ResponseBodyError) {
    log('issuer-refused', { doing, error: short(error.error), status: error.status })
    // All but a code that is not good mean that this server is registered wrongly, which no person can mend by trying again.
    return error.error === 'invalid_grant' ? unverified() : unavailable()
  }
  if (error instanceof JWKSTimeout || error instanceof JWKSInvalid || isBareJoseError(error)) {
    log('issuer-silent', { doing, reason: 'its keys cannot be read' })
    return unavailable()
  }
  if (error instanceof JOSEError || error instanceof ClientError) {
    // openid-client says in the cause which check failed.
    const { message } = error.cause instanceof Error ? error.cause : error
    log('identity-unverified', { doing, reason: message, code: error.code })
    return unverified()
  }
  log('issuer-failed', {
    doing,
    reason: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown',
  })
  return unavailable()
}

/** openid-client hands on what its `fetch` threw as the cause of an error of its own. */
function silentIn(error: unknown): IssuerSilent | null {
  if (error instanceof IssuerSilent) return error
  return error instanceof ClientError && error.cause instanceof IssuerSilent ? error.cause : null
}

/** What jose throws when a key set comes with another status, or is no JSON. Its other errors have classes. */
const isBareJoseError = (error: unknown) => error instanceof JOSEError && error.code === JOSEError.code

/** Anybody can write into the address of the callback, and so into the log. */
const short = (text: string) => text.slice(0, 80)
