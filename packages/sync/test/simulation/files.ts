import { type AccountId, AttachmentId } from '@parley/domain/ids'
import type { Attachment } from '@parley/domain/messages'
import { refuse } from './refuse.ts'

interface Upload {
  readonly owner: AccountId
  readonly attachment: Attachment
  offset: number
  state: 'coming' | 'there' | 'sent'
}

/** The files of the model: of each only how much of it is there. */
export class Files {
  readonly #uploads = new Map<string, Upload>()

  begin(owner: AccountId, name: string, bytes: number): string {
    const number = String(this.#uploads.size + 1)
    const attachment = { id: AttachmentId.parse(`f${number.padStart(15, '0')}`), name, mediaType: '', bytes }
    this.#uploads.set(number, { owner, attachment, offset: 0, state: bytes === 0 ? 'there' : 'coming' })
    return number
  }

  howFar(owner: AccountId, id: string): { offset: number; attachmentId: AttachmentId | null } {
    const upload = this.#uploads.get(id)
    if (upload?.owner !== owner) return refuse('not-found')
    const { offset, state, attachment } = upload
    return { offset, attachmentId: state === 'coming' ? null : attachment.id }
  }

  append(owner: AccountId, id: string, offset: number, bytes: number) {
    const upload = this.#uploads.get(id)
    if (upload?.owner !== owner) return refuse('not-found')
    if (upload.offset !== offset) return refuse('invalid-input')
    upload.offset += bytes
    if (upload.offset === upload.attachment.bytes) upload.state = 'there'
    return this.howFar(owner, id)
  }

  /** They become a message's. */
  take(owner: AccountId, ids: readonly AttachmentId[]): Attachment[] {
    const taken = ids.map((id) => {
      const upload = [...this.#uploads.values()].find(({ attachment }) => attachment.id === id)
      return upload?.owner === owner && upload.state === 'there' ? upload : refuse('attachment-missing')
    })
    for (const upload of taken) upload.state = 'sent'
    return taken.map(({ attachment }) => attachment)
  }

  /** What no message has taken for too long is gone. */
  sweep(): void {
    for (const [id, upload] of this.#uploads) {
      if (upload.state !== 'sent') this.#uploads.set(id, { ...upload, owner: nobody })
    }
  }
}

const nobody = 'a_______________' as AccountId
