import { segmentsKeptMax, segmentsMergedMin } from '../limits.ts'
import { mergeWords } from '../store/search.ts'
import type { Store } from '../store/store.ts'

/**
 * Each transaction that adds words leaves a segment of the index, and a search looks into all of them. They are merged in
 * small steps while nothing else comes; while much comes that would take as long as taking it in.
 */
export class Merging {
  readonly #store: Store
  readonly #breathe: () => Promise<void>
  readonly #onDefect: (error: unknown) => void
  /** Segments that came since all were merged; a store that is opened may have some too. */
  #segments = segmentsMergedMin
  #isRunning = false
  #isOpen = false
  #running: Promise<void> | null = null

  constructor(options: { store: Store; breathe: () => Promise<void>; onDefect: (error: unknown) => void }) {
    this.#store = options.store
    this.#breathe = options.breathe
    this.#onDefect = options.onDefect
  }

  /** Part of a transaction that adds words. Where a very long history comes, merging cannot wait for its end. */
  added(): void {
    this.#segments += 1
    if (this.#segments > segmentsKeptMax) mergeWords(this.#store.connection)
  }

  /** Nothing more is to come for now. */
  open(): void {
    this.#isOpen = true
    if (this.#isRunning || this.#segments < segmentsMergedMin) return
    this.#isRunning = true
    this.#running = this.#run()
      .catch(this.#onDefect)
      .finally(() => {
        this.#isRunning = false
      })
  }

  /** Much may be about to come. */
  shut(): void {
    this.#isOpen = false
  }

  async close(): Promise<void> {
    this.shut()
    await this.#running
  }

  async #run(): Promise<void> {
    for (;;) {
      await this.#breathe()
      if (!this.#isOpen) return
      if (!this.#store.write(() => mergeWords(this.#store.connection))) break
    }
    this.#segments = 0
  }
}
