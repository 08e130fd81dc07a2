import { existsSync, readFileSync } from 'node:fs'

const file = '/proc/self/schedstat'

/**
 * Microseconds for which the main thread could have run and something else had its core: how much a measurement was
 * disturbed. Linux says it; elsewhere this is 0.
 */
export function coreWaitMicros(): number {
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split(' ')[1]) / 1000 : 0
}
