import type { IncomingMessage } from 'node:http'
import { httpBodyBytesMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'

/**
 * What a request brings: the parameters of its query, and on top of them the fields of its body, which may be a form
 * or JSON, as its type says; a body of no such type is taken for JSON.
 * @throws Refusal `invalid-input`, `too-large`
 */
export async function fieldsOf(
  request: IncomingMessage,
  query: URLSearchParams,
): Promise<Record<string, unknown>> {
  const fields = Object.fromEntries(query)
  const { 'content-length': length, 'transfer-encoding': coding, 'content-type': type = '' } = request.headers
  if (length === undefined && coding === undefined) return fields
  const body = await bodyOf(request)
  if (body.length === 0) return fields
  return { ...fields, ...(isForm(type) ? await formFields(body, type) : jsonFields(body)) }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > httpBodyBytesMax) throw new Refusal('too-large', `A body may have ${httpBodyBytesMax} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const isForm = (type: string) => /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type)

async function formFields(body: Buffer<ArrayBuffer>, type: string): Promise<Record<string, unknown>> {
  try {
    return Object.fromEntries(await new Response(body, { headers: { 'content-type': type } }).formData())
  } catch {
    throw new Refusal('invalid-input', 'The body is not the form that its type says.')
  }
}

function jsonFields(body: Buffer): Record<string, unknown> {
  const fields = parsed(body.toString('utf8'))
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw new Refusal('invalid-input', 'The body must be a JSON object or a form.')
  }
  return { ...fields }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('invalid-input', 'The body must be JSON or a form.')
  }
}

/** A page of another origin may not speak for the person in front of it. Programs that are no browser send no Origin. */
export function isForeignPage(request: IncomingMessage, allowsOrigin: (origin: string) => boolean): boolean {
  const { origin } = request.headers
  return origin !== undefined && !allowsOrigin(origin)
}
