import { mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Actor } from '@parley/chat/actor'
import { addAttachment, uploadedOf } from '@parley/chat/attachments/add'
import { noSuchAttachment, ownAttachment } from '@parley/chat/attachments/get'
import type { Chat } from '@parley/chat/chat'
import type { UploadedAttachment } from '@parley/domain/attachments'
import { AttachmentId } from '@parley/domain/ids'
import type { AccountId } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import type { Contents } from './contents.ts'
import { isMissing, syncFolder } from './durable.ts'
import type { FilesLimits } from './limits.ts'
import { hashFile, Part, unlessFull } from './part.ts'
import type { Progress } from './part.ts'
import { readRecord, writeRecord } from './upload-record.ts'
import type { UploadRecord } from './upload-record.ts'

/** The steps by which received bytes become an attachment. Stopping after any of them leaves nothing half done. */
export type FinishingStep = 'synced' | 'hashed' | 'moved' | 'added' | 'forgotten'

/** An unfinished upload, and how far it has come. */
export interface Upload extends UploadRecord {
  readonly accountId: AccountId
  readonly offset: number
}

export interface UploadsOptions {
  readonly chat: Chat
  readonly contents: Contents
  /** Where uploads lie, a folder for each account. On the file system of the contents: they are moved, not copied. */
  readonly directory: string
  readonly limits: FilesLimits
  /** Told of each step. Tests stop the server there. */
  readonly reached?: ((step: FinishingStep) => void | Promise<void>) | undefined
}

/**
 * Uploads that are not attachments yet. All is on disk; what a process knows beside that, the hash of what it
 * received, only spares reading it again. Callers see to it that one at a time works on an upload.
 */
export class Uploads {
  readonly #options: UploadsOptions
  readonly #progress = new Map<AttachmentId, Progress>()

  constructor(options: UploadsOptions) {
    this.#options = options
  }

  /** Callers see to it that an account begins one at a time. @throws Refusal `too-many`, `storage-full` */
  async begin(
    accountId: AccountId,
    file: Pick<UploadRecord, 'id' | 'name' | 'mediaType' | 'bytes'>,
  ): Promise<Upload> {
    const { directory, limits, chat } = this.#options
    const folder = join(directory, accountId)
    const made = await unlessFull(() => mkdir(folder, { recursive: true, mode: 0o700 }))
    if (made !== undefined) await syncFolder(directory)
    if ((await this.ids(accountId)).length >= limits.uploadsPerAccountMax) {
      throw new Refusal(
        'too-many',
        `You have ${limits.uploadsPerAccountMax} unfinished uploads: finish or delete one.`,
      )
    }
    await this.#mustHaveRoom(file.bytes)
    const record = { ...file, startedAt: chat.clock.now(), synced: 0, contentHash: null }
    const paths = this.#paths(accountId, file.id)
    await unlessFull(async () => {
      await using part = await open(paths.part, 'wx', 0o600)
      await part.sync()
      await writeRecord(paths.record, record)
    })
    return { ...record, accountId, offset: 0 }
  }

