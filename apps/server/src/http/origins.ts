import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Route } from './routes.ts'

/** The pages that may talk to this server from a browser. A program that is no browser sends no Origin. */
export class Origins {
  readonly #allowed: Set<string>

  constructor(allowed: readonly string[]) {
    this.#allowed = new Set(allowed)
  }

  allow(origin: string): void {
    this.#allowed.add(origin)
  }

  isAllowed(origin: string): boolean {
    return this.#allowed.has(origin)
  }

  /**
   * Sets what a browser needs to see before it lets a page of an allowed origin read the answer. No cookies: who
   * signs in over the API sends a token.
   *
   * @returns whether the request was a preflight, and is answered.
   */
  answerPreflight(
    request: IncomingMessage,
    response: ServerResponse,
    cors: NonNullable<Route['cors']>,
  ): boolean {
    const { origin } = request.headers
    response.setHeader('Vary', 'Origin')
    const isPreflight =
      request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
    if (origin !== undefined && this.isAllowed(origin)) {
      response.setHeader('Access-Control-Allow-Origin', origin)
      if (cors.exposed.length > 0)
        response.setHeader('Access-Control-Expose-Headers', cors.exposed.join(', '))
      if (isPreflight) {
        response.setHeader('Access-Control-Allow-Methods', cors.methods.join(', '))
        response.setHeader('Access-Control-Allow-Headers', cors.headers.join(', '))
        response.setHeader('Access-Control-Max-Age', preflightKeptSeconds)
      }
    }
    if (isPreflight) response.writeHead(origin !== undefined && this.isAllowed(origin) ? 204 : 403).end()
    return isPreflight
  }
}

const preflightKeptSeconds = 7_200
