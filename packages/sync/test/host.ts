import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Lines } from '@parley/testkit/lines'

/** Has a process of its own send messages; resolves when it has said that all are kept. */
export async function host(args: readonly string[], count: number, file?: string) {
  const script = new URL('host-process.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, ...args, String(count), ...(file ? [file] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  const lines = new Lines(child.stdout)
  let seen = 0
  await lines.find(() => ++seen === count)
  return {
    ids: lines.all,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
