import { parentPort, workerData } from 'node:worker_threads'
import { isSettings } from './protocol.ts'
import type { SearchAnswer, SearchRequest, SearchSettings } from './protocol.ts'
import { SearchThread } from './thread.ts'

/** How long the thread rests when the index is as new as the log. */
const restMs = 500
/** When it is not, but the server has its hands full, it rests this many times as long as the last step took. */
const busyRestFactor = 19
const busyRestMsMax = 1_000
/** As many writes since the last step as make a server busy. */
const busyWrites = 100

/** The entry of the search thread; started as a worker, and by nothing else. */
export const runSearchWorker = (port: NonNullable<typeof parentPort>, settings: SearchSettings): void => {
  const thread = new SearchThread(settings.databasePath)
  const tell = (answer: SearchAnswer) => port.postMessage(answer)
  let seen = Atomics.load(settings.writes, 0)
  let timer: NodeJS.Timeout | undefined
  let told = -1

  const work = () => {
    const writes = Atomics.load(settings.writes, 0)
    const busy = writes - seen >= busyWrites
    const changed = writes !== seen || told !== 0
    seen = writes
    const from = performance.now()
    let done = true
    if (changed) {
      done = thread.index()
      thread.checkpoint()
      const behind = thread.behind
      if (behind !== told) tell({ kind: 'behind', positions: behind })
      told = behind
    }
    const busyRestMs = Math.min((performance.now() - from) * busyRestFactor, busyRestMsMax)
    timer = setTimeout(work, done ? restMs : busy ? busyRestMs : 0)
  }

  port.on('message', (request: SearchRequest) => {
    if (request.kind === 'close') {
      clearTimeout(timer)
      thread.close()
      port.close()
      return
    }
    const { number, accountId, query } = request
    try {
      tell({ kind: 'found', number, ...thread.search(accountId, query) })
    } catch (error) {
      tell({ kind: 'failed', number, reason: String(error) })
    }
  })
  work()
}

if (parentPort && isSettings(workerData)) runSearchWorker(parentPort, workerData)
