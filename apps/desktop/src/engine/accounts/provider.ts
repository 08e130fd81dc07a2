import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { overHttp } from '@parley/client/http'
import type { SignedIn } from '@parley/domain/accounts'
import { Refusal, refusalKinds } from '@parley/domain/refusal'
import type { DeskPort } from '../desk-port.ts'

/** A person may take this long at their identity provider. */
export const providerWaitMs = 10 * 60_000

export interface ProviderSignIn {
  readonly url: string
  readonly deviceName: string
  readonly invite?: string | undefined
  readonly signal: AbortSignal
}

/**
 * Signs in through the server's identity provider, in the person's own browser. The answer comes back to an address of
 * this computer that lives as long as this call, as RFC 8252 (7.3) says; what came is of use to nobody who does not
 * know the verifier, which never leaves this process but to the server (RFC 7636).
 * @throws Refusal with what the server said; `identity-unverified` when it took too long or was given up.
 */
export async function signInByProvider(desk: DeskPort, wish: ProviderSignIn): Promise<SignedIn> {
  const { url, deviceName, invite } = wish
  const verifier = randomBytes(32).toString('base64url')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const { oidc } = overHttp({ url })
  await using back = await waitForBrowser(AbortSignal.any([wish.signal, AbortSignal.timeout(providerWaitMs)]))
  const { authorizeUrl } = await oidc.start.mutate({
    returnTo: back.address,
    challenge,
    ...(invite !== undefined && { invite }),
  })
  await desk.openExternal(authorizeUrl)
  return await oidc.finish.mutate({ code: await back.code, verifier, deviceName })
}

interface Back extends AsyncDisposable {
  readonly address: string
  readonly code: Promise<string>
}

async function waitForBrowser(signal: AbortSignal): Promise<Back> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  // Whoever waits is told; until then a refusal is not left unheard.
  promise.catch(() => {})
  // Read here: for it Node reads half as much again as all else that the engine needs to start.
  const { createServer } = await import('node:http')
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
    if (request.method !== 'GET' || pathname !== '/signed-in') {
      response.writeHead(404).end()
      return
    }
    const code = searchParams.get('code')
    const error = refusalKinds.find((kind) => kind === searchParams.get('error'))
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      connection: 'close',
    }
    response.writeHead(200, headers).end(page(code !== null))
    if (code !== null) resolve(code)
    else reject(new Refusal(error ?? 'identity-unverified', 'The identity provider did not sign you in.'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('Listens to no port')
  const given = () => reject(new Refusal('identity-unverified', 'The sign-in was given up.'))
  signal.addEventListener('abort', given, { once: true })
  return {
    address: `http://127.0.0.1:${address.port}/signed-in`,
    code: promise,
    async [Symbol.asyncDispose]() {
      signal.removeEventListener('abort', given)
      server.close()
      await once(server, 'close')
    },
  }
}

const page = (signedIn: boolean) => `<!doctype html><meta charset="utf-8"><title>Parley</title>
<style>body{font:16px/1.5 system-ui;display:grid;place-items:center;height:90vh;color-scheme:light dark}</style>
<p>${signedIn ? 'You are signed in. This page can be closed.' : 'You were not signed in. Go back to Parley to try again.'}</p>`
