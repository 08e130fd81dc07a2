import { Worker } from 'node:worker_threads'
import type { Said, Store } from './store.ts'

/** Takes what was said and calls `committed` with each group once it is on disk. */
export interface Committer {
  add(said: Said): void
}

/** Everything that arrives in one turn of the event loop is one transaction, made in this thread. */
export function commitHere(store: Store, committed: (group: Said[]) => void): Committer {
  let waiting: Said[] = []
  const commit = (): void => {
    const group = waiting
    waiting = []
    store.commit(group)
    committed(group)
  }
  return {
    add(said) {
      if (waiting.push(said) === 1) setImmediate(commit)
    },
  }
}

/** The same in a worker: one group is under way at a time, and what arrives meanwhile is the next. */
export function commitInWorker(file: string, committed: (group: Said[]) => void): Committer {
  const worker = new Worker(new URL('commit-worker.ts', import.meta.url), { workerData: file })
  let waiting: Said[] = []
  let underWay: Said[] = []
  const post = (): void => {
    if (underWay.length > 0 || waiting.length === 0) return
    underWay = waiting
    waiting = []
    worker.postMessage(underWay)
  }
  worker.on('message', () => {
    const group = underWay
    underWay = []
    post()
    committed(group)
  })
  return {
    add(said) {
      if (waiting.push(said) === 1) setImmediate(post)
    },
  }
}
