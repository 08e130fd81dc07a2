import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Actor } from '@parley/chat/actor'
import { noSuchAttachment, ownAttachment } from '@parley/chat/attachments/get'
import { attachmentMediaType, attachmentName } from '@parley/chat/attachments/naming'
import type { Chat } from '@parley/chat/chat'
import { newAttachmentId } from '@parley/chat/secrets'
import type { UploadedAttachment } from '@parley/domain/attachments'
import type { AttachmentId } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import { answerJson } from '../http/answers.ts'
import { bodyOf } from './body.ts'
import type { FilesLimits } from './limits.ts'
import { HttpRefusal } from './refusals.ts'
import type { Transfer } from './transfers.ts'
import type { Turns } from './turns.ts'
import { bringsBytes, countIn, httpDate, metadataOf, mustSpeakTus, tusExtensions, tusVersion } from './tus.ts'
import type { Upload, Uploads } from './uploads.ts'

export const uploadsPath = '/files/uploads'
const uploadMethods = 'POST, HEAD, PATCH, DELETE, OPTIONS'

/** One request about uploads, by somebody who is known. */
export interface UploadRequest {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly actor: Actor
  readonly transfer: Transfer
}

export interface UploadRoutesOptions {
  readonly chat: Chat
  readonly uploads: Uploads
  readonly turns: Turns
  readonly attachmentBytesMax: number
  readonly limits: FilesLimits
}

/**
 * The upload protocol tus 1.0.0 with creation, creation-with-upload, expiration and termination. The id of an upload
 * is the id of the attachment that it becomes, and the header `Parley-Attachment` says when it has.
 */
export class UploadRoutes {
  readonly #options: UploadRoutesOptions

  constructor(options: UploadRoutesOptions) {
    this.#options = options
  }

  /** What the server can do; anybody may know. */
  describe(response: ServerResponse): void {
    response.writeHead(204, {
      Allow: uploadMethods,
      'Tus-Resumable': tusVersion,
      'Tus-Version': tusVersion,
      'Tus-Extension': tusExtensions,
      'Tus-Max-Size': this.#options.attachmentBytesMax,
    })
    response.end()
  }

  /** Answers a request at `/files/uploads`, or below it with the id. */
  async answer(asked: UploadRequest, id: AttachmentId | null): Promise<void> {
    const { request, response } = asked
    response.setHeader('Tus-Resumable', tusVersion)
    response.setHeader('Cache-Control', 'no-store')
    if (id === null && request.method === 'GET') return this.#list(asked)
    if (request.headers['tus-resumable'] !== tusVersion) response.setHeader('Tus-Version', tusVersion)
    mustSpeakTus(request)
    if (id === null && request.method === 'POST') return this.#create(asked)
    if (id !== null && request.method === 'HEAD') return this.#tell(asked, id)
    if (id !== null && request.method === 'PATCH') return this.#continue(asked, id)
    if (id !== null && request.method === 'DELETE') return this.#discard(asked, id)
    response.setHeader('Allow', uploadMethods)
    throw new HttpRefusal(405, 'invalid-input', `Uploads know ${uploadMethods}.`)
  }

