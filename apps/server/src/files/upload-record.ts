import { readFile } from 'node:fs/promises'
import { AttachmentId, Timestamp } from '@parley/domain/ids'
import { attachmentBytesMax } from '@parley/domain/limits'
import { z } from 'zod'
import { isMissing, replaceFile } from './durable.ts'

/** What is known on disk of an unfinished upload; it lies beside the bytes that have come. */
const UploadRecord = z.strictObject({
  /** Under this id it becomes an attachment. */
  id: AttachmentId,
  name: z.string(),
  mediaType: z.string(),
  /** How many bytes it will have. */
  bytes: z.int().min(0).max(attachmentBytesMax),
  startedAt: Timestamp,
  /** So many bytes are on disk for good: a server that starts again goes on from here. */
  synced: z.int().min(0).max(attachmentBytesMax),
  /** Set when all bytes are there, before they are moved to where contents lie. */
  contentHash: z.string().nullable(),
})
export type UploadRecord = z.infer<typeof UploadRecord>

/** Null when there is none; what is no record describes no upload either. */
export async function readRecord(path: string): Promise<UploadRecord | null> {
  try {
    const text = await readFile(path, 'utf8')
    return UploadRecord.safeParse(jsonOf(text)).data ?? null
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

export const writeRecord = (path: string, record: UploadRecord): Promise<void> =>
  replaceFile(path, JSON.stringify(record))

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
