import type { Clock } from '@parley/chat/clock'

interface Timer {
  at: number
  everyMs: number | null
  call: () => void
}

/** A clock that stands still until it is moved. */
export class FakeClock implements Clock {
  #now: number
  readonly #timers = new Set<Timer>()

  /** @param now milliseconds since 1970. */
  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  after(ms: number, call: () => void): Disposable {
    return this.#start(ms, null, call)
  }

  every(ms: number, call: () => void): Disposable {
    return this.#start(ms, ms, call)
  }

  /** How many timers wait: what was closed must leave none behind. */
  get waiting(): number {
    return this.#timers.size
  }

  /**
   * Moves time on and calls what falls due, in the order of time. What the calls have started but not awaited goes on
   * by itself: wait for what it leads to.
   */
  advance(ms: number): void {
    const end = this.#now + ms
    for (let timer = this.#next(end); timer !== undefined; timer = this.#next(end)) {
      this.#now = timer.at
      if (timer.everyMs === null) this.#timers.delete(timer)
      else timer.at += timer.everyMs
      timer.call()
    }
    this.#now = end
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer
    }
    return next
  }

  #start(ms: number, everyMs: number | null, call: () => void): Disposable {
    // A timer of 0 ms would never let `advance` come to its end.
    const timer = {
      at: this.#now + Math.max(1, ms),
      everyMs: everyMs === null ? null : Math.max(1, everyMs),
      call,
    }
    this.#timers.add(timer)
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) }
  }
}
