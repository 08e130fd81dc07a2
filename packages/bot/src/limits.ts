/** What a bot bounds by itself. */

/** Conversations whose messages are handed over at once, one of each. */
export const handedAtOnceMax = 8
/** A handler that throws gets its message so often, and then the next one comes. */
export const handlerTriesMax = 3
/** Messages that were handled and are remembered by their names, for a server that is put back to an older state. */
export const handledKeptMax = 10_000
/** Messages of a conversation that wait to be opened; past it the oldest are given up. */
export const lateKeptMax = 1_000
/** A message that cannot be opened yet holds up those after it for so long at most: mostly its key is on its way. */
export const openWaitMs = 10_000
/** Messages of a window in which the place of a conversation is looked for. */
export const windowItems = 200
