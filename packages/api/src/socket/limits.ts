import * as limits from '@parley/domain/limits'

/** What one socket server enforces. Tests make single limits small; a server runs with all of `socketLimits`. */
export const socketLimits = {
  frameBytesMax: limits.frameBytesMax,
  /** In how many pieces a frame may come: reads from the network, or fragments. */
  framePiecesMax: 2_048,
  authenticateMs: limits.authenticateMs,
  subscriptionsPerConnectionMax: limits.subscriptionsPerConnectionMax,
  callsPerBatchMax: limits.callsPerBatchMax,
  callsInFlightPerConnectionMax: limits.callsInFlightPerConnectionMax,
  connectionsPerAddressMax: limits.connectionsPerAddressMax,
  connectionsPerAccountMax: limits.connectionsPerAccountMax,
  connectionsMax: limits.connectionsMax,
  pingMs: limits.pingMs,
  pongWaitMs: limits.pongWaitMs,
  /** A connection that holds more than this unsent is not read until it is down to `readerHighWaterBytes`. */
  readerBufferBytesMax: limits.readerBufferBytesMax,
  readerHighWaterBytes: limits.readerHighWaterBytes,
  readerLowWaterBytes: limits.readerLowWaterBytes,
  /** A connection that holds more than this unsent asks and does not read; it is cut off. A batch of large pages fits. */
  unsentBytesMax: 8 * 1024 * 1024,
  /** The id of a request comes back with each of its events, so it must not be what makes them large. */
  requestIdCharsMax: 64,
  /** How long the other side may take to answer our close frame. */
  closeWaitMs: 2_000,
  /** How long calls under way may take to finish when the server stops. */
  finishWaitMs: 5_000,
}

export type SocketLimits = Readonly<typeof socketLimits>
