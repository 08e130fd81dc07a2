import { addressesOf } from './addresses.ts'
import { backoffMs } from './backoff.ts'
import { type Clock, pause, systemClock } from './clock.ts'
import { transferIdleMs, uploadChunkBytesMax, uploadTriesMax } from './limits.ts'
import { ParleyError } from './parley-error.ts'
import { errorOfAnswer, errorOfRefusal, isRecord } from './wire-errors.ts'

// Uploads speak tus 1.0.0 (https://tus.io/protocols/resumable-upload). They are written here and not left to
// `tus-js-client`, which brings seven packages of Node's and XMLHttpRequest, and neither our `fetch` nor our errors;
// of the protocol a client needs three requests.

export interface FilesOptions {
  /** The server's address, such as `https://chat.example.org`. */
  readonly url: string | URL
  readonly token: string
  readonly fetch?: typeof fetch | undefined
  readonly clock?: Clock | undefined
  /** From 0 up to 1. */
  readonly random?: (() => number) | undefined
}

/** What is uploaded, of which parts are read as they are needed: a `Blob` is one. What it holds must not change. */
export interface UploadSource {
  readonly size: number
  readonly type?: string
  slice(start: number, end: number): Blob | Promise<Blob>
}

export interface UploadOptions {
  /** As people see it; the server takes out what no file name may have. */
  readonly name: string
  /** Such as `image/png`; the file's own type by default. */
  readonly mediaType?: string
  /** Told once of the id under which the upload can be gone on with, for a day, also by another process. */
  readonly onBegin?: (uploadId: string) => void
  /** Goes on with an upload that was begun before, with the same file. */
  readonly uploadId?: string
  /** Told after each part that the server has. */
  readonly onProgress?: (sentBytes: number, bytes: number) => void
  readonly signal?: AbortSignal
}

export interface DownloadOptions {
  /** Leaves out the first bytes, to go on with a download that broke off. What an attachment holds never changes. */
  readonly fromByte?: number
  readonly signal?: AbortSignal
}

/**
 * Uploads a file and returns the id by which messages name it. What breaks off goes on by itself from the last byte
 * that the server has, as long as some tries bring it further. In Node, `fs.openAsBlob` reads a file part by part.
 *
 * @throws ParleyError `too-large`, `storage-full`, `too-many`, `signed-out`; `not-found` for an upload that the server
 * no longer has; `aborted`; `unreachable` when the tries are used up.
 */
export async function upload(
  options: FilesOptions,
  file: UploadSource,
  wish: UploadOptions,
): Promise<string> {
  const transfer = new Transfer(options, file, wish)
  const { clock = systemClock, random = Math.random } = options
  for (let failures = 0; ;) {
    const sent = transfer.sentBytes
    try {
      return await transfer.goOn()
    } catch (error) {
      if (!(error instanceof ParleyError && isPassing(error))) throw error
      failures = transfer.sentBytes > sent ? 0 : failures + 1
      if (failures === uploadTriesMax) throw error
      await pause(clock, backoffMs(failures, random) + (error.retryAfterMs ?? 0), wish.signal)
    }
  }
}

/**
 * Reads an attachment: the answer's `body` is a stream of its bytes, its headers say what it is.
 * @throws ParleyError `not-found`, also for what this account may not read; `unreachable`.
 */
export function download(
  options: FilesOptions,
  attachmentId: string,
  wish: DownloadOptions = {},
): Promise<Response> {
  const { fromByte = 0, signal } = wish
  return ask(options, 'GET', encodeURIComponent(attachmentId), {
    headers: fromByte > 0 ? { range: `bytes=${fromByte}-` } : {},
    ...(signal && { signal }),
  })
}

/** One file on its way, and how far it has come. */
class Transfer {
  readonly #options: FilesOptions
  readonly #file: UploadSource
  readonly #wish: UploadOptions
  #id: string | null
  /** Null while only the server knows. */
  #offset: number | null = null
  /** What the server is known to have. */
  sentBytes = 0

  constructor(options: FilesOptions, file: UploadSource, wish: UploadOptions) {
    this.#options = options
    this.#file = file
    this.#wish = wish
    this.#id = wish.uploadId ?? null
  }

  /** Returns the attachment's id when all is there. */
  async goOn(): Promise<string> {
    const id = this.#id
    let answer = id === null ? await this.#create() : await this.#askHowFar(id)
    for (;;) {
      const attachmentId = answer.headers.get('Parley-Attachment')
      if (attachmentId !== null) return attachmentId
      answer = await this.#send()
    }
  }

