import { fromUtf8, type PublicKey, toText } from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import { messagePart, type MessagePlace, type SealedMessage } from '@parley/domain/sealed/message-form'
import type { Primitives } from './primitives.ts'
import type { Vouched } from './vouching.ts'

/** Content of which everything was checked that needs the chain or a list. */
export interface SealedContent {
  readonly signer: PublicKey
  readonly key: Uint8Array
  readonly message: SealedMessage
  readonly place: MessagePlace
}

/**
 * Checks who made it, and opens it. Of several contents the later is to come first: it vouches for the earlier.
 * @returns the JSON of a body, with the spaces behind it
 * @throws SealedError `bad-signature`, `tampered`, `malformed`
 */
export function unseal(
  primitives: Pick<Primitives, 'sha256' | 'verify' | 'open'>,
  vouched: Vouched,
  { signer, key, message, place }: SealedContent,
): string {
  const { header, nonce, ciphertext, signature, previous } = message
  const { bytes, associated } = messagePart(header, place, ciphertext)
  const isSealedBySigner =
    vouched.take(signer, toText(primitives.sha256(bytes))) || primitives.verify(signer, bytes, signature)
  if (!isSealedBySigner)
    throw new SealedError('bad-signature', "The content is not signed by its sender's device.")
  vouched.add(signer, previous)
  const plain = primitives.open(key, nonce, associated, ciphertext)
  if (!plain) throw new SealedError('tampered', 'The content does not open.')
  return fromUtf8(plain)
}
