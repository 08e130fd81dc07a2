import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { AttachmentId } from '@parley/domain/ids'
import { Upload } from 'tus-js-client'
import type { Someone } from './stage.ts'

export const bearer = ({ token }: Someone): Record<string, string> => ({ Authorization: `Bearer ${token}` })

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
}

/** What a refusal says, in an answer that is JSON. */
export interface Said {
  readonly kind: unknown
  readonly field: unknown
}

export function refusalIn({ body, headers }: Answer): Said {
  if (!headers.get('content-type')?.startsWith('application/json')) throw new Error('The answer is not JSON')
  const said: unknown = JSON.parse(body.toString())
  if (typeof said !== 'object' || said === null || !('error' in said))
    throw new Error('The answer is no refusal')
  const { error } = said
  if (typeof error !== 'object' || error === null || !('kind' in error) || !('message' in error)) {
    throw new Error('The refusal says nothing')
  }
  return { kind: error.kind, field: 'field' in error ? error.field : undefined }
}

/** Sends a request whose path and headers are exactly what is given, without the body. */
export function open(
  url: string,
  {
    method = 'GET',
    path,
    headers = {},
  }: { method?: string; path?: string; headers?: Record<string, string> } = {},
): ClientRequest {
  const { hostname, port, pathname } = new URL(url)
  return httpRequest({ hostname, port, path: path ?? pathname, method, headers, agent: false })
}

/** Waits for the answer to a request. */
export async function answerTo(request: ClientRequest): Promise<Answer> {
  const [response]: IncomingMessage[] = await once(request, 'response')
  if (!response) throw new Error('There is no answer')
  const headers = new Headers()
  for (const [name, value] of Object.entries(response.headers)) headers.set(name, String(value))
  return { status: response.statusCode ?? 0, headers, body: await buffer(response) }
}

export async function ask(
  url: string,
  options: Parameters<typeof open>[1] & { body?: Uint8Array } = {},
): Promise<Answer> {
  const request = open(url, options)
  request.end(options.body)
  return answerTo(request)
}

const base64 = (text: string) => Buffer.from(text).toString('base64')

export interface FileGiven {
  readonly name?: string
  readonly type?: string
}

export const metadata = ({ name = 'file.bin', type }: FileGiven = {}): string =>
  `filename ${base64(name)}${type === undefined ? '' : `,filetype ${base64(type)}`}`

/** Begins an upload; with `body`, it is one request that brings everything. */
export function create(
  uploadsUrl: string,
  who: Someone,
  {
    bytes,
    body,
    headers,
    ...file
  }: FileGiven & { bytes: number; body?: Uint8Array; headers?: Record<string, string> },
): Promise<Answer> {
  return ask(uploadsUrl, {
    method: 'POST',
    headers: {
      ...bearer(who),
      'Tus-Resumable': '1.0.0',
      'Upload-Length': String(bytes),
      'Upload-Metadata': metadata(file),
      ...(body && { 'Content-Type': 'application/offset+octet-stream' }),
      ...headers,
    },
    ...(body && { body }),
  })
}

/** Begins an upload. @returns its address. */
export async function begin(
  uploadsUrl: string,
  who: Someone,
  bytes: number,
  file: FileGiven = {},
): Promise<string> {
  const { status, headers } = await create(uploadsUrl, who, { bytes, ...file })
  const location = headers.get('location')
  if (status !== 201 || location === null) throw new Error(`The upload was not begun: ${status}`)
  return new URL(location, uploadsUrl).href
}

/** The id of an upload, and of the attachment that it becomes. */
export const idIn = (url: string): string => url.split('/').at(-1) ?? ''

/** A PATCH whose body the test writes. */
export function patching(
  url: string,
  who: Someone,
  offset: number,
  headers: Record<string, string> = {},
): ClientRequest {
  return open(url, {
    method: 'PATCH',
    headers: {
      ...bearer(who),
      'Tus-Resumable': '1.0.0',
      'Upload-Offset': String(offset),
      'Content-Type': 'application/offset+octet-stream',
      ...headers,
    },
  })
}

export async function patch(url: string, who: Someone, offset: number, body: Uint8Array): Promise<Answer> {
  const request = patching(url, who, offset, { 'Content-Length': String(body.length) })
  request.end(body)
  return answerTo(request)
}

export const head = (url: string, who: Someone): Promise<Answer> =>
  ask(url, { method: 'HEAD', headers: { ...bearer(who), 'Tus-Resumable': '1.0.0' } })

export const remove = (url: string, who: Someone): Promise<Answer> =>
  ask(url, { method: 'DELETE', headers: { ...bearer(who), 'Tus-Resumable': '1.0.0' } })

/** Uploads in one request. @returns the attachment that it became. */
export async function uploaded(
  uploadsUrl: string,
  who: Someone,
  body: Uint8Array,
  file: FileGiven = {},
): Promise<AttachmentId> {
  const answer = await create(uploadsUrl, who, { bytes: body.length, body, ...file })
  if (answer.status !== 201)
    throw new Error(`The upload was refused: ${answer.status} ${answer.body.toString()}`)
  return AttachmentId.parse(answer.headers.get('parley-attachment'))
}

export const download = (
  url: string,
  who: Someone,
  id: AttachmentId,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> => ask(`${url}/files/${id}`, { method, headers: { ...bearer(who), ...headers } })

/** What the stock client did. */
export interface StockUpload {
  readonly upload: Upload
  /** Methods and what the server answered, in order. */
  readonly requests: string[]
  /** Bytes sent, as they were told. */
  readonly progress: number[]
  /** Resolves with the attachment. */
  readonly done: Promise<AttachmentId>
}

/** The client that others use, as it comes. */
export function stockUpload(
  endpoint: string,
  who: Someone,
  body: Buffer,
  {
    chunkSize,
    onChunk,
    uploadUrl,
  }: { chunkSize?: number; onChunk?: (accepted: number) => void; uploadUrl?: string } = {},
): StockUpload {
  const requests: string[] = []
  const progress: number[] = []
  const { promise: done, resolve, reject } = Promise.withResolvers<AttachmentId>()
  const upload = new Upload(body, {
    endpoint,
    ...(uploadUrl !== undefined && { uploadUrl }),
    headers: bearer(who),
    metadata: { filename: 'stock.bin', filetype: 'application/octet-stream' },
    // The client waits by timers of its own.
    retryDelays: [0, 0, 0, 0, 0],
    ...(chunkSize !== undefined && { chunkSize }),
    onProgress: (sent) => progress.push(sent),
    onChunkComplete: (_size, accepted) => onChunk?.(accepted),
    onAfterResponse: (request, response) => {
      requests.push(
        `${request.getMethod()} ${response.getStatus()} ${response.getHeader('Upload-Offset') ?? ''}`.trim(),
      )
    },
    onError: reject,
    onSuccess: ({ lastResponse }) => resolve(AttachmentId.parse(lastResponse.getHeader('Parley-Attachment'))),
  })
  return { upload, requests, progress, done }
}
