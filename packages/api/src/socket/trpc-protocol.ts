import type { IncomingMessage } from 'node:http'
import type { TRPCRequestInfo } from '@trpc/server/http'
import type { AnyTRPCRouter, TRPCError, TRPCProcedureType } from '@trpc/server'
import { Calls } from './calls.ts'
import type { SocketHub } from './hub.ts'
import type { Line, Protocol, Speaker } from './protocol.ts'
import type { SocketIdentity } from './registry.ts'

export type ConnectionParams = TRPCRequestInfo['connectionParams']

/** What a context may know of the connection that it is made for, and do to it. */
export type SocketConnection = Pick<Line, 'address' | 'identity' | 'identify' | 'endSession'>

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

/** What tRPC's calls on sockets stand on. */
export interface TRPCHost {
  readonly router: AnyTRPCRouter
  /** The paths of procedures by which a session ends itself. */
  readonly lastCalls: ReadonlySet<string>
  createContext(options: SocketContextOptions): unknown
  toTRPCError(cause: unknown): TRPCError
  onError(failure: SocketFailure): void
}

/** A router, spoken to as tRPC's WebSocket client does. */
export class TRPCProtocol implements Protocol {
  readonly takesBatches = true
  readonly speaksPing = true
  readonly callsInFlightMax: number
  readonly #hub: SocketHub
  readonly #host: TRPCHost

  constructor(hub: SocketHub, host: TRPCHost) {
    this.callsInFlightMax = hub.limits.callsInFlightPerConnectionMax
    this.#hub = hub
    this.#host = host
  }

  begin(line: Line, request: IncomingMessage): Speaker {
    return new Calls(this.#hub, this.#host, line, request)
  }

  failed(cause: unknown): void {
    const error = this.#host.toTRPCError(cause)
    this.#host.onError({ error, type: 'unknown', path: undefined, address: '', identity: null })
  }
}
