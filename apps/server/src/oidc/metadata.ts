import type { ChatLog } from '@parley/chat/chat'
import type { Clock } from '@parley/chat/clock'
import { createRemoteJWKSet, customFetch as keysFetch, type RemoteJWKSet } from 'jose/jwks/remote'
import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  customFetch,
  discovery,
  None,
} from 'openid-client'
import { issuerFetch, IssuerSilent } from './issuer-fetch.ts'
import { unavailable } from './refusals.ts'
import { isOnThisMachine } from './this-machine.ts'

/** Where the operator has registered this server, and as what. */
export interface OidcClient {
  readonly issuer: string
  readonly clientId: string
  /** Without one, this server is a public client: PKCE alone protects its codes. */
  readonly clientSecret?: string | undefined
}

/** What an issuer says of itself. */
export interface KnownIssuer {
  readonly configuration: Configuration
  readonly keys: RemoteJWKSet
  /** As it writes itself, and into its tokens. */
  readonly name: string
}

const metadataKeptMs = 3_600_000

/**
 * The issuer's metadata: fetched when somebody first signs in, so that a server starts without its issuer, and again
 * when it is old. While the issuer cannot be reached, the old stays good.
 */
export class IssuerMetadata {
  readonly #client: OidcClient
  readonly #clock: Clock
  readonly #log: ChatLog
  readonly #requestMs: number
  #known: (KnownIssuer & { readonly since: number }) | null = null
  #discovering: Promise<KnownIssuer> | null = null

  constructor(options: { client: OidcClient; clock: Clock; log: ChatLog; requestMs: number }) {
    this.#client = options.client
    this.#clock = options.clock
    this.#log = options.log
    this.#requestMs = options.requestMs
  }

  /** @throws Refusal `identity-provider-unavailable`, after the time limit at the latest. */
  async get(): Promise<KnownIssuer> {
    const known = this.#known
    if (known && this.#clock.now() - known.since < metadataKeptMs) return known
    this.#discovering ??= this.#discover().finally(() => {
      this.#discovering = null
    })
    try {
      return await this.#discovering
    } catch (error) {
      // What went wrong has been logged where it did.
      if (known) return known
      throw error
    }
  }

  async #discover(): Promise<KnownIssuer> {
    const { issuer, clientId, clientSecret } = this.#client
    try {
      const configuration = await discovery(
        new URL(issuer),
        clientId,
        undefined,
        authentication(clientSecret),
        {
          [customFetch]: (url, { body, ...init }) =>
            issuerFetch(url, { ...init, body: body instanceof Uint8Array ? Buffer.from(body) : body }),
          timeout: this.#requestMs / 1000,
          // Codes and tokens travel here, so plain HTTP is for an issuer on this machine alone.
          execute: isOnThisMachine(new URL(issuer)) ? [allowInsecureRequests] : [],
        },
      )
      const { jwks_uri, issuer: name } = configuration.serverMetadata()
      if (jwks_uri === undefined) throw new Error('The metadata names no keys')
      const keys = createRemoteJWKSet(new URL(jwks_uri), {
        [keysFetch]: issuerFetch,
        timeoutDuration: this.#requestMs,
      })
      this.#known = { configuration, keys, name, since: this.#clock.now() }
      return this.#known
    } catch (error) {
      this.#log('issuer-not-discovered', { issuer, reason: reasonOf(error) })
      throw unavailable()
    }
  }
}

/**
 * In the body where the issuer takes it there: for the header, secrets have to be encoded in a way that many issuers
 * do not undo. An issuer that does not say takes the header (OpenID Connect Discovery 1.0, section 3).
 */
function authentication(clientSecret: string | undefined): ClientAuth {
  if (clientSecret === undefined) return None()
  const inBody = ClientSecretPost(clientSecret)
  const inHeader = ClientSecretBasic(clientSecret)
  return (server, client, body, headers) => {
    const takesBody = server.token_endpoint_auth_methods_supported?.includes('client_secret_post') === true
    return (takesBody ? inBody : inHeader)(server, client, body, headers)
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return error.cause instanceof IssuerSilent ? error.cause.reason : error.message
}
