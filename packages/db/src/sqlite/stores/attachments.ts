import type { AccountId, AttachmentId, Timestamp } from '@parley/domain/ids'
import { eq } from 'drizzle-orm'
import type { InferSelectModel } from 'drizzle-orm'
import type { AttachmentReads, AttachmentRow, AttachmentWrites } from '../../stores.ts'
import type { ReadHandle, WriteHandle } from '../handle.ts'
import { from, insertOf, query } from '../query.ts'
import { RawQuery } from '../raw-query.ts'
import type { Given } from '../query.ts'
import { attachmentOf, storedAttachment } from '../rows/attachments.ts'
import { attachment } from '../schema/messages.ts'

const byId = query((given: Given<{ id: AttachmentId }>) =>
  from
    .select()
    .from(attachment)
    .where(eq(attachment.id, given('id'))),
)

const seenByMember = new RawQuery<[AttachmentId, AccountId], number>(
  `select exists (
    select 1 from messageAttachment carried
    join member on member.conversationId = carried.conversationId
    where carried.attachmentId = ? and member.accountId = ?)`,
  'value',
)
const orphans = new RawQuery<[before: Timestamp, limit: number], InferSelectModel<typeof attachment>>(
  'select * from attachment where carriers = 0 and uploadedAt < ? order by uploadedAt limit ?',
)
const contentUsed = new RawQuery<[contentHash: string], number>(
  'select exists (select 1 from attachment where contentHash = ?)',
  'value',
)
const contentAfter = new RawQuery<[after: string, limit: number], { contentHash: string; bytes: number }>(
  'select contentHash, bytes from attachment where contentHash > ? group by contentHash order by contentHash limit ?',
)

const insertAttachment = insertOf(attachment)
const removeAttachment = new RawQuery<[AttachmentId]>('delete from attachment where id = ?')

export class AttachmentReading<Handle extends ReadHandle = ReadHandle> implements AttachmentReads {
  protected readonly handle: Handle

  constructor(handle: Handle) {
    this.handle = handle
  }

  async get(id: AttachmentId): Promise<AttachmentRow | null> {
    const row = byId.get(this.handle.connection, { id })
    return row ? attachmentOf(row) : null
  }

  async many(ids: readonly AttachmentId[]): Promise<AttachmentRow[]> {
    const { connection } = this.handle
    return ids.flatMap((id) => {
      const row = byId.get(connection, { id })
      return row ? [attachmentOf(row)] : []
    })
  }

  async mayRead(id: AttachmentId, accountId: AccountId): Promise<boolean> {
    const { connection } = this.handle
    const row = byId.get(connection, { id })
    return (
      row !== undefined && (row.ownerId === accountId || seenByMember.on(connection).get(id, accountId) === 1)
    )
  }

  async orphans(before: Timestamp, limit: number): Promise<AttachmentRow[]> {
    return orphans.on(this.handle.connection).all(before, limit).map(attachmentOf)
  }

  async isContentUsed(contentHash: string): Promise<boolean> {
    return contentUsed.on(this.handle.connection).get(contentHash) === 1
  }

  async contentHashes(after: string, limit: number): Promise<{ contentHash: string; bytes: number }[]> {
    return contentAfter.on(this.handle.connection).all(after, limit)
  }
}

export class AttachmentWriting extends AttachmentReading<WriteHandle> implements AttachmentWrites {
  async insert(row: AttachmentRow): Promise<void> {
    insertAttachment.on(this.handle.connection).run(storedAttachment(row, 0))
  }

  async remove(id: AttachmentId): Promise<void> {
    removeAttachment.on(this.handle.connection).run(id)
  }
}
