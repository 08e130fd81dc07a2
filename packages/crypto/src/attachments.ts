import { attachmentChunkBytes } from '@parley/domain/limits'
import { ByteWriter, labelled, tagBytes } from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import type { Primitives } from './primitives.ts'

const associated = labelled('attachment')

export const newAttachmentKey = (primitives: Primitives): Uint8Array => primitives.randomBytes(32)

/** How many chunks a file of so many bytes has; an empty one has one. */
export const chunksOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / attachmentChunkBytes))

/** How large a file is once it is sealed: what the limit of uploads is held against. */
export const sealedBytesOf = (bytes: number): number => bytes + chunksOf(bytes) * tagBytes

/** Where chunk `index` of a file of `bytes` lies, before sealing and after. */
export function chunkAt(bytes: number, index: number) {
  const from = index * attachmentChunkBytes
  const length = Math.min(attachmentChunkBytes, bytes - from)
  return {
    plain: { from, length },
    sealed: { from: from + index * tagBytes, length: length + tagBytes },
    last: index === chunksOf(bytes) - 1,
  }
}

/** 7 zero bytes, the chunk's number, and whether it is the last. The key is of this file alone. */
const nonceOf = (index: number, last: boolean): Uint8Array =>
  new ByteWriter()
    .raw(new Uint8Array(7))
    .u32(index)
    .u8(last ? 1 : 0)
    .done()

/** Seals one chunk. A key must never seal two different contents: a file that changed takes a new one. */
export const sealChunk = (
  primitives: Primitives,
  key: Uint8Array,
  { index, last }: { readonly index: number; readonly last: boolean },
  plain: Uint8Array,
): Uint8Array => primitives.seal(key, nonceOf(index, last), associated, plain)

/** @throws SealedError `tampered`: changed, moved, or cut off */
export function openChunk(
  primitives: Primitives,
  key: Uint8Array,
  { index, last }: { readonly index: number; readonly last: boolean },
  sealed: Uint8Array,
): Uint8Array {
  const plain = primitives.open(key, nonceOf(index, last), associated, sealed)
  if (!plain) throw new SealedError('tampered', `Chunk ${index} of the attachment does not open.`)
  return plain
}
