import type { Sent } from '@parley/domain/messages'
import { addressesOf } from './addresses.ts'
import { type Api, apiOver } from './api.ts'
import { type Clock, systemClock } from './clock.ts'
import { Connection } from './connection/connection.ts'
import type { ConnectionState } from './connection/state.ts'
import type { WebSocketConstructor } from './connection/wire.ts'
import {
  type DownloadOptions,
  type FilesOptions,
  type UploadOptions,
  type UploadSource,
  download,
  upload,
} from './files.ts'
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
  readonly #files: FilesOptions
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
    this.#files = { ...options, clock: this.#clock, random: this.#random }
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

  /**
   * Everything that the account may see from the cursor on: each entry once and in order, however often the connection
   * breaks in between. Ends when its loop is left, its signal aborts, this client is closed, or after a `resync` event.
   * @throws ParleyError `signed-out` or what else the connection was refused for.
   */
  follow(options: FollowOptions): AsyncGenerator<Followed, void, undefined> {
    return follow({ connection: this.#connection, clock: this.#clock, random: this.#random }, options)
  }

  /**
   * Sends a message under one name, again and again, until the server has taken or refused it, so that it is there once.
   * @throws ParleyError with the refusal; `signed-out`, `closed`, `aborted`, `server-failed`.
   */
  send(conversationId: string, saying: Saying, options?: SendOptions): Promise<Sent> {
    return send({ api: this.api, clock: this.#clock, random: this.#random }, conversationId, saying, options)
  }

  /**
   * Uploads a file, and returns the id by which messages name it. Goes on by itself where it was interrupted.
   * @throws ParleyError `too-large`, `storage-full`, `too-many`, `not-found`, `aborted`, `unreachable`.
   */
  upload(file: UploadSource, wish: UploadOptions): Promise<string> {
    return upload(this.#files, file, wish)
  }

  /** Reads an attachment as the body of the answer. @throws ParleyError `not-found`, `aborted`, `unreachable`. */
  download(attachmentId: string, wish?: DownloadOptions): Promise<Response> {
    return download(this.#files, attachmentId, wish)
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
