import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { bareEnvironment } from '@parley/testkit/spawn-server'
import { Lines } from '@parley/testkit/lines'

/** Tests that start several processes, one after the other, on a machine that has other things to do. */
export const patience = { timeout: 120_000 }

/** A bot in a process of its own: a program of this folder. */
export function host(program: URL, where: { url: string; token: string; folder: string }) {
  const child = spawn(process.execPath, [program.pathname], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...bareEnvironment(),
      PARLEY_URL: where.url,
      PARLEY_TOKEN: where.token,
      PARLEY_FOLDER: where.folder,
    },
  })
  const ended = once(child, 'close').then(() => child.exitCode)
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return ended
  }
  return {
    lines: new Lines(child.stdout),
    ended,
    /** As when the machine takes the process away. */
    kill: () => end('SIGKILL'),
    /** In order. @returns the exit code */
    stop: () => end('SIGTERM'),
    [Symbol.asyncDispose]: async () => void (await end('SIGKILL')),
  }
}
