import { orphanAttachmentKeptMs } from '@parley/domain/limits'
import type { Chat } from '../chat.ts'

/**
 * Removes attachments that no message carries and that have waited long enough for one. Which ones is decided in the
 * transaction that removes them, so a message that is being sent either came before and keeps its attachment, or
 * comes after and is refused (`attachment-missing`).
 * @returns the hashes of their contents. Another attachment may use the same content.
 */
export async function removeOrphans(chat: Chat, limit: number): Promise<string[]> {
  const before = chat.clock.now() - orphanAttachmentKeptMs
  if ((await chat.db.read.attachments.orphans(before, 1)).length === 0) return []
  return chat.db.write(async (tx) => {
    const orphans = await tx.attachments.orphans(before, limit)
    for (const { id } of orphans) await tx.attachments.remove(id)
    return [...new Set(orphans.map(({ contentHash }) => contentHash))]
  })
}
