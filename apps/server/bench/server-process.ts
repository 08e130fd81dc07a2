import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { endChild, startPinned } from './pinned.ts'
import type { ProbeAnswer, ProbeQuestion } from './probe.ts'

export interface ServerProcess extends AsyncDisposable {
  /** What it printed on its first line. */
  address: string
  ask(about: ProbeQuestion['ask']): Promise<number>
}

export interface ServerStart {
  core: number | null
  /** Script and arguments. */
  args: readonly string[]
  env?: Record<string, string>
  /** Folder for a CPU profile, written when the server ends. */
  profile?: string | undefined
}

/** Starts a server with the probe in it, and waits for the address on its first line. */
export async function startServer({ core, args, env = {}, profile }: ServerStart): Promise<ServerProcess> {
  const probe = fileURLToPath(new URL('probe.ts', import.meta.url))
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  const child = startPinned({ core, args: ['--expose-gc', '--import', probe, ...profiling, ...args], env })
  if (child.stdout === null) throw new Error('the server has no output')
  const lines = createInterface({ input: child.stdout })
  const line = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve)
    child.once('exit', () => reject(new Error(`the server ended: ${args.join(' ')}`)))
  })
  const address = line.match(/https?:\/\/[^\s"]+/)?.[0]
  if (address === undefined) throw new Error(`no address on the server's first line: ${line}`)
  lines.on('line', () => {})

  return {
    address,
    ask: (about) =>
      new Promise((resolve) => {
        child.once('message', ({ answer }: ProbeAnswer) => resolve(answer))
        child.send({ ask: about } satisfies ProbeQuestion)
      }),
    async [Symbol.asyncDispose]() {
      await endChild(child)
    },
  }
}
