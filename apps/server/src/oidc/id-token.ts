import type { Claims } from '@parley/chat/identity/claims'
import { jwtVerify } from 'jose/jwt/verify'
import type { KnownIssuer } from './metadata.ts'
import { unverified } from './refusals.ts'

/** Signatures that only who holds the issuer's private key can make; so not those made with the client's secret. */
const algorithms = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ')

const clockSkewSeconds = 30
/** OpenID Connect Core 1.0, section 2: a subject has at most 255 characters. */
const subjectCharsMax = 255

/**
 * Checks an ID token as OpenID Connect Core 1.0, section 3.1.3.7 says: signature, issuer, audience, expiry.
 * @throws Refusal `identity-unverified`; errors of jose.
 */
export async function checkIdToken(
  idToken: string,
  { known, clientId, now }: { known: KnownIssuer; clientId: string; now: number },
): Promise<{ subject: string; claims: Claims }> {
  const { payload, protectedHeader } = await jwtVerify(idToken, known.keys, {
    issuer: known.name,
    audience: clientId,
    algorithms,
    clockTolerance: clockSkewSeconds,
    currentDate: new Date(now),
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
  })
  const { sub = '', aud, azp } = payload
  if (Array.isArray(aud) && aud.length > 1 && azp !== clientId) throw unverified()
  // Other tokens of the same issuer, for the same client, signed by the same key: access and log-out tokens.
  const isOtherToken = !['jwt', undefined].includes(protectedHeader.typ?.toLowerCase()) || 'events' in payload
  if (isOtherToken || sub === '' || sub.length > subjectCharsMax) throw unverified()
  return { subject: sub, claims: payload }
}
