import { Worker } from 'node:worker_threads'
import {
  carryCommits,
  carryIdleMs,
  carryWithinMs,
  pagesBeforeReset,
  pagesBesideThread,
  pagesInLog,
  restMsMax,
} from '../limits.ts'
import type { Connection } from './ciphers.ts'

/** What the thread runs. */
export const carryingWorker = new URL('./carrying-worker.ts', import.meta.url)

/** What the thread opens. */
export interface CarrierStart {
  readonly path: string
  readonly key: Uint8Array
}

/** It ends when it has closed the store. */
export type CarrierWish = 'carry' | 'end'

/**
 * Each commit is on disk by the write-ahead log, which has to be carried over into the file now and then. By itself SQLite
 * does that in a commit, which then takes several times as long. While much is written a thread does it instead, beside
 * whoever writes and asks. What it does is of no consequence for what is on disk: without it, or when it dies, a commit does
 * it as before.
 */
export class Carrying {
  readonly #connection: Connection
  readonly #start: CarrierStart
  readonly #script: URL
  readonly #onDefect: (error: unknown) => void
  #thread: Worker | null = null
  #isUnderWay = false
  #rest: PromiseWithResolvers<void> | null = null
  #restEnd: NodeJS.Timeout | undefined
  /** Of a thread that was told to end. */
  #ended: Promise<void> = Promise.resolve()
  #commits = 0
  #since = 0
  #idle: NodeJS.Timeout | undefined
  #isGivenUp = false

  constructor(options: {
    readonly connection: Connection
    readonly start: CarrierStart
    readonly script: URL
    readonly onDefect: (error: unknown) => void
  }) {
    this.#connection = options.connection
    this.#start = options.start
    this.#script = options.script
    this.#onDefect = options.onDefect
  }

  /** After each commit. */
  wrote(): void {
    if (this.#isGivenUp) return
    if (this.#commits === 0) this.#since = performance.now()
    this.#commits += 1
    if (this.#commits < carryCommits || this.#isUnderWay) return
    const isMuch = performance.now() - this.#since < carryWithinMs
    this.#commits = 0
    if (!isMuch) return
    this.#thread ??= this.#begin()
    this.#carry(this.#thread)
  }

  /** Who writes much waits for this before the next commit, if it is there: it is a matter of milliseconds. */
  get rest(): Promise<void> | null {
    return this.#rest?.promise ?? null
  }

  /** The thread has let go of the store. */
  async close(): Promise<void> {
    this.#isGivenUp = true
    await this.#end()
  }

  #begin(): Worker {
    const thread = new Worker(this.#script, { workerData: this.#start, name: 'carrying', execArgv: [] })
    thread.unref()
    thread.on('message', (pages: unknown) => this.#carried(Number(pages)))
    thread.on('error', this.#onDefect)
    thread.once('exit', () => {
      if (this.#thread !== thread) return
      // It ended by itself.
      this.#isGivenUp = true
      this.#thread = null
      this.#letGoOn()
      this.#limitLog(pagesInLog)
    })
    this.#limitLog(pagesBesideThread)
    return thread
  }

  #tell(thread: Worker, wish: CarrierWish): void {
    thread.postMessage(wish)
  }

  #carry(thread: Worker): void {
    this.#isUnderWay = true
    clearTimeout(this.#idle)
    this.#tell(thread, 'carry')
  }

  #carried(pages: number): void {
    this.#isUnderWay = false
    const wasLast = this.#rest !== null
    this.#letGoOn()
    if (!this.#thread) return
    // The log begins anew once all of it was carried over, which beside who writes it never is: for little they can wait.
    if (pages > pagesBeforeReset && !wasLast) {
      this.#rest = Promise.withResolvers()
      this.#restEnd = setTimeout(() => this.#letGoOn(), restMsMax)
      return this.#carry(this.#thread)
    }
    this.#idle = setTimeout(() => void this.#end(), carryIdleMs).unref()
  }

  #letGoOn(): void {
    clearTimeout(this.#restEnd)
    this.#rest?.resolve()
    this.#rest = null
  }

  #end(): Promise<void> {
    clearTimeout(this.#idle)
    const thread = this.#thread
    if (!thread) return this.#ended
    this.#thread = null
    this.#isUnderWay = false
    this.#letGoOn()
    this.#ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
    thread.ref()
    this.#tell(thread, 'end')
    this.#limitLog(pagesInLog)
    return this.#ended
  }

  /** Where the log is longer after a commit, the commit carries it over. */
  #limitLog(pages: number): void {
    this.#connection.pragma(`wal_autocheckpoint = ${pages}`)
  }
}
