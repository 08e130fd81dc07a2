import type { InferSelectModel } from 'drizzle-orm'
import type { AttachmentRow } from '../../stores.ts'
import type { NewRow } from '../query.ts'
import type { attachment } from '../schema/messages.ts'

export const attachmentOf = (row: InferSelectModel<typeof attachment>): AttachmentRow => ({
  id: row.id,
  ownerId: row.ownerId,
  name: row.name,
  mediaType: row.mediaType,
  bytes: row.bytes,
  contentHash: row.contentHash,
  uploadedAt: row.uploadedAt,
})

export const storedAttachment = (row: AttachmentRow, carriers: number): NewRow<typeof attachment> => ({
  id: row.id,
  ownerId: row.ownerId,
  name: row.name,
  mediaType: row.mediaType,
  bytes: row.bytes,
  contentHash: row.contentHash,
  uploadedAt: row.uploadedAt,
  carriers,
})
