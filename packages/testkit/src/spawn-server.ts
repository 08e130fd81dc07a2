import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { Lines } from './lines.ts'
import { serverBundle } from './server-bundle.ts'
import { unlimitedRates } from './start-server.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface SpawnOptions {
  /** Flags of settings without their dashes, on top of: a free port, open sign-up, and rates without limits. */
  readonly flags?: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
  /** A folder to go on with; else one of its own, that goes when the server is disposed of. */
  readonly data?: string
  /** What runs instead of the bundle of the sources on this Node: command and arguments before `serve`. */
  readonly command?: Command
}

type Command = readonly [string, ...string[]]

/** How a process ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** `parley serve` in a process of its own. */
export class SpawnedServer implements AsyncDisposable {
  readonly data: string
  readonly #options: SpawnOptions & { readonly command: Command; readonly data: string }
  readonly #folder: Disposable | null
  #running: Running

  constructor(
    options: SpawnOptions & { readonly command: Command; readonly data: string },
    folder: Disposable | null,
  ) {
    this.#options = options
    this.data = options.data
    this.#folder = folder
    this.#running = run(options)
  }

  get url(): string {
    return this.#running.url
  }

  get pid(): number {
    return this.#running.child.pid ?? 0
  }

  get stdout(): Lines {
    return this.#running.stdout
  }

  get stderr(): Lines {
    return this.#running.stderr
  }

  /** Resolves when the process has ended, and its output is read to the end. */
  get ended(): Promise<Ended> {
    return this.#running.ended
  }

  /** Resolves when it listens; rejects when it ends before. */
  async ready(): Promise<void> {
    const line = await this.stdout
      .find(() => true)
      .catch(async () => {
        const { code } = await this.ended
        throw new Error(`The server did not start (code ${code}):\n${this.stderr.text}`)
      })
    const [url] = /http:\/\/\S+/.exec(line) ?? []
    if (url === undefined) throw new Error(`The first line holds no address: ${line}`)
    this.#running.url = url
  }

  signal(signal: NodeJS.Signals): void {
    this.#running.child.kill(signal)
  }

  /** As when the machine takes the process away: nothing of it runs any more. */
  async kill(): Promise<Ended> {
    this.signal('SIGKILL')
    return this.ended
  }

  /** In order. */
  async stop(): Promise<Ended> {
    this.signal('SIGTERM')
    return this.ended
  }

  /** Starts again on the same data, once the process has ended. On the same port, as its clients expect. */
  async restart(): Promise<void> {
    await this.ended
    const port = new URL(this.url).port
    this.#running = run({ ...this.#options, flags: { ...this.#options.flags, port } })
    await this.ready()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
    this.#folder?.[Symbol.dispose]()
  }
}

interface Running {
  readonly child: ChildProcess
  readonly stdout: Lines
  readonly stderr: Lines
  readonly ended: Promise<Ended>
  url: string
}

function run({
  data,
  ...options
}: SpawnOptions & { readonly command: Command; readonly data: string }): Running {
  const [command, ...before] = options.command
  const flags = {
    port: '0',
    'sign-up': 'open',
    'rate-factor': String(unlimitedRates),
    data,
    ...options.flags,
  }
  const args = [...before, 'serve', ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)]
  const child = spawn(command, args, {
    env: { ...bareEnvironment(), ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return {
    child,
    stdout: new Lines(readable(child.stdout)),
    stderr: new Lines(readable(child.stderr)),
    ended: once(child, 'close').then(() => ({ code: child.exitCode, signal: child.signalCode })),
    url: '',
  }
}

/** What a program needs to run, and nothing that would be a setting of ours or news of npm. */
export function bareEnvironment(): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR, SystemRoot } = process.env
  return { PATH, HOME, TMPDIR, SystemRoot }
}

function readable(stream: Readable | null): Readable {
  if (stream === null) throw new Error('The process has no output')
  return stream
}

/** Starts `parley serve`, and waits until it listens. */
export async function spawnServer(options: SpawnOptions = {}): Promise<SpawnedServer> {
  const folder = options.data === undefined ? temporaryFolder() : null
  const command: Command = options.command ?? [process.execPath, await serverBundle()]
  const server = new SpawnedServer({ ...options, command, data: options.data ?? folder?.path ?? '' }, folder)
  try {
    await server.ready()
    return server
  } catch (error) {
    await server[Symbol.asyncDispose]()
    throw error
  }
}
