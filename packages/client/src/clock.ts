/** Time comes in from outside, so that tests hold it in their hands. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls once after `ms`, unless disposed before. */
  after(ms: number, call: () => void): Disposable
}

/** Its timers keep a Node process alive: a bot that waits for its server must not just end. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms)
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  },
}

/** Resolves after `ms`, or as soon as the signal aborts: whoever waits looks at the signal afterwards. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const end = () => {
      timer[Symbol.dispose]()
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = clock.after(ms, end)
    signal?.addEventListener('abort', end)
  })
}
