import type { Route } from '../http/routes.ts'

/** What somebody sees who opens the server's address, or an invite link, in a browser: what to do with it. */
export function landingRoute(serverName: string): Route {
  const name = serverName.replaceAll(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`)
  const page = Buffer.from(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${name}</title>
<h1>${name}</h1>
<p>This is a Parley server, for team chat. Give its address to the Parley app; if somebody sent you a link to
here, give the app the whole link, with all that stands behind the <code>#</code>.</p>
`)
  return {
    path: '/',
    handleRequest(_request, response) {
      response.writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Length': page.length,
        'Content-Security-Policy':
          "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        'Referrer-Policy': 'no-referrer',
      })
      response.end(page)
    },
  }
}
