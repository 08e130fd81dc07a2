/** A value that others watch. */
export class Changing<Value> {
  #value: Value
  readonly #listeners = new Set<(value: Value) => void>()

  constructor(value: Value) {
    this.#value = value
  }

  get value(): Value {
    return this.#value
  }

  set(value: Value): void {
    this.#value = value
    for (const listener of [...this.#listeners]) listener(value)
  }

  onChange(listener: (value: Value) => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) }
  }

  /** The value now and after each change, until the signal; who reads slowly skips to the newest. */
  async *watch(signal: AbortSignal | undefined): AsyncGenerator<Value, void> {
    let wake: () => void = () => undefined
    let changed = true
    const wakeUp = () => wake()
    using _listening = this.onChange(() => {
      changed = true
      wake()
    })
    signal?.addEventListener('abort', wakeUp, { once: true })
    try {
      while (!signal?.aborted) {
        if (changed) {
          changed = false
          yield this.#value
        } else {
          // No change can come between the look above and this promise: both are in one turn.
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
    } finally {
      signal?.removeEventListener('abort', wakeUp)
    }
  }
}
