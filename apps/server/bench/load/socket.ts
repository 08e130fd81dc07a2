import { connect, type Socket } from 'node:net'

/** What a socket hands over: the payload of one frame stands in `bytes` from `start` to `end`, and only until the call returns. */
export type FrameListener = (bytes: Buffer, start: number, end: number) => void

export interface SocketOptions {
  localAddress: string
  listener: FrameListener
  /** Called when the connection ends and we did not end it; perhaps more than once. */
  lost: (reason: string) => void
}

/** All sockets read into this one buffer: libuv fills it and calls back before it reads the next socket. */
const arrived = Buffer.allocUnsafeSlow(1024 * 1024)
const nothing = Buffer.alloc(0)

const pongOpcode = 0xa
const textOpcode = 0x1

/** A masked frame. The mask is zero: the server does the same work for it, and this side none. */
function frame(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload
  const header = length < 126 ? 6 : length < 65_536 ? 8 : 14
  const made = Buffer.alloc(header + length)
  made[0] = 0x80 | opcode
  if (length < 126) made[1] = 0x80 | length
  else if (length < 65_536) {
    made[1] = 0x80 | 126
    made.writeUInt16BE(length, 2)
  } else {
    made[1] = 0x80 | 127
    made.writeBigUInt64BE(BigInt(length), 2)
  }
  made.set(payload, header)
  return made
}

/**
 * A WebSocket client that costs the machine as little as can be, so that the server is what is measured: no events,
 * no copies (a frame is copied only when it arrives in pieces), no deflate, no fragments. Bad frames end the process.
 */
export class FrameSocket {
  readonly #socket: Socket
  readonly #listener: FrameListener
  readonly #opened: () => void
  readonly #lost: (reason: string) => void
  /** The beginning of what has not arrived in full. */
  #carried: Buffer = nothing
  #upgraded = false

  private constructor(url: URL, { localAddress, listener, lost }: SocketOptions, opened: () => void) {
    this.#listener = listener
    this.#opened = opened
    this.#lost = lost
    this.#socket = connect({
      host: url.hostname,
      port: Number(url.port),
      localAddress,
      noDelay: true,
      onread: { buffer: arrived, callback: (count) => this.#read(count) },
    })
    this.#socket.on('error', (error) => lost(error.message))
    this.#socket.on('end', () => lost('the server closed a connection'))
    this.#socket.write(
      `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Key: cGFybGV5IGJlbmNobWFyaw==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    )
  }

  /** Resolves once the server has agreed to the upgrade. */
  static open(url: URL, options: SocketOptions): Promise<FrameSocket> {
    return new Promise((resolve) => {
      const socket: FrameSocket = new FrameSocket(url, options, () => resolve(socket))
    })
  }

  /** Sends texts, each as one frame, all in one system call. */
  send(...texts: string[]): void {
    const frames = texts.map((text) => frame(textOpcode, Buffer.from(text)))
    this.#socket.write(frames.length === 1 && frames[0] ? frames[0] : Buffer.concat(frames))
  }

  /** Stops reading, as a client does that hangs; the socket stays open. */
  stall(): void {
    this.#socket.pause()
  }

  goOn(): void {
    this.#socket.resume()
  }

  close(): void {
    this.#socket.removeAllListeners()
    this.#socket.destroy()
  }

  #read(count: number): boolean {
    const fresh = arrived.subarray(0, count)
    const bytes = this.#carried.length > 0 ? Buffer.concat([this.#carried, fresh]) : fresh
    const used = this.#upgraded ? this.#frames(bytes, 0) : this.#handshake(bytes)
    this.#carried = used < bytes.length ? Buffer.from(bytes.subarray(used)) : nothing
    return true
  }

  #handshake(bytes: Buffer): number {
    const end = bytes.indexOf('\r\n\r\n')
    if (end < 0) return 0
    const answer = bytes.toString('latin1', 0, end)
    if (!answer.startsWith('HTTP/1.1 101 ')) throw new Error(`no upgrade: ${answer}`)
    this.#upgraded = true
    this.#opened()
    return this.#frames(bytes, end + 4)
  }

  /** Hands over every whole frame from `at` on; returns where the first that is not whole begins. */
  #frames(bytes: Buffer, from: number): number {
    let at = from
    while (bytes.length - at >= 2) {
      let length = (bytes[at + 1] ?? 0) & 0x7f
      let start = at + 2
      if (length === 126) {
        start += 2
        if (bytes.length < start) break
        length = bytes.readUInt16BE(at + 2)
      } else if (length === 127) {
        start += 8
        if (bytes.length < start) break
        length = Number(bytes.readBigUInt64BE(at + 2))
      }
      const end = start + length
      if (bytes.length < end) break
      this.#take(bytes[at] ?? 0, bytes, start, end)
      at = end
    }
    return at
  }

  #take(first: number, bytes: Buffer, start: number, end: number): void {
    if (first === 0x81 || first === 0x82) this.#listener(bytes, start, end)
    else if (first === 0x89) this.#socket.write(frame(pongOpcode, bytes.subarray(start, end)))
    else if (first === 0x88) this.#lost(`the server closed: ${bytes.toString('utf8', start + 2, end)}`)
    else if (first !== 0x8a) throw new Error(`a frame begins with ${first.toString(16)}`)
  }
}
