import { WebSocket, WebSocketServer } from 'ws'
import type { RawData, Server, ServerOptions } from 'ws'
import type { Connection } from './connection.ts'
import type { SocketLimits } from './limits.ts'

/** A `ws` socket that knows its connection, so that all sockets share the listeners below and none needs a closure. */
export class Wire extends WebSocket {
  connection: Connection | null = null
}

export type Acceptor = Server<typeof Wire>

/**
 * `ws` does the handshake, reads and checks frames, answers pings and closes; what we send goes past it, see `Outbox`.
 * Compression stays off: it costs each connection hundreds of kilobytes and each frame its own compression.
 */
export function makeAcceptor(limits: SocketLimits): Acceptor {
  const options: ServerOptions<typeof Wire> & { closeTimeout: number } = {
    noServer: true,
    WebSocket: Wire,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.frameBytesMax,
    // A frame in pieces of a byte each would cost a hundred times its size.
    maxBufferedChunks: limits.framePiecesMax,
    maxFragments: limits.framePiecesMax,
    closeTimeout: limits.closeWaitMs,
  }
  return new WebSocketServer(options)
}

export function listen(wire: Wire, connection: Connection): void {
  wire.connection = connection
  wire.on('message', onMessage)
  wire.on('pong', onPong)
  wire.on('error', onError)
  wire.on('close', onClose)
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  const connection = connectionOf(this)
  if (connection !== null) connection.receive(isBinary || !Buffer.isBuffer(data) ? null : data)
}

function onPong(this: WebSocket): void {
  connectionOf(this)?.hear()
}

function onError(this: WebSocket, error: Error): void {
  connectionOf(this)?.failed(error)
}

function onClose(this: WebSocket): void {
  connectionOf(this)?.gone()
}

function connectionOf(socket: WebSocket): Connection | null {
  return socket instanceof Wire ? socket.connection : null
}
