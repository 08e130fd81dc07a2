import { type AccountId, type ClientMessageId, type ConversationId, DeviceId } from '../ids.ts'
import { sealedContentBytesMax } from '../limits.ts'
import {
  ByteReader,
  ByteWriter,
  fromText,
  type Hash,
  hashTagBytes,
  idBytes,
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

/** What a device repeats from one content to the next, until the chain goes on. */
export interface MessageStanding {
  readonly epoch: number
  /** The first 16 bytes of the epoch's commitment. */
  readonly epochTag: string
  /** What the sender knew of the chain: an entry, and the first 16 bytes of its hash. */
  readonly chainIndex: number
  readonly chainTag: string
  readonly deviceId: DeviceId
}

/** What can be seen of sealed content: enough for the server to refuse what nobody could open. */
export interface MessageForm extends MessageStanding {
  readonly kind: MessageKind
  /** 0 of what was sent, and one more with each edit. */
  readonly revision: number
  /** The hash of what the device signed before in this conversation; zeros where it does not know. */
  readonly previous: Hash
  readonly nonce: Uint8Array
}

/** Sealed content in its parts. */
export interface SealedMessage extends MessageForm {
  /** The same object for contents that a `MessageReader` read one after the other, where it is the same. */
  readonly standing: MessageStanding
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
  out.u32(form.epoch).hash(form.epochTag).u32(form.chainIndex).hash(form.chainTag).ascii(form.deviceId)
  return out.hash(form.previous).raw(form.nonce).done()
}

const standingBytes = 4 + hashTagBytes + 4 + hashTagBytes + idBytes

/** @throws SealedError `malformed`, `newer-suite` */
export const readMessage = (bytes: Uint8Array): SealedMessage => new MessageReader().read(bytes)

/** Reads one content after the other, and what they repeat once. */
export class MessageReader {
  readonly #bytes = new Uint8Array(standingBytes)
  #standing: MessageStanding | null = null

  /** @throws SealedError `malformed`, `newer-suite` */
  read(bytes: Uint8Array): SealedMessage {
    if (bytes.length > sealedContentBytesMax) throw new SealedError('malformed', 'The content is too large.')
    const from = new ByteReader(bytes)
    from.begin(structures.message)
    const kind = from.oneOf(messageKinds)
    const revision = from.u32()
    const standing = this.#standingIn(from.raw(standingBytes))
    const { epoch, epochTag, chainIndex, chainTag, deviceId } = standing
    const previous = from.hash()
    const nonce = from.raw(nonceBytes)
    if ((kind === 'send') !== (revision === 0))
      throw new SealedError('malformed', 'Edits are numbered from 1, and nothing else is.')
    const header = bytes.subarray(0, from.at)
    const ciphertext = from.upTo(signatureBytes)
    if (ciphertext.length < tagBytes) throw new SealedError('malformed', 'There is no content.')
    // Written out: to copy them from an object takes as long again.
    return {
      kind,
      revision,
      epoch,
      epochTag,
      chainIndex,
      chainTag,
      deviceId,
      previous,
      nonce,
      standing,
      header,
      ciphertext,
      signature: from.raw(signatureBytes),
    }
  }

  #standingIn(bytes: Uint8Array): MessageStanding {
    if (this.#standing && isSame(bytes, this.#bytes)) return this.#standing
    const from = new ByteReader(bytes)
    const epoch = from.u32()
    const epochTag = toText(from.raw(hashTagBytes))
    const chainIndex = from.u32()
    const chainTag = toText(from.raw(hashTagBytes))
    this.#standing = { epoch, epochTag, chainIndex, chainTag, deviceId: from.id(DeviceId) }
    this.#bytes.set(bytes)
    return this.#standing
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  for (let at = 0; at < standingBytes; at += 1) if (one[at] !== other[at]) return false
  return true
}

/** What a sender's device signs of content. */
export interface MessagePart {
  /** Its SHA-256 is what the device's next content in the conversation names. */
  readonly bytes: Uint8Array
  /** The part of it that the content is bound to: header and place. All ids of a place have the same length but the last. */
  readonly associated: Uint8Array
}

/** @param memory what it is put together in, where that is large enough */
export function messagePart(
  header: Uint8Array,
  { conversationId, authorId, clientMessageId }: MessagePlace,
  ciphertext: Uint8Array,
  memory?: Uint8Array,
): MessagePart {
  const place = conversationId + authorId + clientMessageId
  const associatedAt = messageLabel.length + 4
  const ciphertextAt = associatedAt + header.length + place.length
  const length = ciphertextAt + ciphertext.length
  const bytes = memory && length <= memory.length ? memory.subarray(0, length) : new Uint8Array(length)
  const associated = bytes.subarray(associatedAt, ciphertextAt)
  bytes.set(messageLabel)
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(messageLabel.length, associated.length)
  associated.set(header)
  writeAscii(place, associated.subarray(header.length))
  bytes.set(ciphertext, ciphertextAt)
  return { bytes, associated }
}
