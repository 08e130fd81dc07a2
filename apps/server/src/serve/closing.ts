import type { Log } from '../logs/log.ts'

interface Step {
  readonly name: string
  close(): Promise<void>
}

/** What has been opened, to be closed in the opposite order. One that fails to close does not keep the others open. */
export class Closing {
  readonly #steps: Step[] = []
  readonly #log: Log
  #closed: Promise<void> | null = null

  constructor(log: Log) {
    this.#log = log
  }

  get hasBegun(): boolean {
    return this.#closed !== null
  }

  add(name: string, close: () => Promise<void>): void {
    this.#steps.push({ name, close })
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    for (const step of this.#steps.toReversed()) {
      try {
        await step.close()
      } catch (error) {
        this.#log('error', 'close-failed', { reason: step.name, error })
      }
    }
  }
}
