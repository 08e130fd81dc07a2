import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { exportJWK } from 'jose/key/export'
import { generateKeyPair } from 'jose/key/generate/keypair'
import { decodeJwt } from 'jose/jwt/decode'
import { SignJWT } from 'jose/jwt/sign'
import {
  type Adapter,
  type AdapterPayload,
  type Configuration,
  type KoaContextWithOIDC,
  Provider,
} from 'oidc-provider'

/** Somebody with an account at the provider. */
export interface ProviderPerson {
  readonly subject: string
  readonly claims?: Readonly<Record<string, unknown>>
}

export interface IdentityProviderOptions {
  readonly clientId: string
  /** Null for a public client. */
  readonly clientSecret: string | null
  /** Where the client's people are sent back to; can be said later, as the client may need the provider's address first. */
  readonly redirectUri?: string
  /** Whether names stand in the ID token, as most issuers do it, or at the userinfo endpoint only. */
  readonly namesInIdToken?: boolean
}

/** Changes an ID token before the client gets it, as a provider gone wrong would; and can sign it with another's key. */
export type Alteration = (claims: JWTPayload) => {
  readonly claims: JWTPayload
  readonly key?: 'own' | 'foreign'
}

type JWTPayload = ReturnType<typeof decodeJwt>

type Keys = Awaited<ReturnType<typeof makeKeys>>

const algorithm = 'ES256'

/**
 * A real OpenID Connect provider on a port of its own, with its log-in scripted: whoever `logsIn` names comes out of
 * its log-in page.
 */
export class IdentityProvider implements AsyncDisposable {
  /** Who logs in next; null refuses to. */
  logsIn: ProviderPerson | null = null
  alters: Alteration | null = null
  /** How requests are met: not at all, with status 500, or with an endless body. */
  fault: 'none' | 'stalled' | 'failing' | 'endless' = 'none'
  /** Paths that were asked for, in order. */
  readonly asked: string[] = []
  readonly issuer: string
  readonly #server: Server
  readonly #options: IdentityProviderOptions
  readonly #people = new Map<string, ProviderPerson>()
  readonly #foreign: Keys
  #redirectUri: string
  #keys: Keys
  #provider: Provider

  private constructor(server: Server, options: IdentityProviderOptions, keys: Keys, foreign: Keys) {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('The provider does not listen')
    this.issuer = `http://127.0.0.1:${address.port}`
    this.#server = server
    this.#options = options
    this.#redirectUri = options.redirectUri ?? 'https://nowhere.example'
    this.#keys = keys
    this.#foreign = foreign
    this.#provider = this.#makeProvider()
    server.on('request', (request, response) => this.#answer(request, response))
  }

  static async start(options: IdentityProviderOptions): Promise<IdentityProvider> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new IdentityProvider(server, options, await makeKeys(), await makeKeys())
  }

  /** Registers where the client's people are sent back to. */
  register(redirectUri: string): void {
    this.#redirectUri = redirectUri
    this.#provider = this.#makeProvider()
  }

  /** The provider has new keys from now on, and nothing that it signed before is good. */
  async changeKeys(): Promise<void> {
    this.#keys = await makeKeys()
    this.#provider = this.#makeProvider()
  }

