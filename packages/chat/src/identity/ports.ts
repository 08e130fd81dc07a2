import type { Identity } from '../accounts/identities.ts'

/** What one browser's visit to the issuer is tied together with. All are 256 random bits, as base64url. */
export interface IssuerVisit {
  /** Comes back with the browser; names the visit. */
  readonly state: string
  /** Comes back inside the ID token. */
  readonly nonce: string
  /** The issuer is shown its SHA-256 first and itself with the code (RFC 7636). */
  readonly verifier: string
}

/** An OpenID Connect issuer that the operator has registered this server with. */
export interface OidcIssuer {
  /** What people call it: "Sign in with ...". */
  readonly label: string
  /**
   * Where a browser goes to sign in.
   * @throws Refusal `identity-provider-unavailable`
   */
  authorizeUrl(visit: IssuerVisit): Promise<string>
  /**
   * Who came back: the code in the callback's parameters is exchanged, and the ID token checked.
   * @throws Refusal `identity-unverified`, `identity-provider-unavailable`
   */
  identityOf(callback: URLSearchParams, visit: IssuerVisit): Promise<Identity>
  /**
   * Whom an ID token of this issuer names that was made for this server: signature, issuer, audience and expiry are
   * checked.
   * @throws Refusal `identity-unverified`, `identity-provider-unavailable`
   */
  verifyIdToken(idToken: string): Promise<Identity>
}

/** The web application that Parley stands beside, which knows its own sessions. */
export interface HostApplication {
  /** Names it in identities: `bridge:` and the origin of its address. */
  readonly issuer: string
  /**
   * Whose session this is, by the application's own id; null when it says that nobody is logged in.
   * @throws Refusal `identity-provider-unavailable` when it gives no such answer; the reason is logged.
   */
  userOf(hostSession: string): Promise<string | null>
}
