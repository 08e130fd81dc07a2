import type { Clock } from '@parley/sync/ports'

interface Task {
  readonly at: number
  readonly order: number
  readonly call: () => void
}

const turnsMax = 50

/** Time that passes only from one event to the next. */
export class Scheduler implements Clock {
  #now = Date.UTC(2026, 0, 1)
  #order = 0
  readonly #tasks = new Set<Task>()

  now(): number {
    return this.#now
  }

  after(ms: number, call: () => void): Disposable {
    const task = { at: this.#now + Math.max(0, ms), order: (this.#order += 1), call }
    this.#tasks.add(task)
    return { [Symbol.dispose]: () => void this.#tasks.delete(task) }
  }

  /** Runs the next event, and everything that follows from it without waiting. @returns false when there is none. */
  async step(): Promise<boolean> {
    // An engine that takes several events takes a turn of the event loop for each.
    for (let turn = 0; this.#tasks.size === 0; turn += 1) {
      if (turn === turnsMax) return false
      await drained()
    }
    let next: Task | undefined
    for (const task of this.#tasks) {
      if (!next || task.at < next.at || (task.at === next.at && task.order < next.order)) next = task
    }
    if (!next) return false
    this.#tasks.delete(next)
    this.#now = Math.max(this.#now, next.at)
    next.call()
    await drained()
    return true
  }
}

/** Every promise that could go on has gone on. */
export const drained = () => new Promise<void>((resolve) => setImmediate(resolve))
