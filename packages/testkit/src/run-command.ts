import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Lines } from './lines.ts'
import { serverBundle } from './server-bundle.ts'
import { bareEnvironment } from './spawn-server.ts'

export interface CommandResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a `parley` command to its end. @param input what it finds on its standard input. */
export async function runCommand(
  args: readonly string[],
  options: {
    readonly input?: string
    readonly environment?: Readonly<Record<string, string>>
    readonly folder?: string
  } = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [await serverBundle(), ...args], {
    env: { ...bareEnvironment(), ...options.environment },
    cwd: options.folder,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const stdout = new Lines(child.stdout)
  const stderr = new Lines(child.stderr)
  // A command that does not read its input may be gone before it is written.
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  await once(child, 'close')
  return { code: child.exitCode, stdout: stdout.text, stderr: stderr.text }
}
