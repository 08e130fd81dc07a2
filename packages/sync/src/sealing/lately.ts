/**
 * A map of what came lately: it forgets what came longest ago, in halves, as looking for the oldest one takes longer the more
 * were dropped before it.
 */
export class Lately<Key, Value> {
  readonly #itemsMax: number
  #newer = new Map<Key, Value>()
  #older = new Map<Key, Value>()

  /** @param itemsMax what it holds at most; half of that it holds for certain */
  constructor(itemsMax: number) {
    this.#itemsMax = itemsMax
  }

  get(key: Key): Value | undefined {
    return this.#newer.get(key) ?? this.#older.get(key)
  }

  /** As what came last. */
  put(key: Key, value: Value): void {
    this.#newer.set(key, value)
    if (this.#newer.size * 2 < this.#itemsMax) return
    this.#older = this.#newer
    this.#newer = new Map()
  }

  clear(): void {
    this.#newer.clear()
    this.#older.clear()
  }
}
