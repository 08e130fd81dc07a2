/** The clock of the load process. Sends and deliveries are timed by the same one. */
export const nowMicros = (): number => Math.round(performance.now() * 1000)

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Like `pause`, but looks for input all the while. A core that sleeps between two messages has to be woken, and on a
 * virtual machine the one who sends pays for that more than for the sending: here it would be the server.
 */
export async function spin(ms: number): Promise<void> {
  const until = performance.now() + ms
  while (performance.now() < until) await new Promise((resolve) => setImmediate(resolve))
}

/** The value below which that share of the samples lies. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = Float64Array.from(samples).toSorted()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
