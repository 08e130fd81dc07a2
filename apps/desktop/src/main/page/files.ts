import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { isOurAddress } from './addresses.ts'
import { contentSecurityPolicy, newNonce, noncePlaceholder } from './policy.ts'

/** What the build makes; a file of another kind is not the page's. */
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** Folders and a file, of letters that can mean nothing else: no `..`, no `%`, no backslash, no drive. */
const plainPath = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/

/**
 * Answers the page's requests from one folder, and from nothing beside it.
 *
 * @returns 404 for whatever is not a file of the page; it is not said why.
 */
export async function servePageFile(folder: string, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const contentType = contentTypes[extname(pathname)]
  if (!isOurAddress(request.url) || request.method !== 'GET' || !plainPath.test(pathname) || !contentType) {
    return notFound()
  }
  let bytes: Buffer
  try {
    bytes = await readFile(join(folder, pathname))
  } catch {
    return notFound()
  }
  const headers = { 'Content-Type': contentType, 'X-Content-Type-Options': 'nosniff' }
  if (extname(pathname) !== '.html') return new Response(new Uint8Array(bytes), { headers })
  const nonce = newNonce()
  return new Response(bytes.toString('utf8').replaceAll(noncePlaceholder, nonce), {
    headers: {
      ...headers,
      'Content-Security-Policy': contentSecurityPolicy(nonce),
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
    },
  })
}

const notFound = (): Response => new Response(null, { status: 404 })
