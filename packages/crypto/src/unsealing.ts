import { fromUtf8, type PublicKey } from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import type { Primitives } from './primitives.ts'

/**
 * Content of which everything was checked that needs the chain or a list. What is left is nearly all that opening costs, and needs
 * nothing but these bytes, so that another thread can do it.
 */
export interface SealedContent {
  readonly signer: PublicKey
  readonly signature: Uint8Array
  /** What is signed. It ends in the associated data and the ciphertext, which begin at these places. */
  readonly part: Uint8Array
  readonly associatedAt: number
  readonly ciphertextAt: number
  readonly key: Uint8Array
  readonly nonce: Uint8Array
}

/**
 * Checks the signature, and opens what it signs.
 * @returns the JSON of a body, with the spaces behind it
 * @throws SealedError `bad-signature`, `tampered`, `malformed`
 */
export function unseal(primitives: Pick<Primitives, 'verify' | 'open'>, content: SealedContent): string {
  const { signer, signature, part, associatedAt, ciphertextAt, key, nonce } = content
  if (!primitives.verify(signer, part, signature))
    throw new SealedError('bad-signature', "The content is not signed by its sender's device.")
  const associated = part.subarray(associatedAt, ciphertextAt)
  const plain = primitives.open(key, nonce, associated, part.subarray(ciphertextAt))
  if (!plain) throw new SealedError('tampered', 'The content does not open.')
  return fromUtf8(plain)
}
