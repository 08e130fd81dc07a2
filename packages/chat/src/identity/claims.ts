import { nameCharsMax } from '@parley/domain/limits'
import type { Identity } from '../accounts/identities.ts'

/** What an ID token or a userinfo answer says of a person; nothing of it is sure to be there, or to be a string. */
export type Claims = Readonly<Record<string, unknown>>

const nameClaims = ['preferred_username', 'email', 'name', 'given_name', 'family_name']

/** Whether the claims say in any way what the person is called. */
export const saysName = (claims: Claims) =>
  nameClaims.some((claim) => lineFrom(claims[claim], nameCharsMax) !== '')

/**
 * The identity is issuer and subject, and nothing else: an e-mail address may pass to another person, and many
 * issuers let people write what they like into it. It only gives a hint at a username here.
 */
export function identityFrom(issuer: string, subject: string, claims: Claims): Identity {
  const name = lineFrom(claims['given_name'], nameCharsMax)
  const lastName = lineFrom(claims['family_name'], nameCharsMax)
  return {
    issuer,
    subject,
    username:
      wishes(claims)
        .map(usernameFrom)
        .find((wish) => wish !== '') ?? '',
    displayName: lineFrom(claims['name'], nameCharsMax) || lineFrom(`${name} ${lastName}`, nameCharsMax),
    name,
    lastName,
  }
}

/** What the person might like to be called, best first. Some issuers put an e-mail address into `preferred_username`. */
const wishes = (claims: Claims) => [
  localPart(claims['preferred_username']),
  localPart(claims['email']),
  lineFrom(claims['name'], nameCharsMax),
  lineFrom(claims['given_name'], nameCharsMax),
]

const localPart = (claim: unknown) => (lineFrom(claim, nameCharsMax).split('@', 1)[0] ?? '').trim()

/** A wish for a username without what the alphabet of usernames has no room for; empty when nothing is left. */
export const usernameFrom = (text: string) =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[._-]+|[._-]+$/g, '')

/** The claim as one line of well-formed text without control characters; empty when it is not text. */
export function lineFrom(claim: unknown, charsMax: number): string {
  if (typeof claim !== 'string') return ''
  return claim
    .slice(0, charsMax * 4)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .trim()
    .slice(0, charsMax)
    .replace(/[\ud800-\udbff]$/, '')
    .trim()
}
