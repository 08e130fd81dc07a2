import { sealedContentBytesMax } from '../limits.ts'
import { joined, labelled, nonceBytes, signatureBytes, tagBytes, utf8 } from './bytes.ts'
import { SealedError } from './causes.ts'
import type { MessagePlace } from './message-form.ts'

// The bytes of sealed content apart from what they mean, for whoever checks and opens them. No schema is imported here:
// threads that do nothing else would wait for it.

export const messageHeaderBytes = 75

export interface MessageParts {
  readonly header: Uint8Array
  readonly nonce: Uint8Array
  /** With its tag. */
  readonly ciphertext: Uint8Array
  readonly signature: Uint8Array
}

/** @throws SealedError `malformed` */
export function messageParts(bytes: Uint8Array): MessageParts {
  const signatureAt = bytes.length - signatureBytes
  if (bytes.length > sealedContentBytesMax) throw new SealedError('malformed', 'The content is too large.')
  if (signatureAt < messageHeaderBytes + tagBytes) throw new SealedError('malformed', 'There is no content.')
  return {
    header: bytes.subarray(0, messageHeaderBytes),
    nonce: bytes.subarray(messageHeaderBytes - nonceBytes, messageHeaderBytes),
    ciphertext: bytes.subarray(messageHeaderBytes, signatureAt),
    signature: bytes.subarray(signatureAt),
  }
}

/** A place, as content is bound to it: all ids have the same length but the last. */
export const placeText = ({ conversationId, authorId, clientMessageId }: MessagePlace): string =>
  conversationId + authorId + clientMessageId

/** The associated data of content. */
export const boundTo = (header: Uint8Array, place: string): Uint8Array => joined(header, utf8(place))

/** What the sender's device signs. */
export function messagePart(associated: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const part = labelled('message', lengthPlace, associated, ciphertext)
  const at = part.length - ciphertext.length - associated.length - lengthPlace.length
  new DataView(part.buffer).setUint32(at, associated.length)
  return part
}

const lengthPlace = new Uint8Array(4)
