import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { systemClock } from '@parley/chat/clock'
import type { Clock } from '@parley/chat/clock'
import { closeCodes } from '@parley/domain/close-codes'
import type { SessionId } from '@parley/domain/ids'
import type { AnyTRPCRouter, TRPCError, inferRouterContext } from '@trpc/server'
import { toTRPCError } from '../errors.ts'
import { noRefusals, restartReason } from './closing.ts'
import type { SocketRefusal } from './closing.ts'
import { Connection } from './connection.ts'
import { Heartbeat } from './heartbeat.ts'
import type { SocketCounts, SocketHub } from './hub.ts'
import { socketLimits } from './limits.ts'
import type { SocketLimits } from './limits.ts'
import { Turn } from './outbox.ts'
import type { Protocol } from './protocol.ts'
import { Registry } from './registry.ts'
import { TRPCProtocol } from './trpc-protocol.ts'
import type { SocketContextOptions, SocketFailure } from './trpc-protocol.ts'
import { originOf, refuseUpgrade } from './upgrade.ts'
import { listen, makeAcceptor } from './wire.ts'
import type { Acceptor, Wire } from './wire.ts'

export interface SocketServerOptions<TRouter extends AnyTRPCRouter> {
  /** With no data transformer: JSON is what is on the wire. */
  readonly router: TRouter
  /**
   * Called once a connection. It tells whose connection it is by `connection.identify`; one that stays without is
   * closed after `authenticateMs`. What it throws is answered as an error with `id: null`, and the connection closed.
   */
  createContext(
    options: SocketContextOptions,
  ): inferRouterContext<TRouter> | Promise<inferRouterContext<TRouter>>
  /** The paths of procedures by which a session ends itself: they are answered before its connection is closed. */
  readonly lastCalls?: ReadonlySet<string>
  /** Asked about each upgrade that has an Origin header, so comes from a page. Tools send none and are let in. */
  allowedOrigins(origin: string, request: IncomingMessage): boolean
  /** What limits per address count by; behind a proxy, what the proxy says. The peer's address by default. */
  addressOf?(request: IncomingMessage): string
  /** Makes the error that clients see of what was thrown, refusals of this adapter among it; Parley's edge by default. */
  readonly toTRPCError?: (cause: unknown) => TRPCError
  /** Told of each call that failed, refusals included. */
  onError?(failure: SocketFailure): void
  readonly limits?: Partial<SocketLimits>
  readonly clock?: Clock
  /** From 0 up to 1. */
  random?(): number
}

export interface SocketStats extends Readonly<SocketCounts> {
  readonly connections: number
  /** Handed to sockets and not yet taken by the operating system, by all connections together. */
  readonly bufferedBytes: number
}

/**
 * Serves a router to tRPC's WebSocket client. Make it, and hand it the HTTP server's `upgrade` events:
 * `http.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head))`.
 */
export function serveSocket<TRouter extends AnyTRPCRouter>(
  options: SocketServerOptions<TRouter>,
): SocketServer {
  const limits = { ...socketLimits, ...options.limits }
  const hub: SocketHub = {
    limits,
    turn: new Turn(),
    registry: new Registry(limits),
    counts: {
      connectionsAccepted: 0,
      framesReceived: 0,
      callsInFlight: 0,
      subscriptions: 0,
      refusals: noRefusals(),
    },
    onSettled: null,
  }
  const trpc = new TRPCProtocol(hub, {
    router: options.router,
    lastCalls: options.lastCalls ?? new Set(),
    createContext: (context) => options.createContext(context),
    toTRPCError: options.toTRPCError ?? toTRPCError,
    onError: (failure) => {
      try {
        options.onError?.(failure)
      } catch (cause) {
        // It is called where nobody waits, and a defect in a log is no reason to stop serving.
        process.emitWarning(cause instanceof Error ? cause : new Error(String(cause)))
      }
    },
  })
  return new SocketServer(hub, trpc, {
    clock: options.clock ?? systemClock,
    random: () => options.random?.() ?? Math.random(),
    allowedOrigins: (origin, request) => options.allowedOrigins(origin, request),
    addressOf: (request) => options.addressOf?.(request) ?? request.socket.remoteAddress ?? '',
  })
}

interface Doorkeeping {
  readonly clock: Clock
  random(): number
  allowedOrigins(origin: string, request: IncomingMessage): boolean
  addressOf(request: IncomingMessage): string
}

