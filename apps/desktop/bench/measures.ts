import type { LongHistory } from '@parley/testkit/long-history'
import type { Figure } from './figures.ts'

/** What the measures share. */
export interface Bench {
  /** The device with the long store. */
  readonly userData: string
  readonly history: LongHistory
  /** How often each is done anew. */
  readonly runs: number
  /** How long the app is left alone between the two looks at its memory. */
  readonly idleMinutes: number
  /** Where a CPU profile of the page is written, if anywhere. */
  readonly profile: string | null
}

export interface Measure {
  readonly name: string
  readonly title: string
  readonly measure: (bench: Bench) => Promise<readonly Figure[]>
}
