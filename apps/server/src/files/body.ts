import { on } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { CutOff } from './refusals.ts'

/** How many pieces, of up to 64 KiB each, may wait for the disk. */
const piecesWaitingMax = 4

/**
 * The body of a request, piece by piece. A request that is not read to its end stays usable for the answer, which
 * iterating over the request itself would not leave.
 *
 * @throws CutOff when the connection ends first or nothing moves on it for `idleMs`; what the signal was aborted with.
 */
export async function* bodyOf(
  request: IncomingMessage,
  signal: AbortSignal,
  idleMs: number,
): AsyncGenerator<Uint8Array> {
  if (request.destroyed && !request.complete) throw new CutOff('The connection ended')
  request.setTimeout(idleMs, () => request.destroy())
  const options = { signal, close: ['end', 'close'], highWaterMark: piecesWaitingMax, lowWaterMark: 1 }
  try {
    if (request.readableEnded) return
    for await (const args of on(request, 'data', options)) {
      const piece: unknown = args[0]
      if (piece instanceof Uint8Array) yield piece
    }
  } catch (error) {
    signal.throwIfAborted()
    throw new CutOff('The connection ended', { cause: error })
  } finally {
    // What still comes of a request that was refused in its middle is dropped.
    request.setTimeout(0)
    request.resume()
  }
  if (!request.complete) throw new CutOff('The connection ended')
}