  async #create(asked: UploadRequest): Promise<void> {
    const { request, response, actor } = asked
    const { uploads, attachmentBytesMax } = this.#options
    const bytes = countIn(request, 'Upload-Length')
    if (bytes > attachmentBytesMax) {
      throw new Refusal('too-large', `A file has at most ${attachmentBytesMax} bytes.`, {
        field: 'Upload-Length',
      })
    }
    const metadata = metadataOf(request)
    const name = attachmentName(metadata.get('filename') ?? '')
    const mediaType = attachmentMediaType(metadata.get('filetype') ?? '')
    const id = newAttachmentId()
    using _ = await this.#turn(asked, id)
    const upload = await this.#begin(actor, { id, name, mediaType, bytes })
    response.setHeader('Location', `${uploadsPath}/${id}`)
    this.#sayExpiry(response, upload)
    const offset = bringsBytes(request) ? await this.#take(asked, upload) : 0
    response.setHeader('Upload-Offset', offset)
    if (offset < bytes) return void response.writeHead(201).end()
    const attachment = await uploads.finish(actor, id)
    sayAttachment(response, attachment)
    answerJson(response, 201, attachment)
  }

  /** An account begins one upload at a time, so that they can be counted. */
  async #begin(actor: Actor, file: Pick<Upload, 'id' | 'name' | 'mediaType' | 'bytes'>): Promise<Upload> {
    using _ = await this.#options.turns.take(actor.accountId)
    return await this.#options.uploads.begin(actor.accountId, file)
  }

  async #tell(asked: UploadRequest, id: AttachmentId): Promise<void> {
    const { response, actor } = asked
    using _ = await this.#turn(asked, id)
    const upload = await this.#options.uploads.find(actor.accountId, id)
    // All bytes are there and no attachment is: whoever sent the last of them was interrupted.
    if (!upload || upload.offset === upload.bytes) return await this.#tellOfAttachment(asked, id, upload)
    this.#sayExpiry(response, upload)
    response.writeHead(200, { 'Upload-Offset': upload.offset, 'Upload-Length': upload.bytes })
    response.end()
  }

  async #tellOfAttachment(
    { response, actor }: UploadRequest,
    id: AttachmentId,
    upload: Upload | null,
  ): Promise<void> {
    const { uploads, chat } = this.#options
    const attachment = upload
      ? await uploads.finish(actor, id)
      : await ownAttachment(chat, actor.accountId, id)
    if (!attachment) throw noSuchAttachment()
    sayAttachment(response, attachment)
    response.writeHead(200, { 'Upload-Offset': attachment.bytes, 'Upload-Length': attachment.bytes })
    response.end()
  }

  async #continue(asked: UploadRequest, id: AttachmentId): Promise<void> {
    const { request, response, actor } = asked
    const { uploads, chat } = this.#options
    if (!bringsBytes(request)) {
      throw new HttpRefusal(
        415,
        'invalid-input',
        'Bytes of an upload come as application/offset+octet-stream.',
        {
          field: 'Content-Type',
        },
      )
    }
    const given = countIn(request, 'Upload-Offset')
    using _ = await this.#turn(asked, id)
    const upload = await uploads.find(actor.accountId, id)
    const known = upload ? null : await ownAttachment(chat, actor.accountId, id)
    const at = upload?.offset ?? known?.bytes
    if (at === undefined) throw noSuchAttachment()
    if (given !== at) throw conflict(`The upload has come to byte ${at}.`)
    const offset = upload ? await this.#take(asked, upload) : at
    response.setHeader('Upload-Offset', offset)
    if (upload && offset < upload.bytes) this.#sayExpiry(response, upload)
    else sayAttachment(response, await uploads.finish(actor, id))
    response.writeHead(204).end()
  }

  async #discard(asked: UploadRequest, id: AttachmentId): Promise<void> {
    const { response, actor } = asked
    using _ = await this.#turn(asked, id)
    if (!(await this.#options.uploads.find(actor.accountId, id))) throw noSuchAttachment()
    await this.#options.uploads.discard(actor.accountId, id)
    response.writeHead(204).end()
  }

  /** The account's unfinished uploads, for a client that has lost count of them. */
  async #list({ response, actor }: UploadRequest): Promise<void> {
    const { uploads, limits } = this.#options
    const found = await Promise.all(
      (await uploads.ids(actor.accountId)).map((id) => uploads.find(actor.accountId, id)),
    )
    const unfinished = found.filter((upload) => upload !== null)
    answerJson(response, 200, {
      uploads: unfinished.map(({ id, name, mediaType, bytes, offset, startedAt }) => {
        return { id, name, mediaType, bytes, offset, startedAt, expiresAt: startedAt + limits.uploadKeptMs }
      }),
    })
  }

  async #take({ request, transfer }: UploadRequest, upload: Upload): Promise<number> {
    const coming = request.headers['content-length']
    if (coming !== undefined && Number(coming) > upload.bytes - upload.offset) {
      throw new Refusal('too-large', `This upload has ${upload.bytes} bytes.`, { field: 'Content-Length' })
    }
    // All may be there, and only the attachment not.
    if (upload.offset === upload.bytes) return upload.offset
    return this.#options.uploads.append(
      upload,
      bodyOf(request, transfer.signal, this.#options.limits.transferIdleMs),
    )
  }

  /** The newest request about an upload has it: what is received for an older one stops, and stays. */
  #turn({ transfer }: UploadRequest, id: AttachmentId): Promise<Disposable> {
    return this.#options.turns.take(id, () =>
      transfer.stop(conflict('Another request goes on with this upload.')),
    )
  }

  #sayExpiry(response: ServerResponse, upload: Upload): void {
    response.setHeader('Upload-Expires', httpDate(upload.startedAt + this.#options.limits.uploadKeptMs))
  }
}

const conflict = (message: string) =>
  new HttpRefusal(409, 'invalid-input', message, { field: 'Upload-Offset' })

function sayAttachment(response: ServerResponse, { id }: Pick<UploadedAttachment, 'id'>): void {
  response.removeHeader('Upload-Expires')
  response.setHeader('Parley-Attachment', id)
}
