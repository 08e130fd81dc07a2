import type { AttachmentRow } from '@parley/db/stores'
import type { UploadedAttachment } from '@parley/domain/attachments'
import { Refusal } from '@parley/domain/refusal'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'

/**
 * Makes an attachment of content that lies on disk for good. Done again under the same id, it returns what the first
 * time did: whoever was interrupted does it again.
 * @throws Refusal `signed-out` when the session has ended meanwhile; `storage-full`.
 */
export async function addAttachment(
  chat: Chat,
  actor: Actor,
  attachment: Omit<AttachmentRow, 'ownerId' | 'uploadedAt'>,
): Promise<UploadedAttachment> {
  return chat.db.write(async (tx) => {
    if (!(await tx.sessions.byId(actor.sessionId))) throw new Refusal('signed-out', 'This session has ended.')
    const known = await tx.attachments.get(attachment.id)
    if (known?.ownerId === actor.accountId) return uploadedOf(known)
    const row = { ...attachment, ownerId: actor.accountId, uploadedAt: chat.clock.now() }
    await tx.attachments.insert(row)
    return uploadedOf(row)
  })
}

/** Where its content lies is the server's own business. */
export const uploadedOf = ({ contentHash: _, ...attachment }: AttachmentRow): UploadedAttachment => attachment
