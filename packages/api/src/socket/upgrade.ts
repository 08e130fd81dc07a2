import type { IncomingMessage } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** Answers an upgrade request with a plain HTTP refusal, and closes. */
export function refuseUpgrade(socket: Duplex, status: 403 | 429 | 503, text: string): void {
  // Nobody is left to be told of an error on a socket that we are closing.
  socket.on('error', () => socket.destroy())
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy())
}

/** The page that opens the socket, where a browser says so. Version 8 of the protocol has its own header for it. */
export function originOf(request: IncomingMessage): string | undefined {
  const former = request.headers['sec-websocket-origin']
  return request.headers.origin ?? (Array.isArray(former) ? former.join() : former)
}

/** Whether the first frame will bring connection parameters; that is how tRPC's client announces them. */
export function announcesParams(request: IncomingMessage): boolean {
  const url = request.url ?? ''
  const query = url.indexOf('?')
  return query !== -1 && new URLSearchParams(url.slice(query)).get('connectionParams') === '1'
}
