import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto'
import type { Checks, PublicKey } from '@parley/domain/sealed/bytes'
import { Kept } from './kept.ts'

/** Making a key object takes as long as a third of a verification. */
const keysKeptMax = 4_096

/** What the rules of sealed conversations are checked with. Nothing here could open anything (P8). */
export function makeChecks(): Checks {
  const keys = new Kept<PublicKey, KeyObject>(keysKeptMax)
  const keyOf = (x: PublicKey): KeyObject => {
    const known = keys.get(x)
    if (known) return known
    return keys.put(x, createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } }))
  }
  return {
    hash: (bytes) => hash('sha256', bytes, 'base64url'),
    verify(publicKey, bytes, signature) {
      try {
        return verify(null, bytes, keyOf(publicKey), signature)
      } catch {
        // No key at all: whoever asks wants to know whether the signature is good, and it is not.
        return false
      }
    },
  }
}

/** For what was checked when it was stored. */
export const trusting = (checks: Checks): Checks => ({
  hash: (bytes) => checks.hash(bytes),
  verify: () => true,
})
