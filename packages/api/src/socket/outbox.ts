import type { Duplex } from 'node:stream'
import { frameHeadBytes, frameHeadBytesMax, textFrame, writeFrameHead } from './frame.ts'
import type { SocketLimits } from './limits.ts'

/** Who an outbox tells how full it is. */
export interface OutboxOwner {
  /** More than `unsentBytesMax` wait: nobody reads there. */
  outboxOverflowed(): void
  /** The outbox is no longer full. */
  outboxDrained(): void
}

type Chunk = string | Uint8Array

const scratchBytes = 64 * 1024

/**
 * Writes what all connections of a server got in a turn of the event loop when that turn's promises have run, so
 * that each socket costs one system call, however many responses and events there were for it. One system call a
 * frame is what a chat server spends most of its time in.
 */
export class Turn {
  #due: Outbox[] = []
  #spare: Outbox[] = []
  #scratch = Buffer.allocUnsafeSlow(scratchBytes)
  readonly #flush = () => this.flush()

  add(outbox: Outbox): void {
    if (this.#due.push(outbox) === 1) process.nextTick(this.#flush)
  }

  flush(): void {
    const due = this.#due
    this.#due = this.#spare
    for (const outbox of due) outbox.flush()
    due.length = 0
    this.#spare = due
  }

  /** Chunks as frames in a row, in the one buffer that serves all sockets: valid until the next call. */
  pack(first: Chunk, more: readonly Chunk[] | null): Buffer {
    const into = this.#scratch
    let at = put(into, 0, first)
    if (more !== null) for (const chunk of more) at = put(into, at, chunk)
    return into.subarray(0, at)
  }

  /** For a socket that did not take all of what `pack` made at once: it keeps the buffer, the others get a new one. */
  giveAwayScratch(): void {
    this.#scratch = Buffer.allocUnsafeSlow(scratchBytes)
  }
}

/** Most text is ASCII: the head is placed as if it were, and the payload moved where that was wrong. */
function put(into: Buffer, at: number, chunk: Chunk): number {
  if (typeof chunk !== 'string') {
    into.set(chunk, at)
    return at + chunk.length
  }
  const guess = at + frameHeadBytes(chunk.length)
  const bytes = into.write(chunk, guess)
  const start = at + frameHeadBytes(bytes)
  if (start !== guess) into.copyWithin(start, guess, guess + bytes)
  writeFrameHead(into, at, bytes)
  return start + bytes
}

/**
 * What is to be sent on one socket. Frames go to the stream that the HTTP server handed over, past `ws`, whose `send`
 * makes two buffers and a `writev` of every frame; `ws` itself writes only control frames there, whole ones, and
 * compression is off, so the two never tear each other's frames apart.
 */
export class Outbox {
  readonly #socket: Duplex
  readonly #turn: Turn
  readonly #limits: SocketLimits
  readonly #owner: OutboxOwner
  #first: Chunk | null = null
  #more: Chunk[] | null = null
  #waitingBytes = 0
  #strained = false
  #closed = false
  #waiters: { bytes: number; call: () => void }[] | null = null
  /** Since more than `readerBufferBytesMax` waited, and until no more than `readerHighWaterBytes` do. */
  isFull = false
  /** Counts up whenever the operating system took bytes that it had to be waited for: the other side reads. */
  taken = 0
  readonly #written = (error?: Error | null) => {
    // A broken socket is empty as well; whoever waits for room must not take that for room.
    if (error) this.close()
    if (!this.#strained || this.#closed) return
    this.taken++
    this.#tell()
  }

  constructor(socket: Duplex, turn: Turn, limits: SocketLimits, owner: OutboxOwner) {
    this.#socket = socket
    this.#turn = turn
    this.#limits = limits
    this.#owner = owner
  }

  /** JSON text, made a frame when the turn ends; or a frame that is ready. */
  push(chunk: Chunk): void {
    if (this.#closed) return
    this.#waitingBytes += chunk.length
    if (this.#waitingBytes > this.#limits.readerBufferBytesMax) this.isFull = true
    if (this.#first === null) {
      this.#first = chunk
      this.#turn.add(this)
    } else if (this.#more === null) this.#more = [chunk]
    else this.#more.push(chunk)
  }

  /** Bytes handed over and not yet taken by the operating system. */
  bufferedBytes(): number {
    return this.#waitingBytes + this.#socket.writableLength
  }

  isHigh(): boolean {
    return this.bufferedBytes() > this.#limits.readerHighWaterBytes
  }

  whenLow(call: () => void): void {
    this.whenDrainedTo(this.#limits.readerLowWaterBytes, call)
  }

  /** Calls once, on a later turn, when no more than `bytes` are buffered; never after `close`. */
  whenDrainedTo(bytes: number, call: () => void): void {
    if (this.#closed) return
    const waiter = { bytes, call }
    if (this.#waiters === null) this.#waiters = [waiter]
    else this.#waiters.push(waiter)
    this.#strained = true
    if (this.bufferedBytes() <= bytes) setImmediate(() => this.#tell())
  }

  flush(): void {
    const first = this.#first
    const more = this.#more
    if (first === null) return
    this.#first = null
    this.#more = null
    this.#waitingBytes = 0
    if (this.#closed) return
    if (more === null && typeof first !== 'string') this.#socket.write(first, this.#written)
    else this.#writeAll(first, more)
    const unsent = this.#socket.writableLength
    if (unsent > 0) this.#strained = true
    if (unsent > this.#limits.unsentBytesMax) this.#owner.outboxOverflowed()
    else if (unsent > this.#limits.readerBufferBytesMax) this.isFull = true
    else if (this.isFull) this.#drain(unsent)
  }

  /** Nothing more is sent, and nobody who waits is called. */
  close(): void {
    this.#closed = true
    this.#first = null
    this.#more = null
    this.#waiters = null
    this.#waitingBytes = 0
  }

  #writeAll(first: Chunk, more: readonly Chunk[] | null): void {
    const socket = this.#socket
    let bytesAtMost = frameBytesAtMost(first)
    if (more !== null) for (const chunk of more) bytesAtMost += frameBytesAtMost(chunk)
    if (bytesAtMost > scratchBytes) {
      socket.cork()
      socket.write(ready(first), more === null ? this.#written : undefined)
      if (more !== null) for (const chunk of more) socket.write(ready(chunk), this.#written)
      socket.uncork()
      return
    }
    const shared = socket.writableLength === 0
    const packed = this.#turn.pack(first, more)
    socket.write(shared ? packed : Buffer.from(packed), this.#written)
    if (shared && socket.writableLength !== 0) this.#turn.giveAwayScratch()
  }

  #drain(unsent: number): void {
    if (unsent > this.#limits.readerHighWaterBytes) return
    this.isFull = false
    this.#owner.outboxDrained()
  }

  #tell(): void {
    const unsent = this.bufferedBytes()
    if (this.isFull) this.#drain(unsent)
    const waiters = this.#waiters
    if (waiters !== null) {
      this.#waiters = null
      const later = waiters.filter((waiter) => waiter.bytes < unsent)
      for (const waiter of waiters) if (waiter.bytes >= unsent) waiter.call()
      if (later.length > 0) this.#waiters = later.concat(this.#waiters ?? [])
    }
    this.#strained = this.#socket.writableLength > 0 || this.#waiters !== null
  }
}

function frameBytesAtMost(chunk: Chunk): number {
  return typeof chunk === 'string' ? frameHeadBytesMax + 3 * chunk.length : chunk.length
}

function ready(chunk: Chunk): Uint8Array {
  return typeof chunk === 'string' ? textFrame(chunk) : chunk
}
