import { Worker } from 'node:worker_threads'
import {
  carryCommits,
  carryIdleMs,
  carryWithinMs,
  pagesBeforeReset,
  pagesBesideThread,
  pagesInLog,
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

/** Takes what is in the log into the file, as far as nobody reads or writes there: it waits for nobody. @returns pages in the log */
export function carryOver(connection: Connection): number {
  const [said]: readonly unknown[] = [connection.pragma('wal_checkpoint(passive)')].flat()
  const isSaid = typeof said === 'object' && said !== null && 'log' in said
  return isSaid ? Number(said.log) : 0
}

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
  #isSecondTurn = false
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
    this.#carry(this.#thread, false)
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
      this.#limitLog(pagesInLog)
    })
    this.#limitLog(pagesBesideThread)
    return thread
  }

  #tell(thread: Worker, wish: CarrierWish): void {
    thread.postMessage(wish)
  }

  #carry(thread: Worker, isSecondTurn: boolean): void {
    this.#isSecondTurn = isSecondTurn
    this.#isUnderWay = true
    clearTimeout(this.#idle)
    this.#tell(thread, 'carry')
  }

  #carried(pages: number): void {
    this.#isUnderWay = false
    if (!this.#thread) return
    // The log begins anew once all of it was carried over, which beside who writes it never is. What came since is little
    // after a second turn, and is carried over here.
    if (pages > pagesBeforeReset && !this.#isSecondTurn) return this.#carry(this.#thread, true)
    if (this.#isSecondTurn) this.#carryRest()
    this.#isSecondTurn = false
    this.#idle = setTimeout(() => void this.#end(), carryIdleMs).unref()
  }

  #carryRest(): void {
    try {
      carryOver(this.#connection)
    } catch (error) {
      // As on a full disk. Everything is in the log still.
      this.#onDefect(error)
    }
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle)
    const thread = this.#thread
    if (!thread) return
    this.#thread = null
    this.#isUnderWay = false
    const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
    thread.ref()
    this.#tell(thread, 'end')
    await ended
    this.#limitLog(pagesInLog)
  }

  /** Where the log is longer after a commit, the commit carries it over. */
  #limitLog(pages: number): void {
    this.#connection.pragma(`wal_autocheckpoint = ${pages}`)
  }
}
