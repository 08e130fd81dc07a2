import type { Results } from './results.ts'

interface Reached extends Pick<Results, 'scope' | 'problem' | 'unasked' | 'next'> {
  readonly count: number
  /** The server is being asked. */
  readonly asking: boolean
  readonly isOffline: boolean
}

/** How far a search has reached: this device alone, and why, or everything. */
export function reachWords({ scope, problem, unasked, next, count, asking, isOffline }: Reached): string {
  if (asking) return 'Searched this device. Asking the server …'
  const found = count === 0 ? '' : `${count.toLocaleString()}${next === null ? '' : ' or more'} found. `
  if (scope === 'everything') return `${found}Searched everything.`
  if (unasked === 'sealed')
    return `${found}Searched this device only: what is said here the server cannot read.`
  if (unasked === 'everywhere') return `${found}Searched this device only, as the server is not asked.`
  if (isOffline) return `${found}Searched this device only, as there is no connection.`
  return `${found}Searched this device only. ${problem ?? ''}`.trimEnd()
}