  /** An ID token as the provider would sign it, but with any claims, algorithm type, or another's key. */
  idToken(
    claims: JWTPayload,
    { key = 'own', type }: { key?: 'own' | 'foreign'; type?: string } = {},
  ): Promise<string> {
    const seconds = Math.floor(Date.now() / 1000)
    const { clientId } = this.#options
    const usual = { iss: this.issuer, aud: clientId, iat: seconds, exp: seconds + 600 }
    const header = { alg: algorithm, kid: this.#keys.kid, ...(type === undefined ? {} : { typ: type }) }
    return new SignJWT({ ...usual, ...claims })
      .setProtectedHeader(header)
      .sign(key === 'own' ? this.#keys.privateKey : this.#foreign.privateKey)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  #makeProvider(): Provider {
    const { clientId, clientSecret, namesInIdToken = true } = this.#options
    const configuration: Configuration = {
      clients: [
        {
          client_id: clientId,
          redirect_uris: [this.#redirectUri],
          id_token_signed_response_alg: algorithm,
          ...(clientSecret === null
            ? { token_endpoint_auth_method: 'none' as const }
            : { client_secret: clientSecret, token_endpoint_auth_method: 'client_secret_post' as const }),
        },
      ],
      adapter: storesOf(new Map()),
      jwks: { keys: [this.#keys.jwk] },
      cookies: { keys: ['a key for cookies of tests'] },
      claims: {
        openid: ['sub'],
        email: ['email', 'email_verified'],
        profile: ['name', 'given_name', 'family_name', 'preferred_username'],
      },
      conformIdTokenClaims: !namesInIdToken,
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context, { uid }) => `${interactionPath}${uid}` },
      ttl: { Session: 3_600, Interaction: 3_600, Grant: 3_600, IdToken: 3_600, AccessToken: 3_600 },
      findAccount: (_context, subject) => ({
        accountId: subject,
        claims: () => ({ ...this.#people.get(subject)?.claims, sub: subject }),
      }),
      loadExistingGrant: consent,
    }
    const provider = new Provider(this.issuer, configuration)
    provider.use(async (context, next) => {
      await next()
      await this.#alterAnswer(context)
    })
    return provider
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { url = '/' } = request
    this.asked.push(url.split('?', 1)[0] ?? '')
    if (this.fault === 'stalled') return
    if (this.fault === 'failing')
      return void response.writeHead(500, { 'content-type': 'text/plain' }).end('no')
    if (this.fault === 'endless') return pour(response)
    if (url.startsWith(interactionPath)) {
      this.#logIn(request, response).catch((error: unknown) =>
        response.destroy(error instanceof Error ? error : undefined),
      )
    } else {
      void this.#provider.callback()(request, response)
    }
  }

  async #logIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const person = this.logsIn
    if (person) this.#people.set(person.subject, person)
    const result = person ? { login: { accountId: person.subject } } : { error: 'access_denied' }
    await this.#provider.interactionFinished(request, response, result)
  }

  async #alterAnswer({ path, response }: Pick<KoaContextWithOIDC, 'path' | 'response'>): Promise<void> {
    const body: unknown = response.body
    if (path !== '/token' || !this.alters || typeof body !== 'object' || body === null) return
    if (!('id_token' in body) || typeof body.id_token !== 'string') return
    const { claims, key = 'own' } = this.alters(decodeJwt(body.id_token))
    response.body = { ...body, id_token: await this.idToken(claims, { key }) }
  }
}

const interactionPath = '/log-in/'

/** Nobody is asked whether the client may know them. */
async function consent({ oidc }: KoaContextWithOIDC) {
  const grant = new oidc.provider.Grant({
    ...(oidc.client ? { clientId: oidc.client.clientId } : {}),
    ...(oidc.session?.accountId === undefined ? {} : { accountId: oidc.session.accountId }),
  })
  grant.addOIDCScope('openid profile email')
  await grant.save()
  return grant
}

async function makeKeys() {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const jwk = await exportJWK(privateKey)
  const kid = `key-${jwk.x?.slice(0, 8)}`
  return { privateKey, kid, jwk: { ...jwk, kid, alg: algorithm, use: 'sig' } }
}

/** Says more and more, as fast as it is read. */
function pour(response: ServerResponse): void {
  const chunk = Buffer.alloc(64 * 1024, ' ')
  response.writeHead(200, { 'content-type': 'application/json' })
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  }
  response.on('drain', more)
  more()
}

/** What the provider remembers: in memory, and for as long as the test runs. */
function storesOf(kept: Map<string, AdapterPayload>): (model: string) => Adapter {
  const first = (fits: (payload: AdapterPayload) => boolean) => [...kept.values()].find(fits)
  return (model) => ({
    upsert: async (id, payload) => void kept.set(`${model}:${id}`, { ...payload }),
    find: async (id) => kept.get(`${model}:${id}`),
    findByUid: async (uid) => first((payload) => payload.kind === model && payload.uid === uid),
    findByUserCode: async (userCode) => first((payload) => payload.userCode === userCode),
    consume: async (id) => {
      const payload = kept.get(`${model}:${id}`)
      if (payload) payload['consumed'] = Math.floor(Date.now() / 1000)
    },
    destroy: async (id) => void kept.delete(`${model}:${id}`),
    revokeByGrantId: async (grantId) => {
      for (const [key, payload] of kept) if (payload.grantId === grantId) kept.delete(key)
    },
  })
}
