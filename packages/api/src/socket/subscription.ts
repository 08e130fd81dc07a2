import type { StreamEnd, StreamFrame, StreamSink, StreamSource } from '@parley/chat/delivery/sink'
import { TRPCError, isTrackedEnvelope } from '@trpc/server'
import type { Called, Calls } from './calls.ts'
import { dataText, startedText, stoppedText, streamFrame, trackedText } from './envelope.ts'
import type { RequestId } from './envelope.ts'
import type { Line } from './protocol.ts'

/**
 * One subscription of a connection. What its procedure resolves to decides how it runs: a `StreamSource` writes to
 * the socket by itself, with no promise and no copy an event; any async iterable is pulled, one value at a time, as
 * far as the socket takes them.
 */
export class Subscription implements StreamSink {
  readonly id: RequestId
  readonly #calls: Calls
  readonly #line: Line
  readonly #path: string
  readonly #head: string
  readonly #key: string | number
  #abort: AbortController | null = new AbortController()
  #attached: { detach(): void } | null = null
  #iterator: AsyncIterator<unknown> | null = null
  /** Asked to end, by the client or because its connection did. */
  #stopped = false
  #finished = false

  constructor(
    calls: Calls,
    line: Line,
    request: { id: RequestId; head: string; key: string | number; path: string },
  ) {
    this.#calls = calls
    this.#line = line
    this.id = request.id
    this.#path = request.path
    this.#head = request.head
    this.#key = request.key
  }

  get signal(): AbortSignal | undefined {
    return this.#abort?.signal
  }

  /** Takes over what the procedure resolved to. Never throws. */
  run(result: unknown): void {
    if (isStreamSource(result)) this.#attach(result)
    else if (isAsyncIterable(result)) void this.#pull(result)
    else
      this.fail(new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: `${this.#path} returned no stream` }))
  }

  /** The procedure threw, or what it returned did. A subscription that was stopped meanwhile just ends. */
  fail(cause: unknown): void {
    if (this.#stopped) {
      if (!isAbortError(cause)) this.#calls.report(this.#called(), cause)
      this.#finish(true)
    } else {
      this.#calls.refuseCall(this.#called(), cause)
      this.#finish(false)
    }
  }

  /** By the client's wish: it gets `stopped` when what was running has wound up. */
  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#abort?.abort()
    if (this.#attached !== null) this.#finish(true)
    else if (this.#iterator !== null) void this.#dispose(this.#iterator)
  }

  /** The connection is gone: as `stop`, and nothing is said any more. */
  abandon(): void {
    this.#finished = true
    this.stop()
    this.#detach()
  }

  write(frame: StreamFrame): void {
    if (!this.#finished) this.#line.outbox.push(streamFrame(frame, this.#key, this.#head))
  }

  bufferedBytes(): number {
    return this.#line.outbox.bufferedBytes()
  }

  whenDrainedTo(bytes: number, call: () => void): void {
    this.#line.outbox.whenDrainedTo(bytes, call)
  }

  end(reason: StreamEnd): void {
    if (this.#finished) return
    if (reason === 'shutting-down') {
      // Told `stopped`, a client would not subscribe again when it comes back.
      this.#finish(false)
      return
    }
    if (reason === 'resync') {
      this.#finish(true)
      return
    }
    if (reason === 'session-ended') {
      this.#line.endSession()
      return
    }
    this.fail(new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: 'The stream failed' }))
  }

  #attach(source: StreamSource): void {
    // A signal costs a kilobyte, and a source is told by `detach`.
    this.#abort = null
    if (this.#stopped) {
      this.#finish(true)
      return
    }
    this.#line.outbox.push(startedText(this.#head))
    try {
      this.#attached = source.attach(this)
      if (this.#finished) this.#detach()
    } catch (cause) {
      this.fail(cause)
    }
  }

  async #pull(iterable: AsyncIterable<unknown>): Promise<void> {
    try {
      const iterator = iterable[Symbol.asyncIterator]()
      this.#iterator = iterator
      if (this.#stopped) {
        await this.#dispose(iterator)
        return
      }
      this.#line.outbox.push(startedText(this.#head))
      for (;;) {
        const next = await iterator.next()
        if (this.#stopped) return
        if (next.done === true) break
        this.#line.outbox.push(this.#text(next.value))
        if (this.#line.outbox.isHigh()) await this.#room()
        if (this.#stopped) return
      }
      this.#finish(true)
    } catch (cause) {
      const iterator = this.#iterator
      if (!this.#stopped && iterator !== null) await this.#dispose(iterator)
      this.fail(cause)
    }
  }

  #called(): Called {
    return { head: this.#head, type: 'subscription', path: this.#path, input: undefined }
  }

  #text(value: unknown): string {
    if (!isTrackedEnvelope(value)) return dataText(this.#head, value)
    return trackedText(this.#head, value[0], value[1])
  }

  /** Resolves when the socket has room; never, where it closes before. */
  #room(): Promise<void> {
    return new Promise((resolve) => this.#line.outbox.whenLow(resolve))
  }

  /** Tells the iterator to clean up. Where that fails it is reported; the client is told no more than `stopped`. */
  async #dispose(iterator: AsyncIterator<unknown>): Promise<void> {
    try {
      await iterator.return?.()
    } catch (cause) {
      if (!isAbortError(cause)) this.#calls.report(this.#called(), cause)
    }
    if (this.#stopped) this.#finish(true)
  }

  #detach(): void {
    const attached = this.#attached
    this.#attached = null
    try {
      attached?.detach()
    } catch (cause) {
      this.#calls.report(this.#called(), cause)
    }
  }

  #finish(sayStopped: boolean): void {
    if (this.#finished) return
    this.#finished = true
    this.#detach()
    this.#calls.forget(this)
    if (sayStopped) this.#line.outbox.push(stoppedText(this.#head))
  }
}

function isStreamSource(value: unknown): value is StreamSource {
  return (
    typeof value === 'object' && value !== null && 'attach' in value && typeof value.attach === 'function'
  )
}

function isAbortError(cause: unknown): boolean {
  return (
    cause instanceof Error &&
    (cause.name === 'AbortError' || (cause.cause instanceof Error && cause.cause.name === 'AbortError'))
  )
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
