import { createHash } from 'node:crypto'
import type { Identity } from '@parley/chat/accounts/identities'
import type { ChatLog } from '@parley/chat/chat'
import type { Clock } from '@parley/chat/clock'
import { type Claims, identityFrom, saysName } from '@parley/chat/identity/claims'
import type { IssuerVisit, OidcIssuer } from '@parley/chat/identity/ports'
import { authorizationCodeGrant, buildAuthorizationUrl, fetchUserInfo } from 'openid-client'
import { checkIdToken } from './id-token.ts'
import { IssuerMetadata, type KnownIssuer, type OidcClient } from './metadata.ts'
import { refusalFor } from './refusals.ts'

/** How long one request to the issuer may take, its answer included. */
const issuerRequestMs = 5_000

export interface OidcIssuerOptions extends OidcClient {
  readonly label: string
  /** What the issuer is asked for; `openid` among it. */
  readonly scopes: readonly string[]
  /** The address of the callback as browsers reach it, and as the issuer knows it. Asked when somebody signs in. */
  callbackUrl(): string
  readonly clock: Clock
  readonly log: ChatLog
  /** For tests. */
  readonly requestMs?: number
}

/** An OpenID Connect issuer, found by its metadata: any that keeps to the standard. */
export function oidcIssuer(options: OidcIssuerOptions): OidcIssuer {
  const { clientId, clock, log, scopes, requestMs = issuerRequestMs } = options
  const metadata = new IssuerMetadata({ client: options, clock, log, requestMs })
  const redirectUri = () => new URL(options.callbackUrl())

  async function refusing<T>(doing: string, use: (known: KnownIssuer) => Promise<T>): Promise<T> {
    try {
      return await use(await metadata.get())
    } catch (error) {
      throw refusalFor(error, doing, log)
    }
  }

  const check = (known: KnownIssuer, idToken: string) =>
    checkIdToken(idToken, { known, clientId, now: clock.now() })

  return {
    label: options.label,
    authorizeUrl: (visit) =>
      refusing('authorize', async ({ configuration }) => {
        const { href } = buildAuthorizationUrl(configuration, {
          redirect_uri: redirectUri().href,
          scope: scopes.join(' '),
          state: visit.state,
          nonce: visit.nonce,
          code_challenge: createHash('sha256').update(visit.verifier).digest('base64url'),
          code_challenge_method: 'S256',
        })
        return href
      }),
    identityOf: (callback, visit) =>
      refusing('exchange', async (known) => {
        const tokens = await exchange(known, redirectUri(), callback, visit)
        const { subject, claims } = await check(known, tokens.id_token ?? '')
        const named = saysName(claims) ? claims : await userInfo(known, tokens.access_token, subject, log)
        return identityFrom(known.name, subject, named)
      }),
    verifyIdToken: (idToken) =>
      refusing('verify', async (known): Promise<Identity> => {
        const { subject, claims } = await check(known, idToken)
        return identityFrom(known.name, subject, claims)
      }),
  }
}

function exchange(known: KnownIssuer, redirectUri: URL, callback: URLSearchParams, visit: IssuerVisit) {
  redirectUri.search = callback.toString()
  return authorizationCodeGrant(known.configuration, redirectUri, {
    expectedState: visit.state,
    expectedNonce: visit.nonce,
    pkceCodeVerifier: visit.verifier,
    idTokenExpected: true,
  })
}

/** Some issuers tell names here only. Who the person is is known by now, so a failure costs no more than the names. */
async function userInfo(
  known: KnownIssuer,
  accessToken: string,
  subject: string,
  log: ChatLog,
): Promise<Claims> {
  if (known.configuration.serverMetadata().userinfo_endpoint === undefined) return {}
  try {
    return await fetchUserInfo(known.configuration, accessToken, subject)
  } catch (error) {
    refusalFor(error, 'userinfo', log)
    return {}
  }
}
