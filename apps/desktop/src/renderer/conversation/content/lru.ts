/** What was made lately, so that it is not made again. The one unused for longest goes when there are too many. */
export class Lru<Key, Value> {
  readonly #entriesMax: number
  readonly #held = new Map<Key, Value>()

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax
  }

  get size(): number {
    return this.#held.size
  }

  get(key: Key): Value | undefined {
    const value = this.#held.get(key)
    if (value === undefined) return undefined
    // A map keeps the order in which keys came: the last one is the one used last.
    this.#held.delete(key)
    this.#held.set(key, value)
    return value
  }

  put(key: Key, value: Value): void {
    this.#held.delete(key)
    this.#held.set(key, value)
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= this.#entriesMax) return
      this.#held.delete(oldest)
    }
  }
}
