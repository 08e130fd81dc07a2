import { engine } from '../../live/clients.ts'
import type { ConversationKey } from '../../live/queries.ts'
import { mediaTypeOf } from '../content/attachments/kinds-of-files.ts'

interface HandingOver {
  readonly signal: AbortSignal
  readonly onProgress: (doneBytes: number) => void
}

/** Hands a file that was dropped or pasted over to the engine, piece by piece. @throws what it was refused for */
export async function handOver(
  conversationId: ConversationKey,
  file: File,
  { signal, onProgress }: HandingOver,
): Promise<void> {
  const mediaType = file.type || mediaTypeOf(file.name)
  const { handle, pieceBytes } = await engine.attachments.begin.mutate({
    conversationId,
    name: file.name,
    mediaType,
  })
  try {
    for (let at = 0; at < file.size; at += pieceBytes) {
      signal.throwIfAborted()
      const bytes = new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer())
      await engine.attachments.put.mutate({ handle, bytes })
      onProgress(at + bytes.length)
    }
    signal.throwIfAborted()
    await engine.attachments.finish.mutate({ handle })
  } catch (error) {
    await engine.attachments.cancel.mutate({ handle })
    throw error
  }
}
