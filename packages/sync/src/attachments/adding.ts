import { open } from 'node:fs/promises'
import { Refusal } from '@parley/domain/refusal'
import { attachmentBytesMax, attachmentNameCharsMax, attachmentsPerMessageMax } from '@parley/domain/limits'
import { type ConversationKey, DraftAttachmentId } from '../actions.ts'
import { chunkBytes, outgoingBytesMax } from '../limits.ts'
import { beginFile, endFile, putChunk } from '../store/files.ts'
import { addOutgoing, outgoingBytes, outgoingOfDraft } from '../store/outgoing.ts'
import type { Store } from '../store/store.ts'
import type { DraftAttachment, NewAttachment } from '../views.ts'

export interface AddingSurroundings {
  readonly store: Store
  /** Files that are being taken in. */
  readonly underWay: Set<string>
  readonly breathe: () => Promise<void>
  readonly isClosed: () => boolean
}

/**
 * Takes a copy of a file into the store, in steps, and with the last one into the draft: it is there whatever becomes of
 * the original.
 * @throws Refusal `too-large`, `too-many`, `storage-full` when too much waits already, `not-found` for a path, `invalid-input`.
 */
export async function addFile(
  { store, underWay, breathe, isClosed }: AddingSurroundings,
  conversationId: ConversationKey,
  { name, mediaType, content }: NewAttachment,
  newId: string,
): Promise<DraftAttachment> {
  if (name === '' || name.length > attachmentNameCharsMax) {
    const message = `A name has 1 to ${attachmentNameCharsMax} characters.`
    throw new Refusal('invalid-input', message, { field: 'name' })
  }
  const id = DraftAttachmentId.parse(`draft-${newId}`)
  const { connection } = store
  let bytes = 0
  underWay.add(id)
  try {
    checkRoom(store, conversationId, 0)
    store.write(() => beginFile(connection, id))
    let part = 0
    for await (const data of partsIn(content)) {
      if (isClosed()) throw new Refusal('shutting-down', 'The app is being closed.')
      bytes += data.byteLength
      checkRoom(store, conversationId, bytes)
      store.write(() => putChunk(connection, id, part, data))
      part += 1
      await breathe()
    }
    const added = { id, conversationId, name, mediaType, bytes }
    store.write((touch) => {
      checkRoom(store, conversationId, bytes)
      endFile(connection, id, bytes)
      addOutgoing(connection, added)
      touch('conversations')
      touch(`conversation:${conversationId}`)
    })
    return added
  } finally {
    underWay.delete(id)
  }
}

function checkRoom({ connection }: Store, conversationId: ConversationKey, bytes: number): void {
  if (bytes > attachmentBytesMax) {
    throw new Refusal('too-large', `A file has ${attachmentBytesMax} bytes at most.`)
  }
  if (outgoingOfDraft(connection, conversationId).length >= attachmentsPerMessageMax) {
    throw new Refusal('too-many', `A message carries ${attachmentsPerMessageMax} files at most.`)
  }
  if (outgoingBytes(connection) + bytes > outgoingBytesMax) {
    throw new Refusal('storage-full', 'Too much waits to be sent already.')
  }
}

function partsIn(content: NewAttachment['content']): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (content instanceof Uint8Array) return partsOf(content)
  return 'path' in content ? partsOfPath(content.path) : partsAnew(content)
}

/** Bytes that come in pieces of any size, in pieces of ours. */
async function* partsAnew(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let part = new Uint8Array(chunkBytes)
  let filled = 0
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const taken = piece.subarray(at, at + chunkBytes - filled)
      part.set(taken, filled)
      filled += taken.length
      at += taken.length
      if (filled < chunkBytes) continue
      yield part
      part = new Uint8Array(chunkBytes)
      filled = 0
    }
  }
  if (filled > 0) yield part.subarray(0, filled)
}

function* partsOf(content: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < content.length; at += chunkBytes) yield content.subarray(at, at + chunkBytes)
}

async function* partsOfPath(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  await using file = await open(path).catch((cause: unknown) => {
    throw new Refusal('not-found', `The file cannot be read: ${codeOf(cause)}.`, { field: 'path' })
  })
  const stat = await file.stat()
  if (!stat.isFile()) throw new Refusal('invalid-input', 'This is no file.', { field: 'path' })
  for (;;) {
    const part = Buffer.alloc(chunkBytes)
    let filled = 0
    for (let read = 1; read > 0 && filled < chunkBytes; filled += read) {
      ;({ bytesRead: read } = await file.read(part, filled, chunkBytes - filled))
    }
    if (filled > 0) yield part.subarray(0, filled)
    if (filled < chunkBytes) return
  }
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
