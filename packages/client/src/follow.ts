import type { StreamEvent } from '@parley/domain/stream'
import { backoffMs } from './backoff.ts'
import type { Clock } from './clock.ts'
import type { Subscription } from './connection/calls.ts'
import type { Connection, Resident } from './connection/connection.ts'
import { followBufferCharsHard, followBufferCharsLow, followBufferCharsMax } from './limits.ts'
import { type ErrorKind, ParleyError } from './parley-error.ts'
import { isRecord } from './wire-errors.ts'

export interface FollowOptions {
  /** Where to start: a snapshot's cursor, or that of the last event that was dealt with. */
  readonly cursor: number
  /** The snapshot's. With it a server whose data is not that log's is noticed, and answers `resync`. */
  readonly logId?: string | undefined
  /** Ends it, without an error. */
  readonly signal?: AbortSignal | undefined
}

/** An event of the stream. Whoever has dealt with it stands at `cursor`: keep that with what was made of the event. */
export type Followed = StreamEvent & { readonly cursor: number }

export interface Surroundings {
  readonly connection: Connection
  readonly clock: Clock
  readonly random: () => number
}

/**
 * Everything that the account may see from the cursor on: each entry once and in order, however often the connection
 * breaks in between (P4). It starts when it is first read, and ends when its reader leaves, when the signal aborts,
 * when the client is closed, or after a `resync`.
 *
 * A reader that is slow is not waited for in memory: once `followBufferCharsMax` lie unread, the stream is stopped. What is on
 * its way by then is kept, up to `followBufferCharsHard`, and the stream is taken up again from there when half of what is
 * kept for it is read. Typing and presence that happened in between are missed, as they are while there is no connection;
 * `live` says that this is over.
 *
 * @throws ParleyError `signed-out` or whatever else the connection was refused for; refusals of the call itself.
 */
export async function* follow(
  surroundings: Surroundings,
  options: FollowOptions,
): AsyncGenerator<Followed, void, undefined> {
  const following = new Following(surroundings, options)
  try {
    for (let event = await following.take(); event !== null; event = await following.take()) yield event
  } finally {
    following.end(null)
  }
}

/** Errors of the stream that may be over a moment later. */
const passing: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'server-failed',
  'rate-limited',
  'storage-full',
  'shutting-down',
])

class Following implements Resident {
  readonly #surroundings: Surroundings
  readonly #logId: string | undefined
  readonly #signal: AbortSignal | undefined
  readonly #abort = () => this.end(null)
  readonly #residence: { leave(): void }
  /** Of the last event that was taken into the buffer. */
  #cursor: number
  #buffer: { readonly event: Followed; readonly chars: number }[] = []
  #bufferedChars = 0
  #subscription: Subscription | null = null
  /** The buffer is over its limit. */
  #full = false
  /** The server was told that no more is wanted for now. */
  #isWindingUp = false
  #retry: Disposable | null = null
  #failures = 0
  #over: { readonly error: ParleyError | null } | null = null
  #wake: (() => void) | null = null

