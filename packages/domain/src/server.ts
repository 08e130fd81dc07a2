import { z } from 'zod'
import { DeviceName } from './accounts.ts'

export const SignUpPolicy = z.enum(['open', 'invite', 'closed'])
export type SignUpPolicy = z.infer<typeof SignUpPolicy>

/** What anybody may know of a server before signing in. */
export const ServerInfo = z.strictObject({
  name: z.string(),
  version: z.string(),
  signUp: SignUpPolicy,
  /** How one can sign in. */
  signIn: z.strictObject({
    /** By username and password. */
    password: z.boolean(),
    oidc: z.strictObject({ label: z.string() }).nullable(),
    bridge: z.boolean(),
  }),
  /** No account exists yet: whoever has the one-time link becomes the operator. */
  awaitsOperator: z.boolean(),
  limits: z.strictObject({
    messageTextChars: z.int(),
    attachmentBytes: z.int(),
    attachmentsPerMessage: z.int(),
    pageItems: z.int(),
    /** How long to show that somebody is writing. */
    typingMs: z.int(),
  }),
})
export type ServerInfo = z.infer<typeof ServerInfo>

// Sign-in through an OpenID Connect issuer. The client makes a random verifier, opens `authorizeUrl` in a browser, and
// gets a code at its `returnTo`, which only who knows the verifier can turn into a session.

/** Where a browser may be sent after signing in: a loopback address of a desktop app, or the app's own scheme. */
export const ReturnTo = z
  .string()
  .max(500)
  .regex(
    /^(http:\/\/(127\.0\.0\.1|\[::1\]|localhost):\d{1,5}(\/[\w./-]*)?|parley:\/\/[\w./-]+)$/,
    'must be a loopback address or a parley:// link',
  )

export const StartOidc = z.strictObject({
  returnTo: ReturnTo,
  /** base64url of the SHA-256 of the verifier (RFC 7636, S256). */
  challenge: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  invite: z.string().max(200).optional(),
})
export type StartOidc = z.infer<typeof StartOidc>

export const OidcStarted = z.strictObject({ authorizeUrl: z.string() })
export type OidcStarted = z.infer<typeof OidcStarted>

export const FinishOidc = z.strictObject({
  code: z.string().min(1).max(200),
  verifier: z.string().regex(/^[A-Za-z0-9._~-]{43,128}$/),
  deviceName: DeviceName.default('Unnamed device'),
})
export type FinishOidc = z.infer<typeof FinishOidc>

/** Sign-in with the session of the web application that the operator's server stands beside. */
export const BridgeSignIn = z.strictObject({
  hostSession: z.string().min(1).max(4_096),
  deviceName: DeviceName.default('Unnamed device'),
})
export type BridgeSignIn = z.infer<typeof BridgeSignIn>
