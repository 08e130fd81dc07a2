import { Worker } from 'node:worker_threads'
import type { AccountId } from '@parley/domain/ids'
import type { SearchMessages } from '@parley/domain/messages'
import { Refusal } from '@parley/domain/refusal'
import type { SearchAnswer, SearchRequest, SearchSettings } from './protocol.ts'
import type { Found } from './searcher.ts'

const searchesWaitingMax = 1_000

interface Waiting {
  resolve: (found: Found) => void
  reject: (error: Error) => void
}

/** The main thread's end of the search thread. */
export class SearchClient {
  readonly #databasePath: string
  readonly #behind: (positions: number) => void
  readonly #writes = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | null
  #asked = 0
  #closed: (() => void) | null = null

  /** @param behind is told how many positions the index of words is behind the log, when that changes. */
  constructor(databasePath: string, behind: (positions: number) => void) {
    this.#databasePath = databasePath
    this.#behind = behind
    this.#worker = this.#start()
  }

  /** Says that so many writes have been committed. */
  wrote(writes: number): void {
    Atomics.add(this.#writes, 0, writes)
  }

  search(accountId: AccountId, query: SearchMessages): Promise<Found> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new Refusal('shutting-down', 'The server is stopping; try again in a moment')
      if (this.#waiting.size >= searchesWaitingMax) {
        throw new Refusal('too-many', 'Too many searches are waiting; try again in a moment')
      }
      this.#asked += 1
      this.#waiting.set(this.#asked, { resolve, reject })
      this.#ask({ kind: 'search', number: this.#asked, accountId, query })
    })
  }

  async close(): Promise<void> {
    const worker = this.#worker
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#closed = resolve
    if (!worker) return
    worker.ref()
    this.#ask({ kind: 'close' })
    await promise
  }

  #ask(request: SearchRequest): void {
    this.#worker ??= this.#start()
    this.#worker.postMessage(request)
  }

  #start(): Worker {
    const settings: SearchSettings = { databasePath: this.#databasePath, writes: this.#writes }
    const worker = new Worker(new URL('./search-worker.ts', import.meta.url), {
      name: 'search',
      workerData: settings,
      execArgv: [],
    })
    worker.unref()
    worker.on('message', (answer: SearchAnswer) => this.#take(answer))
    // What went wrong is told to those who wait; the next search finds a new thread.
    let failure = new Error('The search thread has ended')
    worker.on('error', (error) => {
      failure = new Error('The search thread has failed', { cause: error })
    })
    worker.on('exit', () => {
      this.#worker = null
      for (const { reject } of this.#waiting.values()) reject(failure)
      this.#waiting.clear()
      this.#closed?.()
    })
    return worker
  }

  #take(answer: SearchAnswer): void {
    if (answer.kind === 'behind') {
      this.#behind(answer.positions)
      return
    }
    const waiting = this.#waiting.get(answer.number)
    this.#waiting.delete(answer.number)
    if (answer.kind === 'found') waiting?.resolve({ json: answer.json, next: answer.next })
    else waiting?.reject(new Error(`A search failed: ${answer.reason}`))
  }
}
