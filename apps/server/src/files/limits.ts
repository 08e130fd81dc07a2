import * as limits from '@parley/domain/limits'

/** What the file routes enforce. Tests make single limits small; a server runs with all of `filesLimits`. */
export const filesLimits = {
  uploadsPerAccountMax: limits.uploadsPerAccountMax,
  uploadKeptMs: limits.uploadKeptMs,
  /** Requests of one account that upload or download at the same moment. */
  transfersPerAccountMax: limits.connectionsPerAccountMax,
  /** A transfer on whose connection nothing moved for this long is cut off. */
  transferIdleMs: 60_000,
  /** How long what is left of a request may still come after its answer. */
  restAfterAnswerMs: 10_000,
  /** After this many bytes what came of an upload is put on disk for good, and its progress noted. */
  syncEveryBytes: 16 * 1024 * 1024,
  /** Uploads leave this much of the disk to the database. */
  freeBytesMin: 256 * 1024 * 1024,
  sweepEveryMs: 60_000,
  orphansPerStepMax: 100,
  accountsPerStepMax: 50,
  contentsPerStepMax: 200,
}

export type FilesLimits = Readonly<typeof filesLimits>
