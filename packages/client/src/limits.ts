/** What the client bounds by itself; what the server bounds stands in `@parley/domain/limits`. */

/** From the first byte of a connection until the server has accepted its token. */
export const connectWaitMs = 10_000
/** A connection that was silent for so long, or up to twice as long, is asked whether it still lives. */
export const silenceMs = 10_000
/** How long it may take to answer that. */
export const pongWaitMs = 5_000
/** How long the other side may take to answer our close frame before the socket is left to itself. */
export const closeWaitMs = 2_000

/** The first wait is a random one below this; each failure doubles the bound. */
export const retryFirstMsMax = 500
export const retryMsMax = 30_000
/** A connection that was lost sooner than this after it came counts as one more failure. */
export const steadyMs = 10_000
/** A server that restarts says how long to wait; it is believed up to here. */
export const restartHintMsMax = 60_000

/** How long a call waits for the connection. A message that is sent waits as long as it takes. */
export const callWaitMs = 10_000
/** Calls and messages that wait for the connection, together. */
export const callsWaitingMax = 10_000

/** Events that a follower has not read yet, in characters of their JSON; above it the server is asked for no more. */
export const followBufferCharsMax = 1024 * 1024
/** With what was on its way then: as much as systems keep for a socket. */
export const followBufferCharsHard = 16 * 1024 * 1024
/** Down to this, a follower that was too slow goes on. */
export const followBufferCharsLow = 512 * 1024

/** A tus upload goes in requests of this size: what is lost, and how coarse progress is, when one fails. */
export const uploadChunkBytesMax = 1024 * 1024
/** A part that takes longer to go out, or a file that takes longer to begin to come, is given up. */
export const transferIdleMs = 60_000
/** Tries in a row that bring an upload no further. */
export const uploadTriesMax = 8
