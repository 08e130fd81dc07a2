import type { ChatLog } from './chat.ts'
import type { Clock } from './clock.ts'

/**
 * Facts that need not be written one by one, since the next replaces the last: collected by key, and written in one
 * go now and then. A crash loses what was collected since; callers hold only what may be lost.
 */
export class Batched<Key, Value> {
  #waiting = new Map<Key, Value>()
  #writing: Promise<void> = Promise.resolve()
  readonly #write: (batch: Map<Key, Value>) => Promise<void>
  readonly #timer: Disposable

  constructor(options: {
    name: string
    everyMs: number
    clock: Clock
    log: ChatLog
    write: (batch: Map<Key, Value>) => Promise<void>
  }) {
    this.#write = options.write
    this.#timer = options.clock.every(options.everyMs, () => {
      this.flush().catch((error: unknown) => options.log('batch-not-written', { batch: options.name, error }))
    })
  }

  set(key: Key, value: Value): void {
    this.#waiting.set(key, value)
  }

  /** What is not written yet. */
  get(key: Key): Value | undefined {
    return this.#waiting.get(key)
  }

  /** Resolves when everything set before is written. What cannot be written waits for the next time. */
  flush(): Promise<void> {
    const written = this.#writing.then(async () => {
      if (this.#waiting.size === 0) return
      const batch = this.#waiting
      this.#waiting = new Map()
      try {
        await this.#write(batch)
      } catch (error) {
        this.#waiting = new Map([...batch, ...this.#waiting])
        throw error
      }
    })
    this.#writing = written.catch(() => undefined)
    return written
  }

  async close(): Promise<void> {
    this.#timer[Symbol.dispose]()
    await this.flush()
  }
}
