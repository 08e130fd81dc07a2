import { Refusal } from '@parley/domain/refusal'

/** Lets so many go at once, and the others wait in their order. */
export class Turns {
  readonly #atOnceMax: number
  readonly #waitingMax: number
  readonly #waiting: (() => void)[] = []
  #taken = 0

  constructor(atOnceMax: number, waitingMax: number) {
    this.#atOnceMax = atOnceMax
    this.#waitingMax = waitingMax
  }

  /** Resolves when it is one's turn, which lasts until it is disposed of. @throws Refusal `too-many`. */
  async take(): Promise<Disposable> {
    if (this.#taken < this.#atOnceMax) this.#taken += 1
    else {
      if (this.#waiting.length >= this.#waitingMax)
        throw new Refusal('too-many', 'Too much is asked for at once.')
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    return { [Symbol.dispose]: () => this.#leave() }
  }

  #leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#taken -= 1
  }
}