export class SocketServer {
  readonly #hub: SocketHub
  readonly #trpc: Protocol
  readonly #door: Doorkeeping
  readonly #acceptor: Acceptor
  #heartbeat: Heartbeat | null = null
  #closing: Promise<void> | null = null

  constructor(hub: SocketHub, trpc: Protocol, door: Doorkeeping) {
    this.#hub = hub
    this.#trpc = trpc
    this.#door = door
    this.#acceptor = makeAcceptor(hub.limits)
  }

  /**
   * Makes a connection of an upgrade request, or answers it with 403, 429 or 503. Never throws.
   * @param protocol what is spoken on it: the router's, unless another is named.
   */
  handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    protocol: Protocol = this.#trpc,
  ): void {
    try {
      const address = this.#door.addressOf(request)
      if (!this.#refuses(request, socket, address)) {
        this.#acceptor.handleUpgrade(request, socket, head, (wire) =>
          this.#accept(protocol, wire, { socket, request, address }),
        )
      }
    } catch (cause) {
      protocol.failed(cause)
      socket.destroy()
    }
  }

  /** Closes all connections of a session; they get nothing from this moment on (P6). Returns how many it closed. */
  endSession(sessionId: SessionId): number {
    const open = this.#hub.registry.ofSession(sessionId).filter((connection) => !connection.isClosed())
    for (const connection of open) connection.endSession()
    return open.length
  }

  stats(): SocketStats {
    const { registry, counts } = this.#hub
    return { ...counts, connections: registry.all.size, bufferedBytes: registry.bufferedBytes() }
  }

  /**
   * Stops: lets nobody in, tells clients to reconnect, waits for calls under way up to `finishWaitMs`, and closes
   * each connection with code 1012 and a waiting time below `reconnectHintMs` in its reason. Resolves when all are gone.
   */
  close(options: { reconnectHintMs: number }): Promise<void> {
    this.#closing ??= this.#close(options.reconnectHintMs)
    return this.#closing
  }

  async #close(reconnectHintMs: number): Promise<void> {
    const { registry, limits } = this.#hub
    for (const connection of registry.all) connection.finish()
    await this.#settled(limits.finishWaitMs, () => this.#hub.counts.callsInFlight === 0)
    for (const connection of registry.all) {
      connection.close(
        closeCodes.restart,
        restartReason(Math.floor(this.#door.random() * reconnectHintMs)),
        null,
      )
    }
    await this.#settled(limits.closeWaitMs, () => registry.all.size === 0)
    for (const connection of registry.all) connection.cutOff(null)
    await this.#settled(limits.closeWaitMs, () => registry.all.size === 0)
    this.#heartbeat?.[Symbol.dispose]()
  }

  #settled(waitMs: number, isSettled: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#door.clock.after(waitMs, () => end())
      const end = () => {
        timer[Symbol.dispose]()
        this.#hub.onSettled = null
        resolve()
      }
      this.#hub.onSettled = () => {
        if (isSettled()) end()
      }
      this.#hub.onSettled()
    })
  }

  #accept(
    protocol: Protocol,
    wire: Wire,
    from: { socket: Duplex; request: IncomingMessage; address: string },
  ): void {
    const connection = new Connection(this.#hub, protocol, wire, from)
    this.#hub.registry.enter(connection)
    this.#hub.counts.connectionsAccepted++
    listen(wire, connection)
    this.#heartbeat ??= new Heartbeat(this.#door.clock, this.#hub.limits)
    this.#heartbeat.add(connection)
    if (!connection.awaitsGreeting()) connection.open(null)
  }

  #refuses(request: IncomingMessage, socket: Duplex, address: string): boolean {
    const { registry } = this.#hub
    const origin = originOf(request)
    const refuse = (status: 403 | 429 | 503, refusal: SocketRefusal, text: string) => {
      this.#hub.counts.refusals[refusal]++
      refuseUpgrade(socket, status, text)
      return true
    }
    if (this.#closing !== null) return refuse(503, 'shutting-down', 'The server is stopping')
    if (origin !== undefined && !this.#door.allowedOrigins(origin, request)) {
      return refuse(403, 'origin', 'This origin may not connect')
    }
    if (registry.isFull()) return refuse(503, 'server-full', 'The server has no room for more connections')
    if (!registry.isAddressFull(address)) return false
    return refuse(429, 'address-full', 'Your address has as many connections as it may')
  }
}
