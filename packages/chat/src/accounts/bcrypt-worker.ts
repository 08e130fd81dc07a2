import { parentPort } from 'node:worker_threads'
import { compareSync } from 'bcryptjs'

// A thread has arguments of its own, which no other process sees.
const [password = '', hash = ''] = process.argv.slice(2)
parentPort?.postMessage(compareSync(password, hash))
