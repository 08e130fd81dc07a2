import type { Database } from '@parley/db/stores'
import { Position, type SessionId } from '@parley/domain/ids'
import { readerHighWaterBytes, readerLowWaterBytes } from '@parley/domain/limits'
import type { Listener } from './audience.ts'
import { StreamFrame, type StreamEnd, type StreamSink } from './sink.ts'

/** What a reader needs of the delivery that it belongs to. */
export interface ReaderHome {
  readonly db: Database
  /** The newest position that was handed out. */
  head(): Position
  failed(reader: Reader, error: unknown): void
  fellBehind(reader: Reader): void
  /** The log no longer leads on from where the reader stands; it has been told. */
  lost(reader: Reader): void
}

export const entriesJson = (entries: readonly string[]) =>
  `{"kind":"entries","entries":[${entries.join(',')}]}`
const liveJson = '{"kind":"live"}'
export const resyncJson = (reason: 'log-too-short' | 'cursor-unknown') =>
  `{"kind":"resync","reason":"${reason}"}`

/**
 * One open stream. It is either live, and handed each frame as it happens, or fed from the log: at its start, and
 * whenever its socket takes less than is written to it (P5). Both ways bring the same entries in the same order; the
 * cursor says up to where.
 */
export class Reader {
  readonly sessionId: SessionId
  readonly listener: Listener
  #home: ReaderHome
  #sink: StreamSink
  #cursor: number
  #state: 'fed' | 'live' | 'closed' = 'fed'

  constructor(
    home: ReaderHome,
    listener: Listener,
    sessionId: SessionId,
    sink: StreamSink,
    cursor: Position,
  ) {
    this.#home = home
    this.listener = listener
    this.sessionId = sessionId
    this.#sink = sink
    this.#cursor = cursor
  }

  get isLive(): boolean {
    return this.#state === 'live'
  }

  start(): void {
    this.#feed().catch((error: unknown) => this.#home.failed(this, error))
  }

  /** Entries that happen now, everything that this reader may see up to the frame's cursor. */
  deliver(frame: StreamFrame): void {
    if (this.#state !== 'live') return
    if (this.#sink.bufferedBytes() > readerHighWaterBytes) {
      this.#state = 'fed'
      this.#home.fellBehind(this)
      this.#sink.whenDrainedTo(readerLowWaterBytes, () => this.start())
      return
    }
    this.#sink.write(frame)
    this.#cursor = frame.cursor
  }

  /** What is not logged, and may be missed: only a live reader with room for it gets it. */
  whisper(frame: StreamFrame): void {
    if (this.#state === 'live' && this.#sink.bufferedBytes() <= readerHighWaterBytes) this.#sink.write(frame)
  }

  end(reason: StreamEnd): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#sink.end(reason)
  }

  /** The other side went away. */
  detach(): void {
    this.#state = 'closed'
  }

  /**
   * Reads the log page by page until nothing is left between it and now. Between the last look at the head and
   * going live there is no await, so nothing can slip through.
   */
  async #feed(): Promise<void> {
    while (this.#state === 'fed') {
      if (this.#sink.bufferedBytes() > readerLowWaterBytes) {
        this.#sink.whenDrainedTo(readerLowWaterBytes, () => this.start())
        return
      }
      const head = this.#home.head()
      if (this.#cursor >= head) {
        this.#state = 'live'
        this.#sink.write(new StreamFrame(this.#cursor, liveJson))
        return
      }
      const { accountId, conversations, version } = this.listener
      const scope = {
        accountId,
        conversations: Array.from(conversations, ([conversationId, joinedPosition]) => ({
          conversationId,
          joinedPosition,
        })),
      }
      const { log } = this.#home.db.read
      const page = await log.page(scope, Position.parse(this.#cursor), head)
      const keptAfter = await log.keptAfter()
      // What the account may see has changed while the page was read: it may hold what is no longer for it (P6).
      if (version !== this.listener.version || this.#state !== 'fed') continue
      // A reader can be so slow that what it has yet to read is pruned before it.
      if (this.#cursor < keptAfter) {
        this.#sink.write(new StreamFrame(this.#cursor, resyncJson('log-too-short')))
        return this.#home.lost(this)
      }
      if (page.json.length > 0) this.#sink.write(new StreamFrame(page.upTo, entriesJson(page.json)))
      this.#cursor = page.upTo
    }
  }
}
