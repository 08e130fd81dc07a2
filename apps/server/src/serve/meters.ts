import { refusalOf } from '@parley/api/errors'
import { appRouter } from '@parley/api/root'
import type { FailedCall } from '../http/api-routes.ts'
import type { Log } from '../logs/log.ts'
import type { Metrics } from './metrics.ts'

/** What is measured by those who are there before the metrics are. */
export class Meters {
  metrics: Metrics | null = null
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  wrote(seconds: number): void {
    this.metrics?.wrote(seconds)
  }

  /** Counts a call that was refused, and logs one that failed: the second is a defect of ours. */
  failed({ error, path, type }: FailedCall): void {
    const refusal = refusalOf(error)
    // Only the router's own paths: what callers make up would fill the memory with labels.
    const known = path !== undefined && path in appRouter._def.procedures ? path : 'unknown'
    this.metrics?.refused(refusal?.kind ?? error.code, known)
    if (refusal !== null || error.code !== 'INTERNAL_SERVER_ERROR') return
    this.#log('error', 'call-failed', { path: known, type, error: error.cause ?? error })
  }
}
