import { fromText, fromUtf8, type PublicKey } from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import { boundTo, messagePart, messageParts } from '@parley/domain/sealed/message-parts'
import type { Primitives } from './primitives.ts'

/**
 * Content of which everything was checked that needs the chain or a list. What is left is nearly all that opening costs, and needs
 * nothing but this, so that another thread can do it.
 */
export interface SealedContent {
  readonly signer: PublicKey
  readonly key: Uint8Array
  /** base64url, as it came. */
  readonly sealed: string
  /** Where it stands, as `placeText` writes it. */
  readonly place: string
}

/**
 * Checks the signature, and opens what it signs.
 * @returns the JSON of a body, with the spaces behind it
 * @throws SealedError `bad-signature`, `tampered`, `malformed`
 */
export function unseal(
  primitives: Pick<Primitives, 'verify' | 'open'>,
  { signer, key, sealed, place }: SealedContent,
): string {
  const { header, nonce, ciphertext, signature } = messageParts(fromText(sealed))
  const associated = boundTo(header, place)
  if (!primitives.verify(signer, messagePart(associated, ciphertext), signature))
    throw new SealedError('bad-signature', "The content is not signed by its sender's device.")
  const plain = primitives.open(key, nonce, associated, ciphertext)
  if (!plain) throw new SealedError('tampered', 'The content does not open.')
  return fromUtf8(plain)
}
