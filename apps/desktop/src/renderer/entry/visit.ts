import type { Answers } from '../live/queries.ts'

/** A server that somebody came to. */
export interface Visit {
  readonly url: string
  readonly info: Answers['servers']['look']['info']
  /** Of the invite link that led here; empty without one. */
  readonly secret: string
}
