import { callsPerBatchMax, frameBytesMax } from '@parley/domain/limits'
import { ParleyError } from '../parley-error.ts'
import { errorOfShape } from '../wire-errors.ts'
import { type CallType, type WireMessage, callText, stopText } from './messages.ts'

/** Whom the answer of a query or mutation is for. One of the two is called, once. */
export interface Caller {
  resolve(data: unknown): void
  reject(error: ParleyError): void
}

/** Who reads a subscription. After `ended` nothing more is called. */
export interface Subscriber {
  event(data: unknown, chars: number): void
  /** The server ended it: with an error, or without a word. */
  ended(error: ParleyError | null): void
}

export interface Subscription {
  /** Nothing more is called, and what is on its way is dropped. */
  stop(): void
  /** What is on its way still comes, and then `ended`. */
  windUp(): void
}

type Waiting = { readonly caller: Caller } | { readonly subscriber: Subscriber }

/** UTF-8 of a UTF-16 unit. */
const bytesPerCharMax = 3

/** The calls of one socket that have no answer yet. Those of one turn go out in as few frames as the server allows. */
export class Calls {
  readonly #send: (text: string) => void
  readonly #waiting = new Map<number, Waiting>()
  // Calls are even and subscriptions odd: the first one to follow then has the same id in every client, and the server
  // makes each event of those with the same id once.
  #lastCall = 0
  #lastSubscription = -1
  #outgoing: string[] = []

  constructor(send: (text: string) => void) {
    this.#send = send
  }

  /** @throws ParleyError `too-large` for input that the server would cut the connection for. */
  call(
    type: Exclude<CallType, 'subscription'>,
    path: string,
    input: unknown,
    caller: Caller,
  ): { forget(): void } {
    const id = this.#lastCall + 2
    this.#push(callText(id, type, path, input))
    this.#lastCall = id
    this.#waiting.set(id, { caller })
    return { forget: () => void this.#waiting.delete(id) }
  }

  /** @throws ParleyError as `call` does. */
  subscribe(path: string, input: unknown, subscriber: Subscriber): Subscription {
    const id = this.#lastSubscription + 2
    this.#push(callText(id, 'subscription', path, input))
    this.#lastSubscription = id
    this.#waiting.set(id, { subscriber })
    let isWindingUp = false
    const tell = () => {
      if (!isWindingUp) this.#push(stopText(id))
      isWindingUp = true
    }
    return {
      stop: () => {
        if (this.#waiting.delete(id)) tell()
      },
      windUp: () => {
        if (this.#waiting.has(id)) tell()
      },
    }
  }

  /** What is for nobody comes from calls that were forgotten, and is dropped. */
  receive(message: Exclude<WireMessage, { kind: 'reconnect' }>, chars: number): void {
    if (message.id === null) return
    const waiting = this.#waiting.get(message.id)
    if (!waiting) return
    if (message.kind === 'data' && 'subscriber' in waiting)
      return waiting.subscriber.event(message.data, chars)
    if (message.kind === 'started') return
    this.#waiting.delete(message.id)
    if ('subscriber' in waiting) {
      waiting.subscriber.ended(message.kind === 'error' ? errorOfShape(message.shape) : null)
    } else if (message.kind === 'data') waiting.caller.resolve(message.data)
    else if (message.kind === 'error') waiting.caller.reject(errorOfShape(message.shape))
    else
      waiting.caller.reject(
        new ParleyError('not-understood', 'The server stopped a call that is no subscription.'),
      )
  }

  /** The socket is gone. Subscribers are not told: whoever subscribes knows of the connection itself. */
  fail(error: ParleyError): void {
    const callers = [...this.#waiting.values()]
    this.#waiting.clear()
    this.#outgoing = []
    for (const waiting of callers) if ('caller' in waiting) waiting.caller.reject(error)
  }

  #push(text: string): void {
    if (
      text.length * bytesPerCharMax > frameBytesMax &&
      new TextEncoder().encode(text).length > frameBytesMax
    ) {
      throw new ParleyError('too-large', `A call may have ${frameBytesMax} bytes.`)
    }
    if (this.#outgoing.push(text) === 1) queueMicrotask(() => this.#flush())
  }

  #flush(): void {
    const outgoing = this.#outgoing
    this.#outgoing = []
    let batch: string[] = []
    let bytes = 0
    for (const text of outgoing) {
      const bytesAtMost = text.length * bytesPerCharMax + 1
      if (batch.length === callsPerBatchMax || bytes + bytesAtMost > frameBytesMax) {
        this.#sendAll(batch)
        batch = []
        bytes = 0
      }
      batch.push(text)
      bytes += bytesAtMost
    }
    this.#sendAll(batch)
  }

  #sendAll(batch: readonly string[]): void {
    const [first] = batch
    if (first !== undefined) this.#send(batch.length === 1 ? first : `[${batch.join(',')}]`)
  }
}