  constructor(surroundings: Surroundings, { cursor, logId, signal }: FollowOptions) {
    this.#surroundings = surroundings
    this.#cursor = cursor
    this.#logId = logId
    this.#signal = signal
    signal?.addEventListener('abort', this.#abort)
    this.#residence = surroundings.connection.settle(this)
    if (signal?.aborted) this.end(null)
  }

  /** The next event; null at the end. */
  async take(): Promise<Followed | null> {
    while (this.#buffer.length === 0) {
      if (this.#over?.error) throw this.#over.error
      if (this.#over) return null
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const next = this.#buffer.shift()
    if (!next) return null
    this.#bufferedChars -= next.chars
    if (this.#full && this.#bufferedChars <= followBufferCharsLow) {
      this.#full = false
      this.online()
    }
    return next.event
  }

  online(): void {
    if (this.#over || this.#full || this.#retry || this.#subscription) return
    const { connection } = this.#surroundings
    const input = { cursor: this.#cursor, ...(this.#logId !== undefined && { logId: this.#logId }) }
    this.#subscription = connection.subscribe('stream.follow', input, {
      event: (data, chars) => this.#receive(data, chars),
      ended: (error) => this.#lostBy(error),
    })
  }

  offline(): void {
    this.#subscription = null
    this.#isWindingUp = false
  }

  ended(error: ParleyError | null): void {
    this.#finish(error)
  }

  /** What is still unread is let go. */
  end(error: ParleyError | null): void {
    this.#buffer = []
    this.#finish(error)
  }

  #finish(error: ParleyError | null): void {
    if (this.#over) return
    this.#over = { error }
    this.#subscription?.stop()
    this.#subscription = null
    this.#retry?.[Symbol.dispose]()
    this.#signal?.removeEventListener('abort', this.#abort)
    // A connection that ends for good tells so while this is still being made.
    queueMicrotask(() => this.#residence.leave())
    this.#wake?.()
  }

  #receive(data: unknown, chars: number): void {
    const tracked = readTracked(data)
    if (!tracked) {
      this.end(new ParleyError('not-understood', 'The stream brought something that is no event.'))
      return
    }
    this.#failures = 0
    const event = this.#unseen(tracked)
    if (!event) return
    this.#cursor = event.cursor
    this.#buffer.push({ event, chars })
    this.#bufferedChars += chars
    if (event.kind === 'resync') this.#finish(null)
    else if (this.#bufferedChars > followBufferCharsHard) this.#stop()
    else if (this.#bufferedChars > followBufferCharsMax) this.#windUp()
    this.#wake?.()
  }

  /** Without the entries that were here before. A server sends none twice; that this holds does not hang on it. */
  #unseen({ event, cursor }: Tracked): Followed | null {
    const reached = Math.max(cursor, this.#cursor)
    if (event.kind !== 'entries') return { ...event, cursor: reached }
    const first = event.entries[0]
    if (first && first.position > this.#cursor) return { ...event, cursor: reached }
    const entries = event.entries.filter((entry) => entry.position > this.#cursor)
    return entries.length === 0 ? null : { ...event, entries, cursor: reached }
  }

  /** What is on its way already comes before the subscription ends, so that nothing is sent twice. */
  #windUp(): void {
    if (this.#full) return
    this.#full = true
    this.#isWindingUp = true
    this.#subscription?.windUp()
  }

  /** The server does not stop: what still comes is dropped with the subscription, and comes again with the next. */
  #stop(): void {
    this.#full = true
    this.#isWindingUp = false
    this.#subscription?.stop()
    this.#subscription = null
  }

  /** The server ended the stream, and the connection lasts. */
  #lostBy(error: ParleyError | null): void {
    this.#subscription = null
    const isWished = this.#isWindingUp && error === null
    this.#isWindingUp = false
    if (isWished) return this.online()
    if (error && !passing.has(error.kind)) {
      this.#finish(error)
      return
    }
    const { clock, random } = this.#surroundings
    const ms = backoffMs(this.#failures, random) + (error?.retryAfterMs ?? 0)
    this.#failures += 1
    this.#retry = clock.after(ms, () => {
      this.#retry = null
      this.online()
    })
  }
}

interface Tracked {
  readonly event: StreamEvent
  readonly cursor: number
}

/** An event with its id, as tRPC wraps them. What it says is taken as its type says, like every answer of the API. */
function readTracked(data: unknown): Tracked | null {
  if (!isRecord(data)) return null
  const { id, data: event } = data
  const cursor = typeof id === 'string' && /^\d{1,16}$/.test(id) ? Number(id) : null
  return cursor !== null && isStreamEvent(event) ? { event, cursor } : null
}

function isStreamEvent(event: unknown): event is StreamEvent {
  if (!isRecord(event) || typeof event['kind'] !== 'string') return false
  return event['kind'] !== 'entries' || Array.isArray(event['entries'])
}
