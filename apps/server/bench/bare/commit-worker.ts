import { parentPort, workerData } from 'node:worker_threads'
import { openStore, type Said } from './store.ts'

const store = openStore(String(workerData))
parentPort?.on('message', (group: Said[]) => {
  store.commit(group)
  parentPort?.postMessage(group.length)
})
