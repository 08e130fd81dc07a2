import { bodyMarker } from '../world.ts'
import type { Protocol } from './protocol.ts'
import { type FrameListener, FrameSocket } from './socket.ts'

const marker = Buffer.from(bodyMarker)

/** How many bodies stand between two places; `bytes` may hold more behind `end`. */
export function countBodies(bytes: Buffer, start: number, end: number): number {
  let count = 0
  for (
    let at = bytes.indexOf(marker, start);
    at >= 0 && at < end;
    at = bytes.indexOf(marker, at + marker.length)
  )
    count++
  return count
}

/** Sources spread over 127.0.0.0/8, since a server may bound what comes from one address. */
const connectionsPerSource = 500

/** One signed-in client that follows its stream, and counts what it is delivered. */
export class Client {
  readonly protocol: Protocol
  /** Deliveries since the client started. */
  delivered = 0
  /** Takes each frame that answers a call. */
  onAnswer: FrameListener | null = null
  /** Takes stream frames in place of counting; whoever sets it adds to `delivered`. */
  onStream: FrameListener | null = null
  /** A connection that ends by itself ends the run, unless the workload expects it. */
  onLost: (reason: string) => void = (reason) => {
    throw new Error(reason)
  }
  #socket: FrameSocket | null = null
  #request = 1
  #started: () => void = () => {}

  constructor(protocol: Protocol) {
    this.protocol = protocol
  }

  /** Connects, signs in and starts the stream; resolves when the server says that the stream runs. */
  async open(address: string, index: number, token: string, cursor: number): Promise<void> {
    this.#socket = await FrameSocket.open(this.protocol.url(address), {
      localAddress: `127.0.0.${2 + Math.floor(index / connectionsPerSource)}`,
      listener: this.#frame,
      lost: (reason) => this.onLost(reason),
    })
    const started = new Promise<void>((resolve) => (this.#started = resolve))
    this.#socket.send(...this.protocol.opening(token, cursor))
    await started
  }

  get socket(): FrameSocket {
    if (this.#socket === null) throw new Error('the client is not connected')
    return this.#socket
  }

  nextRequest(): number {
    return ++this.#request
  }

  readonly #frame = (bytes: Buffer, start: number, end: number): void => {
    switch (this.protocol.kind(bytes, start, end)) {
      case 'stream':
        if (this.onStream) this.onStream(bytes, start, end)
        else this.delivered += countBodies(bytes, start, end)
        break
      case 'answer':
        this.onAnswer?.(bytes, start, end)
        break
      case 'started':
        this.#started()
        break
    }
  }
}

/** Opens clients a few at a time, so that no listen queue overflows. */
export async function openAll(
  clients: readonly Client[],
  open: (client: Client, index: number) => Promise<void>,
): Promise<void> {
  const atOnce = 100
  for (let from = 0; from < clients.length; from += atOnce) {
    await Promise.all(clients.slice(from, from + atOnce).map((client, offset) => open(client, from + offset)))
  }
}
