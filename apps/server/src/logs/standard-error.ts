import pino from 'pino'
import type { LogTarget } from './log.ts'

/** Lines go out on another thread's time, as a slow reader of standard error must not hold up the sockets. */
export function standardError(): LogTarget {
  const destination = pino.destination({ dest: 2, sync: false })
  return {
    isTerminal: process.stderr.isTTY,
    write: (line) => void destination.write(line),
    flush: () => destination.flushSync(),
  }
}
