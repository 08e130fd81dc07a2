import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** The lines of a stream as they come, all of them kept. */
export class Lines {
  readonly all: string[] = []
  #ended = false
  readonly #waiting = new Set<() => void>()

  constructor(stream: Readable) {
    const reader = createInterface({ input: stream })
    reader.on('line', (line) => {
      this.all.push(line)
      this.#wake()
    })
    reader.on('close', () => {
      this.#ended = true
      this.#wake()
    })
  }

  get text(): string {
    return this.all.join('\n')
  }

  /** The first line that fits, there already or still to come. @throws when the stream ends without one. */
  async find(fits: (line: string) => boolean): Promise<string> {
    for (let at = 0; ; at += 1) {
      while (at >= this.all.length) {
        if (this.#ended) throw new Error(`No such line came. These did:\n${this.text}`)
        await new Promise<void>((resolve) => this.#waiting.add(resolve))
      }
      const line = this.all[at]
      if (line !== undefined && fits(line)) return line
    }
  }

  #wake(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of waiting) wake()
  }
}
