import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Chat } from '@parley/chat/chat'
import { comeBack, type Oidc } from '@parley/chat/identity/oidc'
import type { Route } from '../http/routes.ts'

/** Where issuers send browsers back to, below the server's address. */
export const oidcCallbackPath = '/oidc/callback'

/** The callback as browsers reach it. @param serverUrl may have a path: a proxy can serve Parley below one. */
export const oidcCallbackUrl = (serverUrl: string) => serverUrl.replace(/\/+$/, '') + oidcCallbackPath

/** The way of a browser back from the issuer, and on to the client that sent it there. */
export const oidcCallback = (chat: Chat, oidc: Oidc): Route => ({
  path: oidcCallbackPath,
  async handleRequest(request, response, { url }) {
    if (!isGet(request)) return answerPage(response, 405, wrongMethod, { Allow: 'GET' })
    const next = await comeBack(chat, oidc, url.searchParams)
    if (next === null) return answerPage(response, 400, notUnderWay)
    response.writeHead(303, { ...headers, Location: next, 'Content-Length': 0 }).end()
  },
})

// HEAD would use the code up and show the browser nothing.
const isGet = ({ method }: IncomingMessage) => method === 'GET'

/** The address of this page holds a code: nobody may keep it, learn of it, or run anything beside it. */
const headers = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Content-Security-Policy':
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
} as const

const notUnderWay = 'This sign-in has ended already, or took too long. Go back to Parley and start it again.'
const wrongMethod = 'This page is only for coming back from signing in.'

/** Nothing of the request stands in it. */
function answerPage(
  response: ServerResponse,
  status: number,
  text: string,
  more: Record<string, string> = {},
): void {
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Parley</title>
<h1>Not signed in</h1>
<p>${text}</p>
`
  response.writeHead(status, {
    ...headers,
    ...more,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(page),
  })
  response.end(page)
}
