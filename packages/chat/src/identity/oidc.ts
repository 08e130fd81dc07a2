import { createHash } from 'node:crypto'
import type { SignedIn } from '@parley/domain/accounts'
import { oidcFlowMs, oidcFlowsMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import type { FinishOidc, OidcStarted, StartOidc } from '@parley/domain/server'
import { type Identity, signInByIdentity } from '../accounts/identities.ts'
import type { Caller } from '../actor.ts'
import type { Chat } from '../chat.ts'
import type { Clock } from '../clock.ts'
import { newSecret } from '../secrets.ts'
import { OneTime } from './one-time.ts'
import type { IssuerVisit, OidcIssuer } from './ports.ts'

// Two exchanges, one inside the other. The client proves by its verifier that it is the program that started
// (`startOidc`, `finishOidc`); this server proves the same to the issuer by a verifier of its own. So neither a code
// of the issuer's nor one of ours is of use to whoever reads it in a browser's history or at the returned-to address.

/** A browser that is at the issuer now. */
interface Away {
  readonly visit: IssuerVisit
  readonly returnTo: string
  readonly challenge: string
  readonly invite: string | undefined
}

/** A person whom the issuer vouched for, until the client fetches the session. */
type Arrived = Pick<Away, 'challenge' | 'invite'> & { readonly identity: Identity }

/** Sign-in with OpenID Connect: the issuer, and who is on the way. Made once a server. */
export interface Oidc {
  readonly issuer: OidcIssuer
  readonly away: OneTime<Away>
  readonly arrived: OneTime<Arrived>
}

export function openOidc(clock: Clock, issuer: OidcIssuer): Oidc {
  const bounds = { clock, keptMs: oidcFlowMs, itemsMax: oidcFlowsMax }
  return { issuer, away: new OneTime(bounds), arrived: new OneTime(bounds) }
}

/**
 * Whom an ID token names that the issuer made for this server, for programs that go to the issuer by themselves.
 * @throws Refusal `identity-unverified`, `identity-provider-unavailable`, `rate-limited`
 */
export async function identityByIdToken(
  chat: Chat,
  oidc: Oidc,
  caller: Caller,
  idToken: string,
): Promise<Identity> {
  await chat.rates.take('sign-in-address', caller.address)
  return oidc.issuer.verifyIdToken(idToken)
}

/** @throws Refusal `identity-provider-unavailable`, `rate-limited` */
export async function startOidc(
  chat: Chat,
  oidc: Oidc,
  caller: Caller,
  { returnTo, challenge, invite }: StartOidc,
): Promise<OidcStarted> {
  await chat.rates.take('sign-in-address', caller.address)
  const visit = { state: newSecret(), nonce: newSecret(), verifier: newSecret() }
  const authorizeUrl = await oidc.issuer.authorizeUrl(visit)
  oidc.away.put(visit.state, { visit, returnTo, challenge, invite })
  return { authorizeUrl }
}

/**
 * A browser comes back from the issuer.
 * @param callback the parameters it brought.
 * @returns where it goes next: to the client, with `code`, or with `error` and the kind of the refusal. Null when no
 * sign-in is under way to which it belongs.
 */
export async function comeBack(chat: Chat, oidc: Oidc, callback: URLSearchParams): Promise<string | null> {
  const away = oidc.away.take(callback.get('state') ?? '')
  if (!away) return null
  const { visit, returnTo, challenge, invite } = away
  try {
    const identity = await oidc.issuer.identityOf(callback, visit)
    const code = newSecret()
    oidc.arrived.put(code, { identity, challenge, invite })
    return `${returnTo}?code=${code}`
  } catch (error) {
    if (error instanceof Refusal) return `${returnTo}?error=${error.kind}`
    chat.log('oidc-callback-failed', { error })
    return `${returnTo}?error=identity-unverified`
  }
}

/**
 * Turns the code that came back into a session. Any attempt uses the code up, whatever comes of it.
 * @throws Refusal `identity-unverified`, `rate-limited`; as `signInByIdentity`.
 */
export async function finishOidc(
  chat: Chat,
  oidc: Oidc,
  caller: Caller,
  { code, verifier, deviceName }: FinishOidc,
): Promise<SignedIn> {
  await chat.rates.take('sign-in-address', caller.address)
  const arrived = oidc.arrived.take(code)
  if (!arrived) {
    throw new Refusal('identity-unverified', 'This code is used up, expired or mistyped: sign in again.', {
      field: 'code',
    })
  }
  if (createHash('sha256').update(verifier).digest('base64url') !== arrived.challenge) {
    throw new Refusal('identity-unverified', 'This is not the verifier that the sign-in was started with.', {
      field: 'verifier',
    })
  }
  return signInByIdentity(chat, arrived.identity, { deviceName, invite: arrived.invite, admitted: false })
}
