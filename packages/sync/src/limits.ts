/** What the engine bounds by itself; what the server bounds stands in `@parley/domain/limits`. */

/** Operations that wait, are refused or in doubt, together; further actions are turned away. */
export const operationsMax = 10_000
/** Operations under way at once, each of another lane. */
export const operationsAtOnceMax = 8
/** A defect of the server is met again so often before the person is told. */
export const serverFailuresMax = 5

/** A step of catching up takes so long at most; in between the screen's queries get their turn. */
export const sliceMs = 5
/** Pages of the index of words that are merged in a step. */
export const mergePagesPerStep = 40
/** Segments of the index from which on they are merged, and those above which that cannot wait. */
export const segmentsMergedMin = 8
export const segmentsKeptMax = 400
/** Pages of the write-ahead log above which a commit carries it over into the file: more were felt as a stall of the screen. */
export const pagesInLog = 1_000
/** The same while a thread carries it over: a commit does where the thread cannot follow. */
export const pagesBesideThread = 8_000
/** Pages of the log from which on it is begun anew while a thread carries it over. */
export const pagesBeforeReset = 3_000
/** So many commits within so long are much, and are carried over by the thread. */
export const carryCommits = 8
export const carryWithinMs = 1_000
/** Whoever writes much waits so long at most for the thread to be done, so that the log can begin anew. */
export const restMsMax = 250
/** The thread ends when nothing much was written for so long. */
export const carryIdleMs = 10_000
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

/** The bytes of files are kept in pieces of this size, each written in a step of its own. */
export const chunkBytes = 256 * 1024
/** Files of drafts and of the outbox, together. */
export const outgoingBytesMax = 4 * 1024 * 1024 * 1024
/** Messages of which the files are uploaded at once. */
export const uploadsAtOnceMax = 2
/** A file is uploaded whole so often at most: the server drops what no message names for a day. */
export const uploadsPerFileMax = 3
/** Copies of the server's attachments, together; the one unused for longest goes first. */
export const attachmentCacheBytesMax = 512 * 1024 * 1024
/** An attachment that is asked for as bytes is held in memory; larger ones are saved to a file. */
export const attachmentInMemoryBytesMax = 64 * 1024 * 1024
export const downloadsAtOnceMax = 3
export const downloadsWaitingMax = 500
/** Tries in a row that bring a download no further. */
export const downloadTriesMax = 5
/** A download that brings nothing for so long is begun again from there. */
export const downloadIdleMs = 60_000
/** Pieces of files that nobody needs any more are dropped so many in a step. */
export const chunksDroppedPerStep = 16
/** Pages of the store that are given back to the disk in a step. */
export const pagesFreedPerStep = 1_000

/** Messages that were missed and are told of one by one; more are told of together. */
export const notifySinglyMax = 3
/** Missed messages that are looked at when it is told of them. */
export const notifyMissedMax = 1_000
/** Messages that were told of and are remembered, so that it can be taken back. */
export const notifyRememberedMax = 1_000

/** The app's own settings, each as JSON. */
export const settingsMax = 500
export const settingNameCharsMax = 64
export const settingCharsMax = 64 * 1024
