import { z } from 'zod'
import { AccountId, Timestamp } from './ids.ts'
import { Attachment } from './messages.ts'

/** An attachment as the one who uploaded it sees it. It becomes others' by being sent in a message. */
export const UploadedAttachment = z.strictObject({
  ...Attachment.shape,
  ownerId: AccountId,
  uploadedAt: Timestamp,
})
export type UploadedAttachment = z.infer<typeof UploadedAttachment>
