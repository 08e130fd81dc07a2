import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { text } from 'node:stream/consumers'

/**
 * Runs seeds in as many processes as there are cores, and returns what those say that failed; each names its seed. A
 * process that ends in any other way is a failure too.
 */
export async function simulateInProcesses(first: number, seeds: number, steps: number): Promise<string[]> {
  const processes = Math.min(availableParallelism(), seeds)
  const share = Math.ceil(seeds / processes)
  const runs = Array.from({ length: processes }, async (_, index) => {
    const from = first + index * share
    const count = Math.min(share, first + seeds - from)
    if (count <= 0) return ''
    const script = new URL('main.ts', import.meta.url).pathname
    const args = [script, '--seed', String(from), '--seeds', String(count), '--steps', String(steps)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
    return code === 0 ? '' : `Of ${count} seeds from ${from} on (exit code ${String(code)}):\n${said}`
  })
  return (await Promise.all(runs)).filter((said) => said !== '')
}