  async #create(): Promise<Response> {
    const { name, mediaType, onBegin } = this.#wish
    const type = mediaType ?? this.#file.type ?? ''
    const answer = await this.#ask('POST', 'uploads', {
      'upload-length': String(this.#file.size),
      'upload-metadata': `filename ${base64(name)}${type === '' ? '' : `,filetype ${base64(type)}`}`,
    })
    const id = answer.headers.get('Location')?.split('/').at(-1)
    if (id === undefined) throw errorOfAnswer(answer.status)
    this.#id = id
    this.#offset = 0
    onBegin?.(id)
    return answer
  }

  async #askHowFar(id: string): Promise<Response> {
    const answer = await this.#ask('HEAD', `uploads/${encodeURIComponent(id)}`)
    if (answer.headers.get('Upload-Length') !== String(this.#file.size)) {
      throw new ParleyError('invalid-input', 'This upload is of a file of another size.', {
        field: 'uploadId',
      })
    }
    return this.#arrived(answer)
  }

  async #send(): Promise<Response> {
    const offset = this.#offset ?? 0
    const part = await this.#file.slice(offset, offset + uploadChunkBytesMax)
    const headers = { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }
    return this.#arrived(
      await this.#ask('PATCH', `uploads/${encodeURIComponent(this.#id ?? '')}`, headers, part),
    )
  }

  #arrived(answer: Response): Response {
    const offset = Number(answer.headers.get('Upload-Offset') ?? Number.NaN)
    if (!Number.isSafeInteger(offset)) throw errorOfAnswer(answer.status)
    this.#offset = offset
    this.sentBytes = Math.max(this.sentBytes, offset)
    this.#wish.onProgress?.(offset, this.#file.size)
    return answer
  }

  #ask(method: string, path: string, headers: Record<string, string> = {}, body?: Blob): Promise<Response> {
    const { signal } = this.#wish
    return ask(this.#options, method, path, {
      headers: { ...headers, 'tus-resumable': '1.0.0' },
      ...(body && { body }),
      ...(signal && { signal }),
    })
  }
}

/** What may go better at the next try. A wrong offset means that the server has more or less than we were told. */
const isPassing = ({ kind, field }: ParleyError) =>
  kind === 'unreachable' ||
  kind === 'server-failed' ||
  kind === 'shutting-down' ||
  kind === 'rate-limited' ||
  (kind === 'invalid-input' && field === 'Upload-Offset')

interface Request {
  readonly headers: Record<string, string>
  readonly body?: Blob
  readonly signal?: AbortSignal
}

async function ask(options: FilesOptions, method: string, path: string, request: Request): Promise<Response> {
  const { url, token, fetch = globalThis.fetch, clock = systemClock } = options
  const { signal } = request
  const idle = new AbortController()
  const timer = clock.after(transferIdleMs, () => idle.abort())
  try {
    const answer = await fetch(`${addressesOf(url).files}/${path}`, {
      ...request,
      method,
      headers: { ...request.headers, authorization: `Bearer ${token}` },
      signal: signal ? AbortSignal.any([signal, idle.signal]) : idle.signal,
    })
    if (answer.ok) return answer
    throw await errorOf(answer)
  } catch (cause) {
    if (cause instanceof ParleyError) throw cause
    if (signal?.aborted)
      throw new ParleyError('aborted', 'The transfer was aborted.', { cause: signal.reason })
    throw new ParleyError('unreachable', 'The server cannot be reached.', { cause })
  } finally {
    timer[Symbol.dispose]()
  }
}

/** Answers to HEAD have no body: their status has to do. */
const kindsByStatus: ReadonlyMap<number, string> = new Map([
  [401, 'signed-out'],
  [403, 'not-allowed'],
  [404, 'not-found'],
  [429, 'rate-limited'],
])

async function errorOf(answer: Response): Promise<ParleyError> {
  const body: unknown = await answer.json().catch(() => null)
  const refusal = isRecord(body) ? body['error'] : null
  if (isRecord(refusal) && typeof refusal['message'] === 'string') {
    if (answer.status === 500) return new ParleyError('server-failed', refusal['message'])
    return errorOfRefusal(refusal, refusal['message'])
  }
  const kind = kindsByStatus.get(answer.status)
  return kind === undefined
    ? errorOfAnswer(answer.status)
    : errorOfRefusal({ kind }, `The server says ${answer.status}.`)
}

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
