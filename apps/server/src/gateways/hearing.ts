import type { Actor } from '@parley/chat/actor'
import type { StreamEnd, StreamFrame, StreamSink } from '@parley/chat/delivery/sink'
import type { Position } from '@parley/domain/ids'
import { Serialised } from '@parley/domain/serialised'
import type { Entry, StreamEvent } from '@parley/domain/stream'
import type { Seat } from './seat.ts'

/** What is done about an entry: usually something is said. */
export type Translate = (entry: Entry) => Promise<void>

const read = new WeakMap<StreamFrame, readonly Entry[]>()

/** The entries of a frame, read once, however many connections hear it. */
export function entriesOf(frame: StreamFrame): readonly Entry[] {
  const known = read.get(frame)
  if (known) return known
  const event = new Serialised<StreamEvent>(frame.json).toJSON()
  const entries = event.kind === 'entries' ? event.entries : []
  read.set(frame, entries)
  return entries
}

/**
 * Hears what happens for an account, one entry after another, and has each translated. It counts what is not
 * translated yet as buffered, so that a reader that falls behind is fed from the log here too (P5).
 */
export class Hearing implements StreamSink, Disposable {
  readonly #seat: Seat
  readonly #translate: Translate
  readonly #attached: { detach(): void }
  #translated: Promise<void> = Promise.resolve()
  #waitingChars = 0
  #drained: { bytes: number; call: () => void }[] = []

  constructor(seat: Seat, actor: Actor, cursor: Position, translate: Translate) {
    this.#seat = seat
    this.#translate = translate
    this.#attached = seat.chat.delivery.follow(actor, { cursor }).attach(this)
  }

  write(frame: StreamFrame): void {
    this.#waitingChars += frame.json.length
    this.#translated = this.#translated.then(() => this.#say(frame))
  }

  async #say(frame: StreamFrame): Promise<void> {
    try {
      for (const entry of entriesOf(frame)) {
        if (this.#seat.isGone) return
        await this.#translate(entry)
      }
    } catch (error) {
      // To go on would be to leave something out, and nobody would know.
      this.#seat.chat.log('gateway-failed', { error })
      this.#seat.line.fail()
    } finally {
      this.#waitingChars -= frame.json.length
      this.#tellDrained()
    }
  }

  bufferedBytes(): number {
    return this.#waitingChars + this.#seat.line.outbox.bufferedBytes()
  }

  whenDrainedTo(bytes: number, call: () => void): void {
    this.#drained.push({ bytes, call })
    if (this.#waitingChars === 0) this.#awaitLine(bytes)
  }

  #tellDrained(): void {
    const now = this.bufferedBytes()
    const due = this.#drained.filter(({ bytes }) => now <= bytes)
    this.#drained = this.#drained.filter(({ bytes }) => now > bytes)
    for (const { call } of due) call()
    const [next] = this.#drained
    // Everything is said, and only the line has to take it.
    if (next && this.#waitingChars === 0) this.#awaitLine(next.bytes)
  }

  #awaitLine(bytes: number): void {
    this.#seat.line.outbox.whenDrainedTo(bytes, () => this.#tellDrained())
  }

  end(reason: StreamEnd): void {
    switch (reason) {
      case 'session-ended':
        return this.#seat.line.endSession()
      case 'failed':
      case 'resync':
        return this.#seat.line.fail()
      case 'shutting-down':
        // The connection is told so by its close code.
        return undefined
    }
  }

  [Symbol.dispose](): void {
    this.#attached.detach()
  }
}
