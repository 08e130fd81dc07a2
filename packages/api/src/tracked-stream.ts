import type { StreamEnd, StreamFrame, StreamSink, StreamSource } from '@parley/chat/delivery/sink'
import { tracked, type TrackedEnvelope } from '@trpc/server'

/**
 * A stream as tRPC knows one: an async iterable of tracked events. Our socket does not iterate; it attaches, and has
 * ready frames written to it. Iterating is for tRPC's other transports, such as server-sent events over HTTP.
 */
export class TrackedStream<Event> implements StreamSource, AsyncIterable<TrackedEnvelope<Event>> {
  readonly #source: StreamSource

  constructor(source: StreamSource) {
    this.#source = source
  }

  attach(sink: StreamSink): { detach(): void } {
    return this.#source.attach(sink)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TrackedEnvelope<Event>> {
    const queue = new FrameQueue()
    const attached = this.attach(queue)
    try {
      for (let frame = await queue.take(); frame !== null; frame = await queue.take()) {
        yield tracked(String(frame.cursor), JSON.parse(frame.json))
      }
    } finally {
      attached.detach()
    }
  }
}

/** A sink that hands its frames to whoever asks for them one by one. It is bounded by asking the source to wait. */
class FrameQueue implements StreamSink {
  readonly #frames: StreamFrame[] = []
  #chars = 0
  #ended = false
  #wake: (() => void) | null = null
  #drained: { chars: number; call: () => void } | null = null

  write(frame: StreamFrame): void {
    this.#frames.push(frame)
    this.#chars += frame.json.length
    this.#wake?.()
  }

  bufferedBytes(): number {
    return this.#chars
  }

  whenDrainedTo(bytes: number, call: () => void): void {
    this.#drained = { chars: bytes, call }
    queueMicrotask(() => this.#tellDrained())
  }

  end(_reason: StreamEnd): void {
    this.#ended = true
    this.#wake?.()
  }

  /** The next frame; null when the stream has ended. */
  async take(): Promise<StreamFrame | null> {
    while (this.#frames.length === 0) {
      if (this.#ended) return null
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = null
    }
    const frame = this.#frames.shift() ?? null
    this.#chars -= frame?.json.length ?? 0
    this.#tellDrained()
    return frame
  }

  #tellDrained(): void {
    const drained = this.#drained
    if (!drained || this.#chars > drained.chars) return
    this.#drained = null
    drained.call()
  }
}
