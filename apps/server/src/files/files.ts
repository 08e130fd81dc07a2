import { mkdir } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { authenticate } from '@parley/chat/accounts/sessions'
import type { Actor } from '@parley/chat/actor'
import type { Chat } from '@parley/chat/chat'
import { AttachmentId } from '@parley/domain/ids'
import { attachmentBytesMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import type { Route, Visit } from '../http/routes.ts'
import { Contents } from './contents.ts'
import { download } from './download-route.ts'
import { syncFolder } from './durable.ts'
import { filesLimits } from './limits.ts'
import type { FilesLimits } from './limits.ts'
import { answerFilesError, HttpRefusal } from './refusals.ts'
import { Sweeper } from './sweeper.ts'
import { Transfers } from './transfers.ts'
import { Turns } from './turns.ts'
import { UploadRoutes, uploadsPath } from './upload-routes.ts'
import { Uploads } from './uploads.ts'
import type { FinishingStep } from './uploads.ts'

export interface FilesOptions {
  readonly chat: Chat
  /** The folder of all contents, made if it is not there. Uploads lie below it: both have to be one file system. */
  readonly directory: string
  /** The operator's bound on a file's size; the limit of Parley counts where it is lower. */
  readonly attachmentBytesMax: number
  readonly limits?: FilesLimits
  /** Told of each step of finishing an upload: a fault point for tests. */
  readonly reached?: (step: FinishingStep) => void | Promise<void>
}

/** Attachments over HTTP: uploads at `/files/uploads`, downloads at `/files/<AttachmentId>`. */
export class Files implements Route {
  readonly path = '/files/'
  /** Uploads take as long as they take, while something moves. */
  readonly boundsItsTime = true
  readonly cors = {
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    headers: [
      'Authorization',
      'Content-Type',
      'If-Match',
      'If-None-Match',
      'If-Range',
      'Range',
      'Tus-Resumable',
      'Upload-Length',
      'Upload-Metadata',
      'Upload-Offset',
    ],
    exposed: [
      'Content-Disposition',
      'Content-Range',
      'ETag',
      'Location',
      'Parley-Attachment',
      'Tus-Resumable',
      'Tus-Version',
      'Upload-Expires',
      'Upload-Length',
      'Upload-Offset',
    ],
  }
  readonly sweeper: Sweeper
  readonly #chat: Chat
  readonly #directory: string
  readonly #limits: FilesLimits
  readonly #transfers: Transfers
  readonly #uploadRoutes: UploadRoutes

  private constructor(options: FilesOptions, uploadsDirectory: string) {
    const { chat, directory, limits = filesLimits, reached } = options
    this.#chat = chat
    this.#directory = directory
    this.#limits = limits
    const contents = new Contents(directory)
    const turns = new Turns()
    const uploads = new Uploads({ chat, contents, directory: uploadsDirectory, limits, reached })
    this.#transfers = new Transfers(chat, limits.transfersPerAccountMax)
    this.#uploadRoutes = new UploadRoutes({
      chat,
      uploads,
      turns,
      attachmentBytesMax: Math.min(options.attachmentBytesMax, attachmentBytesMax),
      limits,
    })
    this.sweeper = new Sweeper({ chat, contents, uploads, turns, limits })
  }

  static async open(options: FilesOptions): Promise<Files> {
    const uploads = join(options.directory, 'uploads')
    await mkdir(uploads, { recursive: true, mode: 0o700 })
    await syncFolder(options.directory)
    return new Files(options, uploads)
  }

  /** Transfers under way. */
  get transfers(): number {
    return this.#transfers.count
  }

  /** @throws what is a defect, after it has been answered. */
  async handleRequest(request: IncomingMessage, response: ServerResponse, visit: Visit): Promise<void> {
    try {
      await this.#answer(request, response, visit)
    } catch (error) {
      if (!answerFilesError(response, error)) throw error
    } finally {
      this.#boundRest(request)
    }
  }

  /** A body that nobody reads is dropped as it comes, and would hold its connection for as long as it does. */
  #boundRest(request: IncomingMessage): void {
    if (request.complete || request.destroyed) return
    const end = this.#chat.clock.after(this.#limits.restAfterAnswerMs, () => request.destroy())
    request.once('close', () => end[Symbol.dispose]())
  }

  async #answer(request: IncomingMessage, response: ServerResponse, { url, address }: Visit): Promise<void> {
    const target = targetOf(url.pathname)
    if (!target) throw new Refusal('not-found', 'There is nothing at this path.')
    if (request.method === 'OPTIONS' && target.kind === 'upload') return this.#uploadRoutes.describe(response)
    const actor = await this.#actorOf(request, response, address)
    using transfer = await this.#transfers.begin(actor)
    const asked = { request, response, actor, transfer }
    if (target.kind === 'upload') return await this.#uploadRoutes.answer(asked, target.id)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD')
      throw new HttpRefusal(405, 'invalid-input', 'An attachment can only be read.')
    }
    const { transferIdleMs } = this.#limits
    await download({ chat: this.#chat, directory: this.#directory, transferIdleMs }, asked, target.id)
  }

  /** @throws Refusal `signed-out`, `rate-limited` */
  async #actorOf(request: IncomingMessage, response: ServerResponse, address: string): Promise<Actor> {
    const [, token] = /^Bearer ([\w.~+/=-]{1,512})$/i.exec(request.headers.authorization ?? '') ?? []
    const actor = token === undefined ? null : await authenticate(this.#chat, token)
    if (actor) {
      await this.#chat.rates.take('call', actor.accountId)
      return actor
    }
    await this.#chat.rates.take('call-address', address)
    response.setHeader('WWW-Authenticate', 'Bearer')
    throw new Refusal('signed-out', 'Send the token of a session: "Authorization: Bearer …".')
  }

  /** Stops transfers, whose clients go on with them later, and resolves when none is left. */
  async close(): Promise<void> {
    await this.#transfers[Symbol.asyncDispose]()
    await this.sweeper[Symbol.asyncDispose]()
  }
}

type Target = { kind: 'upload'; id: AttachmentId | null } | { kind: 'attachment'; id: AttachmentId }

/** Null for every path that is not exactly one of ours: none is ever taken for a part of a file's path. */
function targetOf(path: string): Target | null {
  if (path === uploadsPath || path === `${uploadsPath}/`) return { kind: 'upload', id: null }
  const isUpload = path.startsWith(`${uploadsPath}/`)
  const id = AttachmentId.safeParse(path.slice(isUpload ? uploadsPath.length + 1 : '/files/'.length))
  if (!id.success) return null
  return { kind: isUpload ? 'upload' : 'attachment', id: id.data }
}
