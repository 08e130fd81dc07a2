import type { AppRouter } from '@parley/api/root'
import type { SignedIn } from '@parley/domain/accounts'
import type { inferRouterInputs } from '@trpc/server'
import { type HttpOptions, overHttp } from './http.ts'
import { ParleyError } from './parley-error.ts'

type Inputs = inferRouterInputs<AppRouter>
type Where = Omit<HttpOptions, 'token'>

// A socket is signed in by the token that it opens with, so a token is had over HTTP first.

/**
 * Makes an account and signs it in. Keep the token: the server shows it this once.
 * @throws ParleyError `username-taken`, `password-common`, `sign-up-closed`, `invite-link-invalid`, `invalid-input`,
 * `rate-limited`, `unreachable`.
 */
export function signUp({ url, fetch, ...input }: Where & Inputs['account']['signUp']): Promise<SignedIn> {
  return overHttp({ url, fetch }).account.signUp.mutate(input)
}

/** @throws ParleyError `wrong-credentials`, `account-disabled`, `rate-limited`, `unreachable`. */
export function signIn({ url, fetch, ...input }: Where & Inputs['account']['signIn']): Promise<SignedIn> {
  return overHttp({ url, fetch }).account.signIn.mutate(input)
}

/**
 * Ends the session of a token, for every connection that it has. One that has ended already is no error.
 * @throws ParleyError `unreachable`.
 */
export async function signOut({ url, fetch, token }: Where & { readonly token: string }): Promise<void> {
  try {
    await overHttp({ url, fetch, token }).account.signOut.mutate()
  } catch (error) {
    if (!(error instanceof ParleyError && error.kind === 'signed-out')) throw error
  }
}
