import { parentPort } from 'node:worker_threads'

// A thread beside a store that cannot do what it is asked for, as on a full disk.
parentPort?.on('message', () => {
  throw new Error('The disk is full')
})
