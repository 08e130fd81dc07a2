import { parentPort } from 'node:worker_threads'

// A thread beside a store that is never done.
parentPort?.on('message', (wish) => {
  if (wish === 'end') parentPort?.close()
})
