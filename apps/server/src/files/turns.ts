interface Line {
  yields: (() => void) | undefined
  readonly waiting: { readonly yields: (() => void) | undefined; readonly start: () => void }[]
}

/**
 * One at a time for each key, in the order of asking. Whoever holds a turn is told when another wants it: a client
 * that lost its connection comes back on a new one while the server still listens to the old.
 */
export class Turns {
  readonly #lines = new Map<string, Line>()

  /** Resolves when it is the caller's turn, which lasts until it is disposed. `yields` asks the caller to hurry. */
  take(key: string, yields?: () => void): Promise<Disposable> {
    const line = this.#lines.get(key)
    if (!line) {
      this.#lines.set(key, { yields, waiting: [] })
      return Promise.resolve(this.#turn(key))
    }
    line.yields?.()
    return new Promise((resolve) => {
      line.waiting.push({ yields, start: () => resolve(this.#turn(key)) })
    })
  }

  /** Null when it is somebody's turn already. */
  tryTake(key: string): Disposable | null {
    if (this.#lines.has(key)) return null
    this.#lines.set(key, { yields: undefined, waiting: [] })
    return this.#turn(key)
  }

  #turn(key: string): Disposable {
    let over = false
    return {
      [Symbol.dispose]: () => {
        if (over) return
        over = true
        this.#next(key)
      },
    }
  }

  #next(key: string): void {
    const line = this.#lines.get(key)
    const next = line?.waiting.shift()
    if (!line || !next) {
      this.#lines.delete(key)
      return
    }
    line.yields = next.yields
    next.start()
    if (line.waiting.length > 0) next.yields?.()
  }
}
