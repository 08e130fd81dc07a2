import type { Clock } from '../clock.ts'
import { callWaitMs, callsWaitingMax, steadyMs } from '../limits.ts'
import { ParleyError } from '../parley-error.ts'
import { type Caller, Calls, type Subscriber, type Subscription } from './calls.ts'
import { finalErrorOf, waitMsOf, waitReasonOf } from './ending.ts'
import type { WireMessage } from './messages.ts'
import type { ConnectionState } from './state.ts'
import { type WebSocketConstructor, Wire, type WireEnd } from './wire.ts'

export interface ConnectionOptions {
  readonly WebSocket: WebSocketConstructor
  readonly url: string
  readonly token: string
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  onState(state: ConnectionState): void
}

/** A query or a mutation. */
export interface Call {
  readonly type: 'query' | 'mutation'
  readonly path: string
  readonly input: unknown
  readonly signal?: AbortSignal | null | undefined
  /** Waits for the connection for as long as that takes, instead of `callWaitMs`. */
  readonly patient?: boolean
}

/** Something that wants to be on the server whenever the connection is. */
export interface Resident {
  online(): void
  offline(): void
  /** For good: with the error of a refused connection, without one when this client was closed. */
  ended(error: ParleyError | null): void
}

/** One try to be connected, and what came of it. */
interface Line {
  readonly wire: Wire
  readonly calls: Calls
  /** When it was accepted, by the clock; null until it is. */
  since: number | null
  /** The server said that it stops, and answers only what it has begun. */
  leaving: boolean
}

interface Waiter {
  go(line: Line): void
  fail(error: ParleyError): void
}

