/** Time comes in from outside, so that tests hold it in their hands. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls once after `ms`, unless disposed before. Never keeps the process alive. */
  after(ms: number, call: () => void): Disposable
  /** Calls every `ms` until disposed. Never keeps the process alive. */
  every(ms: number, call: () => void): Disposable
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms).unref()
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  },
  every(ms, call) {
    const timer = setInterval(call, ms).unref()
    return { [Symbol.dispose]: () => clearInterval(timer) }
  },
}
