import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Actor } from '@parley/chat/actor'
import { getAttachment } from '@parley/chat/attachments/get'
import type { Chat } from '@parley/chat/chat'
import type { AttachmentId } from '@parley/domain/ids'
import type { AttachmentRow } from '@parley/db/stores'
import { create as contentDisposition } from 'content-disposition'
import send from 'send'
import { contentPath } from './contents.ts'
import { HttpRefusal } from './refusals.ts'
import type { Transfer } from './transfers.ts'

/** What a browser may show in place: formats that hold no script. Anything else it is told to save. */
const shownInline = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'audio/mpeg',
  'audio/mp4',
  'audio/aac',
  'audio/ogg',
  'audio/opus',
  'audio/flac',
  'audio/wav',
  'audio/webm',
  'video/mp4',
  'video/ogg',
  'video/webm',
])

export interface DownloadOptions {
  readonly chat: Chat
  /** Where contents lie. */
  readonly directory: string
  readonly transferIdleMs: number
}

/**
 * Answers GET and HEAD of an attachment to who may read it now; ranges and conditions as HTTP has them.
 * @throws Refusal `not-found`; HttpRefusal 412 and 416 for conditions and ranges that cannot be met.
 */
export async function download(
  options: DownloadOptions,
  {
    request,
    response,
    actor,
    transfer,
  }: { request: IncomingMessage; response: ServerResponse; actor: Actor; transfer: Transfer },
  id: AttachmentId,
): Promise<void> {
  transfer.reads(id)
  const attachment = await getAttachment(options.chat, actor.accountId, id)
  transfer.signal.throwIfAborted()
  const cut = () => response.destroy()
  transfer.signal.addEventListener('abort', cut)
  response.setTimeout(options.transferIdleMs, cut)
  try {
    describe(response, attachment)
    await stream(options.directory, request, response, attachment)
  } finally {
    transfer.signal.removeEventListener('abort', cut)
  }
}

function describe(response: ServerResponse, { name, mediaType, contentHash }: AttachmentRow): void {
  const headers = {
    'Content-Type': mediaType,
    'Content-Disposition': contentDisposition(name, {
      type: shownInline.has(mediaType) ? 'inline' : 'attachment',
    }),
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    // May be kept by who asked, and is asked for each time whether it still may be read.
    'Cache-Control': 'private, no-cache',
    Vary: 'Authorization, Origin',
    ETag: `"${contentHash}"`,
  }
  for (const [header, value] of Object.entries(headers)) response.setHeader(header, value)
}

/** Resolves when the response is over, sent or cut. */
async function stream(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
  { id, contentHash }: AttachmentRow,
): Promise<void> {
  const over = Promise.withResolvers<void>()
  response.once('close', over.resolve)
  const options = { root, cacheControl: false, lastModified: false, etag: false, index: false }
  send(request, contentPath(contentHash), options)
    .on('error', (error: unknown) => over.reject(refusalOf(error, id)))
    .pipe(response)
  try {
    await over.promise
  } catch (error) {
    if (!response.headersSent) {
      for (const header of ['Content-Disposition', 'Content-Length', 'ETag']) response.removeHeader(header)
    }
    throw error
  }
}

function refusalOf(error: unknown, id: AttachmentId): Error {
  const status = error instanceof Error && 'status' in error ? error.status : undefined
  if (status === 412)
    return new HttpRefusal(412, 'invalid-input', 'The file is another one than the request says.')
  if (status === 416) {
    return new HttpRefusal(416, 'invalid-input', 'The file does not reach so far.', { field: 'Range' })
  }
  return new Error(`The content of the attachment ${id} cannot be read`, { cause: error })
}
