import type { IncomingMessage } from 'node:http'
import type { TRPCRequestInfo } from '@trpc/server/http'
import type { AnyTRPCRouter, TRPCError, TRPCProcedureType } from '@trpc/server'
import type { SocketRefusals } from './closing.ts'
import type { SocketLimits } from './limits.ts'
import type { Turn } from './outbox.ts'
import type { Registry, SocketIdentity } from './registry.ts'

export type ConnectionParams = TRPCRequestInfo['connectionParams']

/** What a context may know of the connection that it is made for, and do to it. */
export interface SocketConnection {
  /** Where it comes from, as limits count it. */
  readonly address: string
  readonly identity: SocketIdentity | null
  /**
   * Says whose connection this is, which makes it an authenticated one. May be called again after a sign-in.
   * Throws a `Refusal` of kind `too-many` when the account has as many connections as it may.
   */
  identify(identity: SocketIdentity): void
  /** Closes as for a session that ended; nothing is sent from here on. */
  endSession(): void
}

export interface SocketContextOptions {
  readonly request: IncomingMessage
  /** What a client sent as its `connectionParams`, or null where its URL does not announce any. */
  readonly connectionParams: ConnectionParams
  readonly connection: SocketConnection
}

export interface SocketFailure {
  readonly error: TRPCError
  readonly type: TRPCProcedureType | 'unknown'
  readonly path: string | undefined
  readonly address: string
  readonly identity: SocketIdentity | null
}

/** Counts since the server was made. */
export interface SocketCounts {
  connectionsAccepted: number
  framesReceived: number
  callsInFlight: number
  subscriptions: number
  readonly refusals: SocketRefusals
}

/** What all connections of one server share. */
export interface SocketHub {
  readonly router: AnyTRPCRouter
  readonly limits: SocketLimits
  readonly turn: Turn
  readonly registry: Registry
  readonly counts: SocketCounts
  createContext(options: SocketContextOptions): unknown
  toTRPCError(cause: unknown): TRPCError
  onError(failure: SocketFailure): void
  /** Called when a call was answered or a connection is gone, where somebody waits for that. */
  onSettled: (() => void) | null
}
