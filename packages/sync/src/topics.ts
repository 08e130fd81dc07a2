import type { Topic } from './views.ts'

type Listener = (topics: ReadonlySet<Topic>) => void

/** Gathers what has changed, and tells it once when the work of the moment is done: each topic once. */
export class Topics {
  readonly #listeners = new Set<Listener>()
  #touched = new Set<Topic>()

  touch(topic: Topic): void {
    if (this.#touched.size === 0) queueMicrotask(() => this.#tell())
    this.#touched.add(topic)
    // What is unread is of the list.
    if (topic === 'conversations') this.#touched.add('badge')
  }

  listen(listener: Listener): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  #tell(): void {
    const touched = this.#touched
    this.#touched = new Set()
    for (const listener of [...this.#listeners]) listener(touched)
  }
}
