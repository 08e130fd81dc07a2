/** What the engine bounds by itself; what the server bounds stands in `@parley/domain/limits`. */

/** Operations that wait, are refused or in doubt, together; further actions are turned away. */
export const operationsMax = 10_000
/** Operations under way at once, each of another lane. */
export const operationsAtOnceMax = 8
/** A defect of the server is met again so often before the person is told. */
export const serverFailuresMax = 5

/** A step of catching up takes so long at most; in between the screen's queries get their turn. */
export const sliceMs = 8
/** Looked at between two entries, so that a step does not end after each. */
export const sliceEntriesMin = 20
/** What the stream brings while answers of the server are under way; past it those answers are asked for again. */
export const entriesDuringLoadMax = 5_000

/** Messages of the first page of a conversation, and of each page after. */
export const historyPageItems = 100
/** Messages of a window of the timeline. */
export const windowItemsDefault = 60
export const windowItemsMax = 400
export const draftCharsMax = 40_000
export const searchItemsDefault = 30
export const searchItemsMax = 100
/** Somebody who goes on writing is said to write once in this time. */
export const typingEveryMs = 3_000
/** In the background the newest pages of so many conversations are asked for at once. */
export const fillsAtOnceMax = 2
