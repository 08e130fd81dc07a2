import {
  chunkAt,
  chunksOf,
  newAttachmentKey,
  openChunk,
  sealChunk,
  sealedBytesOf,
} from '@parley/crypto/attachments'
import { nodePrimitives } from '@parley/crypto/node-primitives'
import type { UploadSource } from '@parley/client/files'
import type { AttachmentId, MessageId } from '@parley/domain/ids'
import { attachmentChunkBytes } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import { joined, tagBytes } from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import type { Download, DownloadWish, ServerPort } from '../ports.ts'
import type { Connection } from '../store/ciphers.ts'
import { isSealed } from '../store/conversations.ts'
import { bytesOf, copyName, fileOf } from '../store/files.ts'
import { isLocal } from '../outbox/order.ts'
import type { Outgoing } from '../store/outgoing.ts'
import { type HeldMessage, messageById } from '../store/messages.ts'
import { attachmentSecret, type AttachmentSecret, noMessage, putAttachmentSecret } from '../store/sealed.ts'

// Between the store, where files lie as people see them, and the server. What is to be encrypted on this device is
// encrypted in the one of these functions, and opened in the other; nothing else touches the bytes on their way.

/** A file as the server is to have it, and what it may know of it. */
export interface Wired {
  readonly source: UploadSource
  readonly name: string
  readonly mediaType: string
}

const sealedChunkBytes = attachmentChunkBytes + tagBytes

/** A file as the server is to have it. It is read part by part, and is the same whenever it is read. Part of a transaction. */
export function toServer(connection: Connection, file: Outgoing): Wired {
  const { name, mediaType } = file
  const read = (start: number, end: number): Uint8Array[] => {
    const held = fileOf(connection, file.id)
    if (!held) throw new Error('A file that waits to be sent is not in the store')
    return bytesOf(connection, held, start, end)
  }
  if (!goesSealed(connection, file)) {
    const slice = (start: number, end: number) =>
      new Blob(read(start, end).map((part) => new Uint8Array(part)))
    return { source: { size: file.bytes, slice }, name, mediaType }
  }
  return { source: sealedSource(secretOf(connection, file), read), name: 'sealed', mediaType: '' }
}

const goesSealed = (connection: Connection, { conversationId }: Outgoing): boolean =>
  !isLocal(conversationId) && isSealed(connection, conversationId)

/** A file has one key for ever, so that an upload can be gone on with: what is in it never changes. */
function secretOf(connection: Connection, { id, bytes }: Outgoing): AttachmentSecret {
  const known = attachmentSecret(connection, id, noMessage)
  if (known) return known
  const secret = { key: newAttachmentKey(nodePrimitives()), bytes }
  putAttachmentSecret(connection, id, noMessage, secret)
  return secret
}

function sealedSource(
  { key, bytes }: AttachmentSecret,
  read: (start: number, end: number) => Uint8Array[],
): UploadSource {
  const primitives = nodePrimitives()
  const sealedChunk = (index: number): Uint8Array => {
    const { plain, last } = chunkAt(bytes, index)
    const content = joined(...read(plain.from, plain.from + plain.length))
    return sealChunk(primitives, key, { index, last }, content)
  }
  return {
    size: sealedBytesOf(bytes),
    slice(start, end) {
      const parts: Uint8Array<ArrayBuffer>[] = []
      const until = Math.min(end, sealedBytesOf(bytes))
      for (let at = start; at < until;) {
        const index = Math.floor(at / sealedChunkBytes)
        const first = index * sealedChunkBytes
        parts.push(new Uint8Array(sealedChunk(index).subarray(at - first, until - first)))
        at = first + sealedChunkBytes
      }
      return new Blob(parts)
    },
  }
}

/** An attachment of the server, and what opens it in the message that shows it; null of what came as it is. */
export interface Shown {
  readonly id: AttachmentId
  readonly secret: AttachmentSecret | null
}

/**
 * An attachment as a message shows it: by what that message says of it, and nobody else.
 * @throws Refusal `not-found` of a message that is not held, or is sealed and says nothing of it
 */
export function shownIn(connection: Connection, id: AttachmentId, messageId: MessageId | null): Shown {
  if (messageId === null) return { id, secret: null }
  const message = messageById(connection, messageId)
  const secret = message?.sealed ? attachmentSecret(connection, id, messageId) : null
  if (!message || (message.sealed && !secret))
    throw new Refusal('not-found', 'This file is in no message that is here.')
  return { id, secret }
}

/** Whether a file of a message is here. */
export function holdsCopy(
  connection: Connection,
  id: AttachmentId,
  { id: messageId, sealed }: HeldMessage,
): boolean {
  const secret = sealed ? attachmentSecret(connection, id, messageId) : null
  return !(sealed && !secret) && fileOf(connection, copyName(id, secret)) !== null
}

/** An attachment as people see it, from what the server has. @throws ParleyError; SealedError `tampered` */
export async function fromServer(
  server: Pick<ServerPort, 'download'>,
  { id, secret }: Shown,
  wish: DownloadWish,
): Promise<Download> {
  if (!secret) return server.download(id, wish)
  const { bytes } = secret
  const first = Math.min(Math.floor(wish.fromByte / attachmentChunkBytes), chunksOf(bytes) - 1)
  const { plain, sealed } = chunkAt(bytes, first)
  const download = await server.download(id, { ...wish, fromByte: sealed.from })
  if (download.bytes !== sealedBytesOf(bytes) - sealed.from)
    throw new SealedError('tampered', 'The attachment is not as long as it was.')
  const skipped = wish.fromByte - plain.from
  return { bytes: bytes - wish.fromByte, parts: opened(secret, download, { first, skipped }) }
}

async function* opened(
  { key, bytes }: AttachmentSecret,
  { parts }: Download,
  { first, skipped }: { first: number; skipped: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  const primitives = nodePrimitives()
  let index = first
  let waiting: Uint8Array[] = []
  let length = 0
  for await (const part of parts) {
    waiting.push(part)
    length += part.length
    while (index < chunksOf(bytes)) {
      const { sealed, last } = chunkAt(bytes, index)
      if (length < sealed.length) break
      const all = joined(...waiting)
      const plain = openChunk(primitives, key, { index, last }, all.subarray(0, sealed.length))
      waiting = [all.slice(sealed.length)]
      length -= sealed.length
      const content = index === first ? plain.subarray(skipped) : plain
      index += 1
      if (content.length > 0) yield content
    }
  }
}
