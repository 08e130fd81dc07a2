import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

export const serverCore = 0
export const loadCore = 1

/** Whether this machine can give the server and its load a core each; figures from one that cannot say little. */
export function canPin(): boolean {
  return availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0
}

export interface Pinned {
  /** The core it may use, and no other; null leaves that to the operating system. */
  core: number | null
  /** Arguments of node, the script among them. */
  args: readonly string[]
  /** Environment in addition to the bench's own. */
  env?: Record<string, string>
}

/** Starts a node process with an IPC channel; its standard error is the bench's own. */
export function startPinned({ core, args, env }: Pinned): ChildProcess {
  const command = core === null ? [] : ['taskset', '-c', String(core)]
  const [program = process.execPath, ...rest] = [...command, process.execPath, ...args]
  return spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
  })
}

/** Ends a child of ours and waits until it has gone. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const hurry = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await gone
  clearTimeout(hurry)
}
