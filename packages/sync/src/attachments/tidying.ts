import { pagesFreedPerStep } from '../limits.ts'
import { dropUnneeded, hasUnneeded } from '../store/files.ts'
import type { Store } from '../store/store.ts'

/** Drops the bytes of files that nobody needs any more, a few at a time, so that nobody waits for it. */
export class Tidying {
  readonly #store: Store
  readonly #underWay: ReadonlySet<string>
  readonly #breathe: () => Promise<void>
  readonly #onDefect: (error: unknown) => void
  #running: Promise<void> | null = null
  #isRunning = false
  #again = false
  #closed = false

  constructor(options: {
    store: Store
    underWay: ReadonlySet<string>
    breathe: () => Promise<void>
    onDefect: (error: unknown) => void
  }) {
    this.#store = options.store
    this.#underWay = options.underWay
    this.#breathe = options.breathe
    this.#onDefect = options.onDefect
  }

  /** There may be something to drop. */
  pump(): void {
    this.#again = true
    if (this.#isRunning || this.#closed) return
    this.#isRunning = true
    this.#running = this.#run().catch(this.#onDefect)
  }

  /** Resolves when nothing is left to drop, and its room is given back to the disk. */
  async shrink(): Promise<void> {
    this.pump()
    await this.#running
    const { connection } = this.#store
    for (let free = this.#free(); free > 0 && !this.#closed;) {
      connection.pragma(`incremental_vacuum(${pagesFreedPerStep})`)
      await this.#breathe()
      if (this.#closed) return
      const left = this.#free()
      // A store of an older Parley keeps its room for itself.
      if (left >= free) return
      free = left
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#running
  }

  async #run(): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false
        for (let more = true; more;) {
          await this.#breathe()
          if (this.#closed) return
          more = this.#dropSome()
        }
      }
    } finally {
      this.#isRunning = false
    }
  }

  #dropSome(): boolean {
    const { connection } = this.#store
    return (
      hasUnneeded(connection, this.#underWay) &&
      this.#store.write(() => dropUnneeded(connection, this.#underWay))
    )
  }

  #free(): number {
    return Number(this.#store.connection.pragma('freelist_count', { simple: true }))
  }
}
