import type { IncomingMessage } from 'node:http'
import type { Outbox } from './outbox.ts'
import type { SocketIdentity } from './registry.ts'

/** What a connection is to whoever speaks on it. Limits, pings, pauses and closing are its own business. */
export interface Line {
  /** Where it comes from, as limits count it. */
  readonly address: string
  readonly identity: SocketIdentity | null
  readonly outbox: Outbox
  /**
   * Says whose connection this is, which makes it an authenticated one. May be called again after a sign-in.
   * @throws Refusal `too-many` when the account has as many connections as it may.
   */
  identify(identity: SocketIdentity): void
  /** Lets somebody stay who is known, though by no account of ours. */
  admit(): void
  /** Closes as for a session that ended; nothing is sent from here on. */
  endSession(): void
  /** Closes as after a defect of ours: the client comes back, and begins anew. */
  fail(): void
  isClosed(): boolean
  /** A call has come, whatever becomes of it. */
  callBegins(): void
  /** Something is under way that will be answered: the server waits for it when it stops. */
  callStarts(): void
  callEnds(): void
}

/** What is spoken on one connection. Nothing here throws or rejects but `open`. */
export interface Speaker {
  /** Whether its first frame says who comes, before anything else. */
  readonly awaitsGreeting: boolean
  /**
   * Gets ready; what comes waits meanwhile. What it throws refuses the connection.
   * @param greeting the first frame, where that is awaited.
   */
  open(greeting: unknown): Promise<void>
  /** Begins what a frame asks for. `index` is the place in its batch. */
  hear(message: unknown, index: number): void
  /** A frame came that is no JSON text. */
  hearNoise(): void
  hearTooLongBatch(batch: readonly unknown[]): void
  /** Says why there will be no connection. @returns the close code. */
  refuse(cause: unknown): number
  /**
   * The session has ended. Where a call of this very connection ends it, that call is still answered, and nothing else; the line
   * is told to end the session again after that.
   * @returns whether such a call is under way.
   */
  takesLeave(): boolean
  /** The server stops: nothing more is heard, and what is under way is answered. */
  stop(): void
  /** The connection is gone. */
  close(): void
}

/** A language that a socket server speaks; connections of several share its limits, its pings and its end. */
export interface Protocol {
  /** Whether an array is a batch of calls, rather than a message that it is not. */
  readonly takesBatches: boolean
  /** Whether the bare words PING and PONG are part of it, beside JSON. */
  readonly speaksPing: boolean
  /** Calls that one connection may have under way; further ones wait in the socket, which is not read meanwhile. */
  readonly callsInFlightMax: number
  begin(line: Line, request: IncomingMessage): Speaker
  /** Told of what was thrown before there was a connection: a defect of ours. */
  failed(cause: unknown): void
}
