import type { IncomingMessage } from 'node:http'
import { Refusal } from '@parley/domain/refusal'
import { HttpRefusal } from './refusals.ts'

// The upload protocol tus 1.0.0 (https://tus.io/protocols/resumable-upload) as far as its headers go.

export const tusVersion = '1.0.0'
export const tusExtensions = 'creation,creation-with-upload,expiration,termination'
export const uploadContentType = 'application/offset+octet-stream'

/** A whole file at once takes more than this of `Upload-Metadata` only if somebody plays with us. */
const metadataCharsMax = 4_096

/** @throws HttpRefusal 412 unless the client speaks the version that the server does. */
export function mustSpeakTus(request: IncomingMessage): void {
  if (request.headers['tus-resumable'] === tusVersion) return
  throw new HttpRefusal(412, 'invalid-input', `Say "Tus-Resumable: ${tusVersion}".`, {
    field: 'Tus-Resumable',
  })
}

/** Whether the request brings bytes of the file. */
export const bringsBytes = (request: IncomingMessage): boolean =>
  request.headers['content-type'] === uploadContentType

/** A header that counts bytes. @throws Refusal `invalid-input` when it is not there, or no count. */
export function countIn(request: IncomingMessage, header: string): number {
  const text = headerOf(request, header)
  const count = /^\d{1,15}$/.test(text ?? '') ? Number(text) : null
  if (count !== null) return count
  throw new Refusal('invalid-input', `The header ${header} must be a number of bytes.`, { field: header })
}

/**
 * The pairs of `Upload-Metadata`: keys and base64 of UTF-8, such as `filename d29ybGQucG5n,filetype aW1hZ2UvcG5n`.
 * @throws Refusal `invalid-input`
 */
export function metadataOf(request: IncomingMessage): Map<string, string> {
  const text = headerOf(request, 'Upload-Metadata') ?? ''
  const pairs = new Map<string, string>()
  if (text.length > metadataCharsMax) throw badMetadata(`has at most ${metadataCharsMax} characters`)
  for (const pair of text.split(',')) {
    const [key = '', value = '', ...more] = pair.trim().split(' ')
    if (key === '' && text.trim() === '') continue
    if (!/^[\x21-\x7e]+$/.test(key) || more.length > 0 || pairs.has(key))
      throw badMetadata('holds pairs of key and value')
    pairs.set(key, decoded(value))
  }
  return pairs
}

function decoded(value: string): string {
  const text = utf8Of(value)
  if (text === null) throw badMetadata('holds its values as base64 of UTF-8')
  return text
}

function utf8Of(base64: string): string | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'))
  } catch {
    return null
  }
}

const badMetadata = (rule: string) =>
  new Refusal('invalid-input', `The header Upload-Metadata ${rule}.`, { field: 'Upload-Metadata' })

function headerOf(request: IncomingMessage, header: string): string | undefined {
  const value = request.headers[header.toLowerCase()]
  return Array.isArray(value) ? value.join() : value
}

/** Times in HTTP headers are in whole seconds (RFC 9110). */
export const httpDate = (at: number): string => new Date(at).toUTCString()
