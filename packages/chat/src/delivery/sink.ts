/**
 * One event of the stream, serialised once, whoever reads it. Transports keep the frame that they made of it in
 * `frames`, by what it depends on (for the API socket: the subscription's request id), so that readers with the same
 * one share the same bytes.
 */
export class StreamFrame {
  /** Where a reader stands that has received this event; the id of the tracked event. */
  readonly cursor: number
  /** The event as JSON text. */
  readonly json: string
  readonly frames = new Map<string | number, Uint8Array>()

  constructor(cursor: number, json: string) {
    this.cursor = cursor
    this.json = json
  }
}

/**
 * Why a stream ends from the server's side. After `resync` the connection stays, and only the subscription is over:
 * its client takes a snapshot and follows anew.
 */
export type StreamEnd = 'resync' | 'session-ended' | 'shutting-down' | 'failed'

/** Where a live stream is written to: a socket's subscription. Nothing here waits; the reader asks how full it is. */
export interface StreamSink {
  write(frame: StreamFrame): void
  /** Bytes handed over and not yet taken by the operating system, for the whole connection. */
  bufferedBytes(): number
  /** Calls back once, as soon as no more than `bytes` are buffered; at once on a later turn if that is so already. */
  whenDrainedTo(bytes: number, call: () => void): void
  end(reason: StreamEnd): void
}

/** What `stream.follow` resolves to: hand it a sink, and it writes from the cursor on until it is detached. */
export interface StreamSource {
  attach(sink: StreamSink): { detach(): void }
}
