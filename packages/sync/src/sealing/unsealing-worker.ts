import { parentPort } from 'node:worker_threads'
import { nodePrimitives } from '@parley/crypto/node-primitives'
import { type Batch, type FromThread, unpacked } from './unsealing-batch.ts'
import { unsealAll } from './unseal-all.ts'

// The thread behind `Unsealing`. It imports as little as it can, as a first long batch waits for it.

const primitives = nodePrimitives()
const tell = (message: FromThread) => parentPort?.postMessage(message)

parentPort?.on('message', (batch: Batch) => {
  tell({ kind: 'done', number: batch.number, unsealed: unsealAll(primitives, unpacked(batch)) })
})
tell({ kind: 'up' })
