import type { Entry } from '@parley/domain/stream'
import { entriesDuringLoadMax } from '../limits.ts'

/** What the stream has brought since a question was asked. Null once that was too much to keep. */
export interface Meanwhile extends Disposable {
  readonly entries: readonly Entry[] | null
}

/**
 * An answer of the server may be older than what the stream has brought by the time it is taken. Whoever asks keeps one
 * of these for as long as the answer is under way, and takes its entries again after the answer.
 */
export class Questions {
  readonly #open = new Set<{ entries: Entry[] | null }>()

  ask(): Meanwhile {
    const question: { entries: Entry[] | null } = { entries: [] }
    this.#open.add(question)
    return {
      get entries() {
        return question.entries
      },
      [Symbol.dispose]: () => void this.#open.delete(question),
    }
  }

  /** The stream brought these. */
  note(entries: readonly Entry[]): void {
    for (const question of this.#open) {
      if (question.entries === null) continue
      if (question.entries.length + entries.length > entriesDuringLoadMax) question.entries = null
      else question.entries.push(...entries)
    }
  }

  /** A new snapshot: no answer to an older question fits any more. */
  void(): void {
    for (const question of this.#open) question.entries = null
  }
}
