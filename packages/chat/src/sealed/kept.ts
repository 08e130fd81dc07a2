/** A bounded map: what was not asked for longest makes room. */
export class Kept<Key, Value> {
  readonly #itemsMax: number
  readonly #items = new Map<Key, Value>()

  constructor(itemsMax: number) {
    this.#itemsMax = itemsMax
  }

  get(key: Key): Value | undefined {
    const value = this.#items.get(key)
    if (value !== undefined) {
      this.#items.delete(key)
      this.#items.set(key, value)
    }
    return value
  }

  put(key: Key, value: Value): Value {
    this.#items.delete(key)
    this.#items.set(key, value)
    if (this.#items.size > this.#itemsMax) {
      for (const oldest of this.#items.keys()) {
        this.#items.delete(oldest)
        break
      }
    }
    return value
  }
}
