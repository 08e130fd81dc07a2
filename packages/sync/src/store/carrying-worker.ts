import { parentPort, workerData } from 'node:worker_threads'
import type { CarrierStart, CarrierWish } from './carrying.ts'
import type { Connection } from './ciphers.ts'
import { openBeside } from './connection.ts'

// The thread that `Carrying` starts: each time it is asked to, it carries what stands in the write-ahead log over.

const isStart = (data: unknown): data is CarrierStart =>
  typeof data === 'object' && data !== null && 'path' in data && 'key' in data

/** Takes what is in the log into the file, as far as nobody reads or writes there. @returns pages in the log */
function carryOver(connection: Connection): number {
  const [said]: readonly unknown[] = [connection.pragma('wal_checkpoint(passive)')].flat()
  const isSaid = typeof said === 'object' && said !== null && 'log' in said
  return isSaid ? Number(said.log) : 0
}

const port = parentPort
const start: unknown = workerData
if (!port || !isStart(start)) throw new Error('This is run as a thread, by a store')
const connection = openBeside(start.path, start.key)
port.on('message', (wish: CarrierWish) => {
  if (wish === 'carry') return port.postMessage(carryOver(connection))
  connection.close()
  port.close()
})
