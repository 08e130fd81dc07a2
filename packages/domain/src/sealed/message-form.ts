import { type AccountId, type ClientMessageId, type ConversationId, DeviceId } from '../ids.ts'
import { sealedContentBytesMax } from '../limits.ts'
import {
  ByteReader,
  ByteWriter,
  fromText,
  type Hash,
  hashTagBytes,
  messageLabel,
  nonceBytes,
  signatureBytes,
  structures,
  suite,
  tagBytes,
  toText,
  writeAscii,
} from './bytes.ts'
import { SealedError } from './causes.ts'

const messageKinds = ['send', 'edit'] as const
export type MessageKind = (typeof messageKinds)[number]

/** What can be seen of sealed content: enough for the server to refuse what nobody could open. */
export interface MessageForm {
  readonly kind: MessageKind
  /** 0 of what was sent, and one more with each edit. */
  readonly revision: number
  readonly epoch: number
  /** The first 16 bytes of the epoch's commitment. */
  readonly epochTag: string
  /** What the sender knew of the chain: an entry, and the first 16 bytes of its hash. */
  readonly chainIndex: number
  readonly chainTag: string
  /** The hash of what the device signed before in this conversation; zeros where it does not know. */
  readonly previous: Hash
  readonly deviceId: DeviceId
  readonly nonce: Uint8Array
}

/** Sealed content in its parts. */
export interface SealedMessage extends MessageForm {
  readonly header: Uint8Array
  /** With its tag. */
  readonly ciphertext: Uint8Array
  readonly signature: Uint8Array
}

/** What content is bound to beside its own header. */
export interface MessagePlace {
  readonly conversationId: ConversationId
  readonly authorId: AccountId
  readonly clientMessageId: ClientMessageId
}

/** The beginning of a hash, as messages name it. */
export const tagOf = (hash: Hash): string => toText(fromText(hash).subarray(0, hashTagBytes))

/** As `tagOf(hash) === tag`, by the 21 characters that both have whole: 126 bits. */
export const isTagOf = (hash: Hash, tag: string): boolean => hash.startsWith(tag.slice(0, wholeTagChars))

const wholeTagChars = 21

export function writeMessageHeader(form: MessageForm): Uint8Array {
  const out = new ByteWriter().u8(suite).u8(structures.message)
  out.u8(messageKinds.indexOf(form.kind) + 1).u32(form.revision)
  out.u32(form.epoch).hash(form.epochTag).u32(form.chainIndex).hash(form.chainTag)
  return out.hash(form.previous).ascii(form.deviceId).raw(form.nonce).done()
}

/** @throws SealedError `malformed`, `newer-suite` */
export function readMessage(bytes: Uint8Array): SealedMessage {
  if (bytes.length > sealedContentBytesMax) throw new SealedError('malformed', 'The content is too large.')
  const from = new ByteReader(bytes)
  from.begin(structures.message)
  const form = {
    kind: from.oneOf(messageKinds),
    revision: from.u32(),
    epoch: from.u32(),
    epochTag: toText(from.raw(hashTagBytes)),
    chainIndex: from.u32(),
    chainTag: toText(from.raw(hashTagBytes)),
    previous: from.hash(),
    deviceId: from.id(DeviceId),
    nonce: from.raw(nonceBytes),
  }
  if ((form.kind === 'send') !== (form.revision === 0))
    throw new SealedError('malformed', 'Edits are numbered from 1, and nothing else is.')
  const header = bytes.subarray(0, from.at)
  const ciphertext = from.upTo(signatureBytes)
  if (ciphertext.length < tagBytes) throw new SealedError('malformed', 'There is no content.')
  return { ...form, header, ciphertext, signature: from.raw(signatureBytes) }
}

/** What a sender's device signs of content. */
export interface MessagePart {
  /** Its SHA-256 is what the device's next content in the conversation names. */
  readonly bytes: Uint8Array
  /** The part of it that the content is bound to: header and place. All ids of a place have the same length but the last. */
  readonly associated: Uint8Array
}

export function messagePart(
  header: Uint8Array,
  { conversationId, authorId, clientMessageId }: MessagePlace,
  ciphertext: Uint8Array,
): MessagePart {
  const place = conversationId + authorId + clientMessageId
  const associatedAt = messageLabel.length + 4
  const ciphertextAt = associatedAt + header.length + place.length
  const bytes = new Uint8Array(ciphertextAt + ciphertext.length)
  const associated = bytes.subarray(associatedAt, ciphertextAt)
  bytes.set(messageLabel)
  new DataView(bytes.buffer).setUint32(messageLabel.length, associated.length)
  associated.set(header)
  writeAscii(place, associated.subarray(header.length))
  bytes.set(ciphertext, ciphertextAt)
  return { bytes, associated }
}
