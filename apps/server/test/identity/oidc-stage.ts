import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { Chat } from '@parley/chat/chat'
import { finishOidc, type Oidc, openOidc, startOidc } from '@parley/chat/identity/oidc'
import type { SignedIn } from '@parley/domain/accounts'
import type { SignUpPolicy } from '@parley/domain/server'
import { oidcCallback, oidcCallbackPath } from '@parley/server/oidc/callback'
import { oidcIssuer } from '@parley/server/oidc/issuer'
import type { FakeClock } from '@parley/testkit/fake-clock'
import { IdentityProvider, type ProviderPerson } from '@parley/testkit/identity-provider'
import { Browser, type Stop } from '@parley/testkit/browser'
import { caller, ChatStage, type Logged } from './chat-stage.ts'

export const returnTo = 'http://127.0.0.1:9/signed-in'
const clientId = 'parley'

export interface StageOptions {
  signUp?: SignUpPolicy
  requestMs?: number
  scopes?: readonly string[]
  namesInIdToken?: boolean
  /** The client's secret; null for a public client. */
  secret?: string | null
  /** What the provider takes for the secret, where that is another one. */
  knownSecret?: string | null
}

/** A server's callback on a socket of its own, a real provider, and the client's side of signing in. */
export class OidcStage implements AsyncDisposable {
  readonly chat: Chat
  readonly clock: FakeClock
  readonly logged: Logged[]
  readonly oidc: Oidc
  readonly provider: IdentityProvider
  readonly callbackUrl: string
  readonly #inner: AsyncDisposableStack

  private constructor(
    inner: AsyncDisposableStack,
    parts: { stage: ChatStage; oidc: Oidc; provider: IdentityProvider; callbackUrl: string },
  ) {
    this.#inner = inner
    this.chat = parts.stage.chat
    this.clock = parts.stage.clock
    this.logged = parts.stage.logged
    this.oidc = parts.oidc
    this.provider = parts.provider
    this.callbackUrl = parts.callbackUrl
  }

  static async open(options: StageOptions = {}): Promise<OidcStage> {
    const { secret = 'a secret', knownSecret = secret, namesInIdToken = true } = options
    const inner = new AsyncDisposableStack()
    const stage = inner.use(await ChatStage.open(options.signUp))
    const server = inner.adopt(createServer().listen(0, '127.0.0.1'), closed)
    await once(server, 'listening')
    const callbackUrl = addressOf(server) + oidcCallbackPath
    const redirectUri = callbackUrl
    const provider = inner.use(
      await IdentityProvider.start({ clientId, clientSecret: knownSecret, redirectUri, namesInIdToken }),
    )
    const { chat, clock } = stage
    const issuer = oidcIssuer({
      issuer: provider.issuer,
      clientId,
      clientSecret: secret ?? undefined,
      label: 'Test provider',
      scopes: options.scopes ?? ['openid', 'profile', 'email'],
      callbackUrl: () => callbackUrl,
      clock,
      log: chat.log,
      ...(options.requestMs === undefined ? {} : { requestMs: options.requestMs }),
    })
    const oidc = openOidc(clock, issuer)
    const route = oidcCallback(chat, oidc)
    server.on('request', (request, response) => {
      const visit = { url: new URL(request.url ?? '/', 'http://server'), address: caller.address }
      void route.handleRequest?.(request, response, visit)
    })
    return new OidcStage(inner, { stage, oidc, provider, callbackUrl })
  }

  /** The client begins, as its person sees it. */
  async start(
    options: { invite?: string; returnTo?: string } = {},
  ): Promise<{ authorizeUrl: string; verifier: string }> {
    const verifier = randomBytes(32).toString('base64url')
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const { authorizeUrl } = await startOidc(this.chat, this.oidc, caller, {
      returnTo,
      challenge,
      ...options,
    })
    return { authorizeUrl, verifier }
  }

  /** The person logs in at the provider, in a browser of theirs, which then wants to go back to the client. */
  async logIn(authorizeUrl: string, person: ProviderPerson | null, leavesAt = returnTo): Promise<Stop> {
    this.provider.logsIn = person
    return new Browser().open(authorizeUrl, leavesAt)
  }

  /** Up to the code that the client gets. */
  async codeOf(
    person: ProviderPerson,
    options: { invite?: string } = {},
  ): Promise<{ code: string; verifier: string }> {
    const { authorizeUrl, verifier } = await this.start(options)
    const stop = await this.logIn(authorizeUrl, person)
    const code = new URL(stop.url).searchParams.get('code')
    if (code === null) throw new Error(`No code came back: ${stop.url}`)
    return { code, verifier }
  }

  finish({ code, verifier }: { code: string; verifier: string }): Promise<SignedIn> {
    return finishOidc(this.chat, this.oidc, caller, { code, verifier, deviceName: "Ann's laptop" })
  }

  /** The whole way. */
  async signIn(person: ProviderPerson, options: { invite?: string } = {}): Promise<SignedIn> {
    return this.finish(await this.codeOf(person, options))
  }

  /** The way until the client hears that it failed. @returns the kind that it is told. */
  async failure(person: ProviderPerson | null): Promise<string | null> {
    const { authorizeUrl } = await this.start()
    const { url } = await this.logIn(authorizeUrl, person)
    return new URL(url).searchParams.get('error')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inner.disposeAsync()
  }
}

function addressOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server does not listen')
  return `http://127.0.0.1:${address.port}`
}

async function closed(server: Server): Promise<void> {
  const ended = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await ended
}
