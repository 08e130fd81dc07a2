import { type AnyRouter } from '@trpc/server'
import { type TRPCLink, TRPCClientError, createTRPCClient } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import type { Answered, Asked, Trouble } from './wire.ts'
import type { Port } from './port.ts'

/** What every call over a port is rejected with. Go by `kind`; `message` is for people. */
export class PortError extends Error {
  override readonly name = 'PortError'
  readonly kind: string
  readonly field: string | undefined
  readonly retryAfterMs: number | undefined

  constructor({ kind, message, field, retryAfterMs }: Trouble) {
    super(message)
    this.kind = kind
    this.field = field
    this.retryAfterMs = retryAfterMs
  }
}

/** The error itself, out of what tRPC's client wraps it in. */
export function portErrorOf(error: unknown): PortError | null {
  if (error instanceof PortError) return error
  if (error instanceof TRPCClientError && error.cause instanceof PortError) return error.cause
  return null
}

type Call = Omit<Extract<Asked, { kind: 'call' }>, 'kind' | 'id'>

interface Waiting {
  readonly call: Call
  item(data: unknown): void
  done(data: unknown): void
  failed(error: PortError): void
}

/**
 * The asking side of a port that may be replaced, as the process behind it may be started again. Queries and
 * subscriptions are asked again on the new port; a mutation that was under way is rejected with `interrupted`, since it
 * may have happened or not. Calls that are made while there is no port wait for one.
 */
export class Caller {
  readonly #waiting = new Map<number, Waiting>()
  #port: Port | null = null
  #nextId = 1

  /** Takes up a port; calls that wait go out. One that was there before is left. */
  attach(port: Port): void {
    if (this.#port) {
      this.#port.close()
      this.#lost()
    }
    this.#port = port
    port.listen({
      message: (message) => this.#port === port && this.#heard(message),
      closed: () => this.#port === port && this.#lost(),
    })
    for (const [id, waiting] of this.#waiting) this.#ask(id, waiting)
  }

  /** @returns what stops it, for a call that nobody waits for any more. */
  call(waiting: Waiting): () => void {
    const id = this.#nextId++
    this.#waiting.set(id, waiting)
    this.#ask(id, waiting)
    return () => {
      if (this.#waiting.delete(id)) this.#port?.post({ kind: 'stop', id } satisfies Asked)
    }
  }

  #ask(id: number, { call }: Waiting): void {
    this.#port?.post({ kind: 'call', id, ...call } satisfies Asked)
  }

  #heard(message: unknown): void {
    if (!isAnswered(message)) return
    const waiting = this.#waiting.get(message.id)
    if (!waiting) return
    if (message.kind === 'item') return waiting.item(message.data)
    this.#waiting.delete(message.id)
    if (message.kind === 'done') waiting.done(message.data)
    else waiting.failed(new PortError(message.trouble))
  }

  #lost(): void {
    this.#port = null
    for (const [id, waiting] of this.#waiting) {
      if (waiting.call.type !== 'mutation') continue
      this.#waiting.delete(id)
      const message = 'The app was interrupted; whether this was done is not known.'
      waiting.failed(new PortError({ kind: 'interrupted', message }))
    }
  }
}

const isAnswered = (message: unknown): message is Answered =>
  typeof message === 'object' && message !== null && 'kind' in message && 'id' in message

/** The typed client of a router that is served at the other end of a port. */
export function clientOver<Router extends AnyRouter>(caller: Caller) {
  return createTRPCClient<Router>({ links: [portLink<Router>(caller)] })
}

function portLink<Router extends AnyRouter>(caller: Caller): TRPCLink<Router> {
  return () =>
    ({ op: { type, path, input, signal } }) =>
      observable((observer) => {
        const stop = caller.call({
          call: { type, path, input },
          item: (data) => observer.next({ result: { type: 'data', data } }),
          done(data) {
            if (type !== 'subscription') observer.next({ result: { type: 'data', data } })
            observer.complete()
          },
          failed: (error) => observer.error(TRPCClientError.from(error)),
        })
        const give = () => {
          stop()
          observer.error(
            TRPCClientError.from(new PortError({ kind: 'aborted', message: 'Nobody waits for it.' })),
          )
        }
        signal?.addEventListener('abort', give, { once: true })
        return () => {
          signal?.removeEventListener('abort', give)
          stop()
        }
      })
}
