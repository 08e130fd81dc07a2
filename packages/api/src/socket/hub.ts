import type { SocketRefusals } from './closing.ts'
import type { SocketLimits } from './limits.ts'
import type { Turn } from './outbox.ts'
import type { Registry } from './registry.ts'

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
  readonly limits: SocketLimits
  readonly turn: Turn
  readonly registry: Registry
  readonly counts: SocketCounts
  /** Called when a call was answered or a connection is gone, where somebody waits for that. */
  onSettled: (() => void) | null
}
