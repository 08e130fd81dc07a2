import type { Sent } from '@parley/domain/messages'
import { addressesOf } from './addresses.ts'
import { type Api, apiOver } from './api.ts'
import { type Clock, systemClock } from './clock.ts'
import { Connection } from './connection/connection.ts'
import type { ConnectionState } from './connection/state.ts'
import type { WebSocketConstructor } from './connection/wire.ts'
import { type FollowOptions, type Followed, follow } from './follow.ts'
import { type Saying, type SendOptions, send } from './send.ts'

export interface ConnectOptions {
  /** The server's address, such as `https://chat.example.org`. */
  readonly url: string | URL
  /** From `signIn`, or of a bot. */
  readonly token: string
  /** The standard's, which Node has from version 22 on, unless this names another. */
  readonly WebSocket?: WebSocketConstructor | undefined
  readonly fetch?: typeof fetch | undefined
  /** Told of each change of the connection. */
  readonly onState?: ((state: ConnectionState) => void) | undefined
  /** From 0 up to 1; `Math.random` by default. */
  readonly random?: (() => number) | undefined
  readonly clock?: Clock | undefined
}

/** A program's connection to its server: one socket, opened again whenever it is lost, until `close`. */
export class Client implements AsyncDisposable {
  /** Queries and mutations. A call waits up to `callWaitMs` for the connection; every error is a `ParleyError`. */
  readonly api: Api
  readonly #connection: Connection
  readonly #clock: Clock
  readonly #random: () => number
  readonly #online = () => this.retryNow()

  constructor(options: ConnectOptions) {
    const addresses = addressesOf(options.url)
    this.#clock = options.clock ?? systemClock
    this.#random = options.random ?? Math.random
    this.#connection = new Connection({
      WebSocket: options.WebSocket ?? WebSocket,
      url: addresses.socket,
      token: options.token,
      clock: this.#clock,
      random: this.#random,
      onState: (state) => this.#changed(state, options.onState),
    })
    this.api = apiOver(this.#connection)
    // Browsers say when the network is back.
    if (typeof globalThis.addEventListener === 'function') globalThis.addEventListener('online', this.#online)
  }

  get state(): ConnectionState {
    return this.#connection.state
  }

  /** The network is back, or the machine awake: tries at once, and makes sure that an open connection still lives. */
  retryNow(): void {
    this.#connection.retryNow()
  }

  /** See `follow.ts`. */
  follow(options: FollowOptions): AsyncGenerator<Followed, void, undefined> {
    return follow({ connection: this.#connection, clock: this.#clock, random: this.#random }, options)
  }

  /** See `send.ts`. */
  send(conversationId: string, saying: Saying, options?: SendOptions): Promise<Sent> {
    return send({ api: this.api, clock: this.#clock, random: this.#random }, conversationId, saying, options)
  }

  /** Ends the connection; calls under way are rejected with `closed`, and followers end. The session stays. */
  close(): Promise<void> {
    return this.#connection.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #changed(state: ConnectionState, tell: ConnectOptions['onState']): void {
    const over = state.kind === 'refused' || state.kind === 'closed'
    if (over && typeof globalThis.removeEventListener === 'function') {
      globalThis.removeEventListener('online', this.#online)
    }
    tell?.(state)
  }
}

/**
 * Connects with a token. Returns at once: the connection is made in the background, and calls wait for it.
 * @throws TypeError when the address is none.
 */
export function connect(options: ConnectOptions): Client {
  return new Client(options)
}
