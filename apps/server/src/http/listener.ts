import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { Refusal } from '@parley/domain/refusal'
import type { Log } from '../logs/log.ts'
import type { Addresses } from './addresses.ts'
import { answerError, answerJson, answerRefusal } from './answers.ts'
import { type ListenerLimits, listenerLimits } from './limits.ts'
import type { Origins } from './origins.ts'
import { Peers } from './peers.ts'
import type { Route, Routes } from './routes.ts'

export interface ListenerOptions {
  readonly routes: Routes
  readonly origins: Origins
  readonly addresses: Addresses
  readonly log: Log
  readonly limits?: ListenerLimits
}

/** The HTTP server: hands each request to its route, and says no where there is none. */
export class Listener {
  readonly server: Server
  readonly #options: ListenerOptions
  readonly #limits: ListenerLimits
  #refusing = false

  constructor(options: ListenerOptions) {
    const { addresses, limits = listenerLimits } = options
    this.#options = options
    this.#limits = limits
    this.server = createServer({
      headersTimeout: limits.headersMs,
      // Uploads take as long as they take; the rest is bounded below.
      requestTimeout: 0,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: limits.timeoutsCheckedMs,
      noDelay: true,
    })
    this.server.maxConnections = limits.connectionsMax
    const peers = new Peers(limits.connectionsPerAddressMax, (address) => addresses.isTrustedProxy(address))
    this.server.on('connection', (socket) => peers.admit(socket))
    this.server.on('request', (request, response) => this.#answer(request, response))
    this.server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  /** Resolves with the address, as a URL without a slash at its end. @throws what the system says against it. */
  async listen(host: string, port: number): Promise<string> {
    this.server.listen(port, host)
    await once(this.server, 'listening')
    const address = this.server.address()
    if (address === null || typeof address === 'string') throw new Error('The server listens at no port')
    return `http://${reachable(host)}:${address.port}`
  }

  /** From here on everything but what answers while stopping is refused. What is under way goes on. */
  refuseNew(): void {
    this.#refusing = true
  }

  /** Takes no new connections, and resolves when those there are have ended. Idle ones are closed. */
  async close(): Promise<void> {
    this.#refusing = true
    if (!this.server.listening) return
    const closed = once(this.server, 'close')
    this.server.close()
    await closed
  }

  /** Ends what is still open. */
  cutOff(): void {
    this.server.closeAllConnections()
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('X-Content-Type-Options', 'nosniff')
    // A connection that is done with its request while the server stops would stay open, as nobody told it.
    response.once('close', () => this.#refusing && setImmediate(() => this.server.closeIdleConnections()))
    const url = this.#urlOf(request)
    if (url === null) return answerJson(response, 400, notUnderstood)
    const route = this.#options.routes.find(url.pathname)
    if (this.#refusing && route?.answersWhileStopping !== true) {
      response.setHeader('Connection', 'close')
      return answerRefusal(
        response,
        new Refusal('shutting-down', 'The server is stopping: try again in a moment.'),
      )
    }
    if (route?.cors && this.#options.origins.answerPreflight(request, response, route.cors)) return
    if (!route?.handleRequest) return answerJson(response, 404, nothingHere)
    if (route.boundsItsTime !== true) this.#boundBody(request)
    const visit = { url, address: this.#options.addresses.of(request) }
    Promise.try(() => route.handleRequest?.(request, response, visit)).catch((error: unknown) => {
      if (!answerError(response, error)) this.#failed(route, error)
    })
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = this.#urlOf(request)
    const route = url === null ? undefined : this.#options.routes.find(url.pathname)
    if (url === null || !route?.handleUpgrade) {
      socket.on('error', () => socket.destroy())
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () =>
        socket.destroy(),
      )
      return
    }
    try {
      route.handleUpgrade(request, socket, head, { url, address: this.#options.addresses.of(request) })
    } catch (error) {
      this.#failed(route, error)
      socket.destroy()
    }
  }

  /** Ends a request whose body does not come, whoever waits for it. */
  #boundBody(request: IncomingMessage): void {
    const { 'content-length': length, 'transfer-encoding': coding } = request.headers
    if ((length === undefined || length === '0') && coding === undefined) return
    const timer = setTimeout(() => request.complete || request.destroy(), this.#limits.bodyMs)
    request.once('close', () => clearTimeout(timer))
  }

  #urlOf({ url = '' }: IncomingMessage): URL | null {
    // Whom the client thinks it speaks to decides nothing here, so no Host header is believed.
    return url.length <= this.#limits.urlCharsMax && url.startsWith('/')
      ? URL.parse(`http://server${url}`)
      : null
  }

  #failed(route: Route, error: unknown): void {
    this.#options.log('error', 'route-failed', { path: route.path, error })
  }
}

const notUnderstood = {
  error: { kind: 'invalid-input', message: 'This is no request that can be understood.' },
}
const nothingHere = { error: { kind: 'not-found', message: 'There is nothing at this path.' } }

/** A name under which this machine reaches itself when the server listens everywhere. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
