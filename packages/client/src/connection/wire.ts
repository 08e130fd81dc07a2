import type { Clock } from '../clock.ts'
import { closeWaitMs, connectWaitMs, pongWaitMs, silenceMs } from '../limits.ts'
import { type ParleyError } from '../parley-error.ts'
import { errorOfShape } from '../wire-errors.ts'
import { type WireMessage, paramsText, readMessage } from './messages.ts'

/** As much of the standard's WebSocket as is used here; those of browsers, of Node and of `ws` have it. */
export interface WebSocketLike {
  send(text: string): void
  close(code?: number): void
  addEventListener(type: 'open' | 'error', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(
    type: 'close',
    listener: (event: { readonly code: number; readonly reason: string }) => void,
  ): void
}
export type WebSocketConstructor = new (url: string) => WebSocketLike

/**
 * How a socket ended, for us: `unopened`: there was no connection to be had, or not within `connectWaitMs`;
 * `silent`: it no longer answered; `garbled`: something came that is not of the protocol; `closed`: the server closed
 * it or the network broke it. `refusal` is what the server said of the connection itself before.
 */
export interface WireEnd {
  readonly kind: 'unopened' | 'silent' | 'garbled' | 'closed'
  readonly code: number
  readonly reason: string
  readonly refusal: ParleyError | null
}

export interface WireListener {
  /** The server has taken the token; calls can go out. Called once at most. */
  accepted(): void
  /** `chars` is the length of the message's JSON. */
  message(message: WireMessage, chars: number): void
  /** The last call. */
  ended(end: WireEnd): void
}

interface WireOptions {
  readonly WebSocket: WebSocketConstructor
  readonly url: string
  readonly token: string
  readonly clock: Clock
}

/**
 * One WebSocket from its opening to its end. It signs in by its first frame, and asks with the second for an answer,
 * which a server gives when it has taken the token. A socket that ended, for whatever reason, is never heard again.
 */
export class Wire {
  readonly #socket: WebSocketLike
  readonly #listener: WireListener
  readonly #clock: Clock
  readonly #token: string
  #phase: 'opening' | 'asking' | 'accepted' | 'ended' = 'opening'
  #refusal: ParleyError | null = null
  /** The one thing that is waited for: the opening, an answer, or the time to ask for one. */
  #timer: Disposable
  #heard = true
  #probing = false
  #closed: (() => void) | null = null

  /** @throws what the constructor of the WebSocket does, as browsers do where a page may not open one. */
  constructor(options: WireOptions, listener: WireListener) {
    this.#listener = listener
    this.#clock = options.clock
    this.#token = options.token
    this.#socket = new options.WebSocket(`${options.url}?connectionParams=1`)
    this.#timer = this.#clock.after(connectWaitMs, () => this.#giveUp('unopened'))
    this.#socket.addEventListener('open', () => this.#open())
    this.#socket.addEventListener('message', (event) => this.#receive(event.data))
    this.#socket.addEventListener('close', (event) => this.#close(event.code, event.reason))
    // After an error comes `close`, except that some versions of Node leave it out when there was no connection at all.
    this.#socket.addEventListener('error', () => this.#phase === 'opening' && this.#close(1006, ''))
  }

  send(text: string): void {
    if (this.#phase !== 'ended') this.#socket.send(text)
  }

  /** Asks whether the other side is still there; if it does not answer in time, that is the end of this socket. */
  probe(): void {
    if (this.#phase !== 'accepted' || this.#probing) return
    this.#probing = true
    this.#heard = false
    this.#socket.send('PING')
    this.#wait(pongWaitMs, () => (this.#heard ? this.#watch() : this.#giveUp('silent')))
  }

  /** Ends it from our side; the listener is not told. Resolves when the other side has answered, or was given time to. */
  close(): Promise<void> {
    const phase = this.#phase
    if (phase === 'ended') return Promise.resolve()
    this.#end()
    return new Promise((resolve) => {
      // Where nobody is there yet to answer, some versions of Node do not say that it is closed.
      if (phase === 'opening') resolve()
      else this.#wait(closeWaitMs, resolve)
      this.#closed = resolve
      this.#socket.close(1000)
    })
  }

  #open(): void {
    if (this.#phase !== 'opening') return
    this.#phase = 'asking'
    this.#socket.send(paramsText(this.#token))
    this.#socket.send('PING')
  }

  #receive(data: unknown): void {
    if (this.#phase === 'ended') return
    this.#heard = true
    if (data === 'PING') this.#socket.send('PONG')
    else if (data === 'PONG') this.#accepted()
    else this.#read(data)
  }

  #read(data: unknown): void {
    const message = typeof data === 'string' ? readMessage(data) : null
    if (message === null || typeof data !== 'string') return this.#giveUp('garbled')
    if (message.kind !== 'error' || message.id !== null) this.#listener.message(message, data.length)
    else if (this.#phase === 'asking') this.#refusal = errorOfShape(message.shape)
  }

  #accepted(): void {
    if (this.#phase !== 'asking') return
    this.#phase = 'accepted'
    this.#watch()
    this.#listener.accepted()
  }

  /** Looks now and then whether anything came; a timer that is set anew by each message would cost more than they do. */
  #watch(): void {
    this.#probing = false
    this.#heard = false
    this.#wait(silenceMs, () => (this.#heard ? this.#watch() : this.probe()))
  }

  #wait(ms: number, call: () => void): void {
    this.#timer[Symbol.dispose]()
    this.#timer = this.#clock.after(ms, call)
  }

  /** A socket whose other side is gone would take minutes to notice; nobody waits for that. */
  #giveUp(kind: 'unopened' | 'silent' | 'garbled'): void {
    this.#end()
    this.#socket.close()
    this.#listener.ended({ kind, code: 1006, reason: '', refusal: this.#refusal })
  }

  #close(code: number, reason: string): void {
    this.#timer[Symbol.dispose]()
    this.#closed?.()
    if (this.#phase === 'ended') return
    const kind = this.#phase === 'opening' ? 'unopened' : 'closed'
    this.#end()
    this.#listener.ended({ kind, code, reason, refusal: this.#refusal })
  }

  #end(): void {
    this.#phase = 'ended'
    this.#timer[Symbol.dispose]()
  }
}