/** One account's way to its server, for as long as the program wants: opened anew whenever it breaks. */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #waiters = new Set<Waiter>()
  readonly #residents = new Set<Resident>()
  #state: ConnectionState = { kind: 'connecting' }
  #line: Line | null = null
  #retry: Disposable | null = null
  /** Tries in a row that came to nothing. */
  #failures = 0

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#open()
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** Tries at once where the next try is waited for; where there is a connection, makes sure that it lives. */
  retryNow(): void {
    if (this.#state.kind === 'waiting') this.#open()
    else this.#line?.wire.probe()
  }

  /** @throws ParleyError whatever kind there is. Rejects, and never throws at once. */
  call(call: Call): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { signal } = call
      let cancel: () => void = () => undefined
      const abort = () => {
        cancel()
        reject(aborted(signal))
      }
      const settled = () => signal?.removeEventListener('abort', abort)
      const caller: Caller = {
        resolve(data) {
          settled()
          resolve(data)
        },
        reject(error) {
          settled()
          reject(error)
        },
      }
      if (signal?.aborted) return reject(aborted(signal))
      signal?.addEventListener('abort', abort)
      const leave = this.#whenOnline(call.patient === true, caller, (line) => {
        try {
          const sent = line.calls.call(call.type, call.path, call.input, caller)
          cancel = () => sent.forget()
        } catch (error) {
          caller.reject(error instanceof ParleyError ? error : notSerialisable(error))
        }
      })
      cancel = leave ?? cancel
    })
  }

  /** On the connection that there is, for as long as that lasts; null where there is none that takes it. */
  subscribe(path: string, input: unknown, subscriber: Subscriber): Subscription | null {
    const line = this.#usable()
    return line && line.calls.subscribe(path, input, subscriber)
  }

  /** Told from now on when the connection comes and goes. Where it is there, or will never be, told at once. */
  settle(resident: Resident): { leave(): void } {
    const state = this.#state
    if (state.kind === 'refused' || state.kind === 'closed') {
      resident.ended(state.kind === 'refused' ? state.error : null)
      return { leave: () => undefined }
    }
    this.#residents.add(resident)
    if (this.#usable()) resident.online()
    return { leave: () => void this.#residents.delete(resident) }
  }

  /** For good. Resolves when the server knows, or was given time to. */
  async close(): Promise<void> {
    if (this.#state.kind === 'closed') return
    const line = this.#line
    this.#line = null
    this.#retry?.[Symbol.dispose]()
    const error = new ParleyError('closed', 'This client was closed.')
    this.#become({ kind: 'closed' })
    line?.calls.fail(error)
    this.#endAll(error, null)
    await line?.wire.close()
  }

  /** The line on which calls can be made now. */
  #usable(): Line | null {
    const line = this.#line
    return line !== null && line.since !== null && !line.leaving ? line : null
  }

  /** Goes when the connection takes calls: at once, later, or not at all. Returns what takes it back if it waits. */
  #whenOnline(patient: boolean, caller: Caller, go: (line: Line) => void): (() => void) | null {
    const state = this.#state
    const usable = this.#usable()
    if (usable) go(usable)
    else if (state.kind === 'refused') caller.reject(state.error)
    else if (state.kind === 'closed') caller.reject(new ParleyError('closed', 'This client was closed.'))
    else if (this.#waiters.size >= callsWaitingMax) {
      caller.reject(new ParleyError('unreachable', 'Too many calls wait for the connection already.'))
    } else return this.#wait(patient, caller, go)
    return null
  }

  #wait(patient: boolean, caller: Caller, go: (line: Line) => void): () => void {
    const timer = patient ? null : this.#options.clock.after(callWaitMs, () => late())
    const leave = () => {
      timer?.[Symbol.dispose]()
      this.#waiters.delete(waiter)
    }
    const late = () => {
      leave()
      caller.reject(new ParleyError('unreachable', 'The server cannot be reached.'))
    }
    const waiter: Waiter = {
      go(line) {
        leave()
        go(line)
      },
      fail(error) {
        leave()
        caller.reject(error)
      },
    }
    this.#waiters.add(waiter)
    return leave
  }

  #open(): void {
    this.#retry?.[Symbol.dispose]()
    this.#retry = null
    this.#become({ kind: 'connecting' })
    if (this.#state.kind !== 'connecting') return
    try {
      const wire: Wire = new Wire(this.#options, {
        accepted: () => this.#accepted(line),
        message: (message, chars) => this.#receive(line, message, chars),
        ended: (end) => this.#ended(line, end),
      })
      const line: Line = { wire, calls: new Calls((text) => wire.send(text)), since: null, leaving: false }
      this.#line = line
    } catch (cause) {
      const error = new ParleyError('unreachable', 'No WebSocket may be opened.', { cause })
      this.#become({ kind: 'refused', error })
      this.#endAll(error, error)
    }
  }

  #accepted(line: Line): void {
    line.since = this.#options.clock.now()
    this.#become({ kind: 'online' })
    for (const resident of [...this.#residents]) resident.online()
    for (const waiter of [...this.#waiters]) waiter.go(line)
  }

  #receive(line: Line, message: WireMessage, chars: number): void {
    if (message.kind === 'reconnect') line.leaving = true
    else line.calls.receive(message, chars)
  }

  #ended(line: Line, end: WireEnd): void {
    this.#line = null
    const error = finalErrorOf(end)
    if (error) this.#become({ kind: 'refused', error })
    else this.#waitToRetry(line, end)
    line.calls.fail(lost(error))
    for (const resident of [...this.#residents]) resident.offline()
    if (error) this.#endAll(error, error)
  }

  #waitToRetry({ since }: Line, end: WireEnd): void {
    const { clock, random } = this.#options
    if (since !== null && clock.now() - since >= steadyMs) this.#failures = 0
    const ms = waitMsOf(end, this.#failures, random)
    this.#failures += 1
    this.#retry = clock.after(ms, () => this.#open())
    this.#become({ kind: 'waiting', reason: waitReasonOf(end), nextTryAt: clock.now() + ms })
  }

  #endAll(forCalls: ParleyError, forResidents: ParleyError | null): void {
    for (const waiter of [...this.#waiters]) waiter.fail(forCalls)
    for (const resident of [...this.#residents]) resident.ended(forResidents)
    this.#residents.clear()
  }

  #become(state: ConnectionState): void {
    if (this.#state.kind === state.kind && state.kind === 'connecting') return
    this.#state = state
    try {
      this.#options.onState(state)
    } catch (error) {
      // What a listener throws is its program's, and nothing of it may stop us half-way.
      queueMicrotask(() => {
        throw error
      })
    }
  }
}

const lost = (cause: ParleyError | null) =>
  new ParleyError('connection-lost', 'The connection ended before the answer came.', cause ? { cause } : {})

const aborted = (signal: AbortSignal | null | undefined) =>
  new ParleyError('aborted', 'The call was aborted.', { cause: signal?.reason })

const notSerialisable = (cause: unknown) =>
  new ParleyError('invalid-input', 'The input cannot be written as JSON.', { cause })