  /** Null when there is none, when it has expired, or when what had come of it is lost. */
  async find(accountId: AccountId, id: AttachmentId): Promise<Upload | null> {
    const paths = this.#paths(accountId, id)
    const record = await readRecord(paths.record)
    if (!record || this.#isExpired(record)) return null
    const offset = this.#progress.get(id)?.bytes ?? record.synced
    const isThere = record.contentHash === null ? (await sizeOf(paths.part)) >= offset : true
    return isThere ? { ...record, accountId, offset } : null
  }

  /**
   * Takes in what comes, from the offset of the upload on.
   * @returns the new offset, on disk for good.
   * @throws what the source throws, after what had come is on disk; Refusal `too-large`, `storage-full`.
   */
  async append(upload: Upload, source: AsyncIterable<Uint8Array>): Promise<number> {
    const { id, accountId, bytes, offset } = upload
    await this.#mustHaveRoom(bytes - offset)
    await using part = await Part.open(
      this.#paths(accountId, id).part,
      this.#progress.get(id) ?? { bytes: offset, hash: null },
    )
    // What was received is known again once it is on disk; until then a failure must not leave it standing.
    this.#progress.delete(id)
    let synced = upload.synced
    const sync = async () => {
      await part.sync()
      synced = part.bytes
      await this.#save(upload, { synced })
    }
    try {
      for await (const piece of source) {
        if (part.bytes + piece.length > bytes)
          throw new Refusal('too-large', `This upload has ${bytes} bytes.`)
        await part.write(piece)
        if (part.bytes - synced >= this.#options.limits.syncEveryBytes) await sync()
      }
    } finally {
      if (!part.failed) {
        if (part.bytes > synced) await sync()
        this.#progress.set(id, part.progress)
      }
    }
    return part.bytes
  }

  /**
   * Makes an attachment of an upload whose bytes are all there. Whoever was interrupted at it does it again: each step
   * sees whether it is done, and the row comes last, when the content is on disk under its name.
   * @throws Refusal `signed-out`, `storage-full`; `not-found` when the upload is gone.
   */
  async finish(actor: Actor, id: AttachmentId): Promise<UploadedAttachment> {
    const { chat, contents, reached } = this.#options
    const known = await ownAttachment(chat, actor.accountId, id)
    if (known) {
      await this.discard(actor.accountId, id)
      return uploadedOf(known)
    }
    const upload = await this.find(actor.accountId, id)
    if (!upload) throw noSuchAttachment()
    await reached?.('synced')
    const { part } = this.#paths(actor.accountId, id)
    const contentHash = upload.contentHash ?? (await this.#hashOf(upload, part))
    if (upload.contentHash === null) await this.#save(upload, { synced: upload.bytes, contentHash })
    await reached?.('hashed')
    using _ = await contents.hold(contentHash)
    const isThere =
      (await unlessFull(() => contents.adopt(part, contentHash))) || (await contents.has(contentHash))
    if (!isThere) {
      await this.discard(actor.accountId, id)
      throw noSuchAttachment()
    }
    await reached?.('moved')
    const attachment = await this.#add(actor, upload, contentHash)
    await reached?.('added')
    await this.discard(actor.accountId, id)
    await reached?.('forgotten')
    return attachment
  }

  /** Callers hold the content. Without the row nothing would keep it, so it goes back to its upload then. */
  async #add(actor: Actor, upload: Upload, contentHash: string): Promise<UploadedAttachment> {
    const { chat, contents } = this.#options
    const { id, name, mediaType, bytes } = upload
    try {
      return await addAttachment(chat, actor, { id, name, mediaType, bytes, contentHash })
    } catch (error) {
      const isUsed = await chat.db.read.attachments.isContentUsed(contentHash)
      if (!isUsed) await contents.giveBack(contentHash, this.#paths(actor.accountId, id).part)
      throw error
    }
  }

  /** Lets go of all that is kept of an upload; of an attachment that it has become, nothing. */
  async discard(accountId: AccountId, id: AttachmentId): Promise<void> {
    this.#progress.delete(id)
    const { record, part } = this.#paths(accountId, id)
    // Without its record, the rest is a leftover.
    for (const path of [record, `${record}.new`, part]) await rm(path, { force: true })
  }

  /** Whether it cannot go on: expired, become an attachment, or left over by a crash. */
  async isOver(accountId: AccountId, id: AttachmentId): Promise<boolean> {
    if (!(await this.find(accountId, id))) return true
    return (await ownAttachment(this.#options.chat, accountId, id)) !== null
  }

  /** The ids of all of which anything is kept. */
  async ids(accountId: string): Promise<AttachmentId[]> {
    const names = await namesIn(join(this.#options.directory, accountId))
    const parsed = [...new Set(names.map((name) => name.split('.', 1).join()))].map((id) =>
      AttachmentId.safeParse(id),
    )
    return parsed.flatMap((id) => (id.success ? [id.data] : []))
  }

  /** Which accounts have uploads, or had some. */
  async accounts(): Promise<string[]> {
    return namesIn(this.#options.directory)
  }

  async #hashOf(upload: Upload, part: string): Promise<string> {
    if (upload.offset !== upload.bytes) throw new Error('An upload is not all there')
    const hash = this.#progress.get(upload.id)?.hash
    // A copy: should a later step fail, the hash is asked for again.
    return hash ? hash.copy().digest('hex') : hashFile(part)
  }

  async #save(upload: Upload, change: Partial<Pick<UploadRecord, 'synced' | 'contentHash'>>): Promise<void> {
    const { accountId, offset: _, ...record } = upload
    const path = this.#paths(accountId, upload.id).record
    await unlessFull(() => writeRecord(path, { ...record, ...change }))
  }

  async #mustHaveRoom(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.#options.directory)
    if (bavail * bsize - bytes >= this.#options.limits.freeBytesMin) return
    throw new Refusal('storage-full', 'The server has no room for this file.')
  }

  #isExpired({ startedAt }: UploadRecord): boolean {
    return startedAt + this.#options.limits.uploadKeptMs <= this.#options.chat.clock.now()
  }

  /** Ids have been parsed where they came in: none can lead out of the folder. */
  #paths(accountId: AccountId, id: AttachmentId): { record: string; part: string } {
    const base = join(this.#options.directory, accountId, id)
    return { record: `${base}.json`, part: `${base}.part` }
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (isMissing(error)) return -1
    throw error
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}
