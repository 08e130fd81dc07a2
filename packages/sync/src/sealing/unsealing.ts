import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { ParleyError } from '@parley/client/parley-error'
import type { Primitives } from '@parley/crypto/primitives'
import type { SealedContent } from '@parley/crypto/unsealing'
import type { Clock } from '../ports.ts'
import { unsealAll } from './unseal-all.ts'
import { type FromThread, packed, type Unsealed } from './unsealing-batch.ts'

/** From so many on it is worth to let threads do it; fewer are done sooner than they can be sent. */
const contentsForThreadsMin = 64
const contentsPerBatch = 64
/** One is worked on while the other is on its way. */
const batchesPerThread = 2
/** Contents that are opened here in a step, at some 0.1 ms each. */
const contentsPerStep = 24
/** More do not help: storing what was opened takes as long as opening it in two. */
const threadsMax = 2
/** Threads take some megabytes, and are let go when nothing more comes. */
const idleMs = 10_000

export interface UnsealingSurroundings {
  readonly primitives: Primitives
  readonly clock: Clock
  readonly breathe: () => Promise<void>
  readonly onDefect: (error: unknown) => void
  readonly startThread?: (() => Worker) | undefined
}

interface Work {
  readonly contents: readonly SealedContent[]
  readonly done: (unsealed: readonly Unsealed[]) => void
  readonly failed: (error: unknown) => void
}

interface Thread {
  readonly worker: Worker
  readonly underWay: Map<number, Work>
  isUp: boolean
}

const startWorker = (): Worker =>
  new Worker(new URL('./unsealing-worker.ts', import.meta.url), { name: 'unsealing', execArgv: [] })

/**
 * Checks signatures and opens contents beside the engine's own thread where there are many, which is nearly all that opening
 * messages takes. A thread that dies takes nothing along: what it had is opened here.
 */
export class Unsealing {
  readonly #of: UnsealingSurroundings
  readonly #threads = new Set<Thread>()
  readonly #waiting: Work[] = []
  #number = 0
  #isHelping = false
  /** One of the threads died: there will be no more of them. */
  #isBroken = false
  #isClosed = false
  #idle: Disposable | null = null

  constructor(surroundings: UnsealingSurroundings) {
    this.#of = surroundings
  }

  /**
   * What became of each, in the same order.
   * @throws ParleyError `closed`
   */
  async all(contents: readonly SealedContent[]): Promise<Unsealed[]> {
    if (contents.length < contentsForThreadsMin) return this.#here(contents)
    const parts: Promise<readonly Unsealed[]>[] = []
    for (let first = 0; first < contents.length; first += contentsPerBatch) {
      const { promise, resolve, reject } = Promise.withResolvers<readonly Unsealed[]>()
      const part = contents.slice(first, first + contentsPerBatch)
      this.#waiting.push({ contents: part, done: resolve, failed: reject })
      parts.push(promise)
    }
    this.#send()
    return (await Promise.all(parts)).flat()
  }

  /** What is under way is given up. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#idle?.[Symbol.dispose]()
    const over = new ParleyError('closed', 'The store is being closed.')
    for (const { failed } of this.#waiting.splice(0)) failed(over)
    for (const { underWay } of this.#threads) {
      for (const { failed } of underWay.values()) failed(over)
      underWay.clear()
    }
    await this.#endThreads()
  }

  #send(): void {
    this.#idle?.[Symbol.dispose]()
    this.#idle = null
    this.#startThreads()
    for (const thread of this.#threads) {
      while (thread.isUp && thread.underWay.size < batchesPerThread) {
        const work = this.#waiting.shift()
        if (!work) break
        this.#post(thread, work)
      }
    }
    if (this.#waiting.length > 0 && ![...this.#threads].some(({ isUp }) => isUp)) void this.#help()
    const isIdle =
      this.#waiting.length === 0 && [...this.#threads].every(({ underWay }) => underWay.size === 0)
    if (isIdle && this.#threads.size > 0 && !this.#isClosed)
      this.#idle = this.#of.clock.after(idleMs, () => void this.#endThreads())
  }

  #post({ worker, underWay }: Thread, work: Work): void {
    this.#number += 1
    const batch = packed(this.#number, work.contents)
    underWay.set(batch.number, work)
    // Whoever waits for it keeps the process.
    worker.ref()
    worker.postMessage(batch)
  }

  #startThreads(): void {
    if (this.#isBroken || this.#isClosed || this.#waiting.length === 0) return
    const wanted = Math.min(threadsMax, availableParallelism())
    while (this.#threads.size < wanted) this.#start()
  }

  #start(): void {
    const worker = (this.#of.startThread ?? startWorker)()
    worker.unref()
    const thread: Thread = { worker, underWay: new Map(), isUp: false }
    this.#threads.add(thread)
    let cause: unknown = null
    worker.on('message', (message: FromThread) => this.#take(thread, message))
    worker.on('error', (error) => {
      cause = error
    })
    worker.on('exit', () => {
      if (this.#threads.delete(thread)) this.#lost(thread, cause)
    })
  }

  #take(thread: Thread, message: FromThread): void {
    if (message.kind === 'up') thread.isUp = true
    else {
      thread.underWay.get(message.number)?.done(message.unsealed)
      thread.underWay.delete(message.number)
      if (thread.underWay.size === 0) thread.worker.unref()
    }
    this.#send()
  }

  #lost({ underWay }: Thread, cause: unknown): void {
    this.#isBroken = true
    this.#of.onDefect(new Error('A thread that opens messages has died', { cause }))
    this.#waiting.unshift(...underWay.values())
    underWay.clear()
    this.#send()
  }

  async #endThreads(): Promise<void> {
    const threads = [...this.#threads]
    this.#threads.clear()
    await Promise.all(threads.map(({ worker }) => worker.terminate()))
  }

  /** Does what waits, while there is no thread to do it. */
  async #help(): Promise<void> {
    if (this.#isHelping) return
    this.#isHelping = true
    while (![...this.#threads].some(({ isUp }) => isUp)) {
      const work = this.#waiting.shift()
      if (!work) break
      await this.#here(work.contents).then(work.done, work.failed)
      await this.#of.breathe()
    }
    this.#isHelping = false
  }

  async #here(contents: readonly SealedContent[]): Promise<Unsealed[]> {
    const { primitives, breathe } = this.#of
    const done: Unsealed[] = []
    for (let first = 0; first < contents.length; first += contentsPerStep) {
      if (first > 0) await breathe()
      done.push(...unsealAll(primitives, contents.slice(first, first + contentsPerStep)))
    }
    return done
  }
}
