import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** What a request was, as far as whoever answers it need not find out again. */
export interface Visit {
  readonly url: URL
  /** Where it comes from, as limits count it. */
  readonly address: string
}

/**
 * A part of the HTTP surface. Files, sign-in flows and gateways each hand the listener theirs; nothing else of the
 * server knows them.
 */
export interface Route {
  /** A path such as `/healthz`; one that ends in `/`, other than `/` itself, stands for everything below it too. */
  readonly path: string
  /** Whether pages of allowed origins may call it, with the headers this names (CORS). Without it, none may. */
  readonly cors?: {
    readonly methods: readonly string[]
    readonly headers: readonly string[]
    readonly exposed: readonly string[]
  }
  /** Whether it bounds by itself how long a body may take to come, as uploads do; for the others there is a limit. */
  readonly boundsItsTime?: boolean
  /** Whether it answers while the server stops, when everything else is refused. */
  readonly answersWhileStopping?: boolean
  /** What it throws is answered as a refusal, or as a defect: see `answerError`. */
  handleRequest?(request: IncomingMessage, response: ServerResponse, visit: Visit): void | Promise<void>
  handleUpgrade?(request: IncomingMessage, socket: Duplex, head: Buffer, visit: Visit): void
  /** Called when the server stops: end what is open. It gets a bounded time. */
  close?(): Promise<void>
}

/** Finds the route of a path. */
export class Routes {
  readonly #exact = new Map<string, Route>()
  readonly #below: Route[] = []
  readonly all: readonly Route[]

  /** @throws when two routes have the same path. */
  constructor(routes: readonly Route[]) {
    this.all = routes
    for (const route of routes) {
      if (this.#exact.has(route.path)) throw new Error(`Two routes have the path ${route.path}`)
      this.#exact.set(route.path, route)
      if (route.path.endsWith('/') && route.path !== '/') this.#below.push(route)
    }
    this.#below.sort((one, other) => other.path.length - one.path.length)
  }

  find(path: string): Route | undefined {
    return this.#exact.get(path) ?? this.#below.find((route) => path.startsWith(route.path))
  }
}
