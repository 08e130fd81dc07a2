export const restartMsMin = 100
export const restartMsMax = 30_000
/** An engine that ran for this long was well; the next wait is the shortest again. */
export const livedWellMs = 60_000

/** How long to wait before starting an engine that ended: longer each time, up to a bound, and for ever. */
export class RestartWaits {
  #nextMs = restartMsMin

  next(livedMs: number): number {
    const waitMs = livedMs >= livedWellMs ? restartMsMin : this.#nextMs
    this.#nextMs = Math.min(waitMs * 2, restartMsMax)
    return waitMs
  }
}
