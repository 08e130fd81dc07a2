import type { Clock } from '../clock.ts'

/**
 * Values kept in memory under a secret, each for a while and to be taken once. At the limit the oldest goes, as most
 * of what waits was given up by its owner; so whoever floods this store shortens the time of others, and locks nobody
 * out.
 */
export class OneTime<Value> {
  readonly #clock: Clock
  readonly #keptMs: number
  readonly #itemsMax: number
  /** In the order of their expiry, as all are kept equally long. */
  readonly #waiting = new Map<string, { value: Value; expiresAt: number }>()

  constructor(options: { clock: Clock; keptMs: number; itemsMax: number }) {
    this.#clock = options.clock
    this.#keptMs = options.keptMs
    this.#itemsMax = options.itemsMax
  }

  get size(): number {
    return this.#waiting.size
  }

  put(key: string, value: Value): void {
    const now = this.#clock.now()
    for (const [oldKey, { expiresAt }] of this.#waiting) {
      if (expiresAt > now && this.#waiting.size < this.#itemsMax) break
      this.#waiting.delete(oldKey)
    }
    this.#waiting.set(key, { value, expiresAt: now + this.#keptMs })
  }

  /** @returns null when nothing waits under this key: never put, taken before, or expired. */
  take(key: string): Value | null {
    const found = this.#waiting.get(key)
    if (!found) return null
    this.#waiting.delete(key)
    return found.expiresAt > this.#clock.now() ? found.value : null
  }
}
