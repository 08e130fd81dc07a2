/**
 * Why something sealed is not opened, or a list's entry not taken. A cause never changes its meaning; programs act on
 * it: `docs/encryption.md` says what heals each.
 */
export const sealedCauses = [
  // Heals by itself
  'no-grant-yet',
  'epoch-unknown',
  'chain-behind',
  'needs-list',
  'device-not-verified',
  // Right as it is
  'not-entitled',
  'replayed',
  'foreign',
  'newer-suite',
  // Somebody did what they may not
  'device-revoked',
  'sender-not-member',
  'epoch-over',
  'epoch-due',
  'not-permitted',
  'not-a-member',
  'already-a-member',
  'no-such-invite',
  'too-many',
  // Not what its author made
  'malformed',
  'bad-signature',
  'tampered',
  'key-mismatch',
  // Not what was there before
  'head-moved',
  'chain-broken',
  'list-broken',
  'identity-changed',
] as const

export type SealedCause = (typeof sealedCauses)[number]

/** Something sealed or signed that cannot be taken, with the cause; nothing was changed. */
export class SealedError extends Error {
  override readonly name = 'SealedError'
  readonly kind: SealedCause

  constructor(kind: SealedCause, message: string) {
    super(message)
    this.kind = kind
  }
}
