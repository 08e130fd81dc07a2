import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')

/** Stands in for the bundle: says who it is, then waits for a signal or ends as it is told. */
const program = `
import { writeSync } from 'node:fs'
const say = (fields) => writeSync(1, JSON.stringify(fields) + '\\n')
process.on('SIGTERM', () => { say({ signal: 'SIGTERM' }); process.exit(7) })
say({ node: process.versions.node, pid: process.pid, args: process.argv.slice(2) })
if (process.argv[2] === 'exit') process.exit(Number(process.argv[3]))
setInterval(() => {}, 1_000_000)
`

/** The machine's own Node where it is old enough, else the right one that poses as Node 20. */
const oldNode = machineNode() ?? {
  command: process.execPath,
  args: ['--import', `data:text/javascript,${encodeURIComponent(posing('20.0.0'))}`],
}

let folder = ''
let bin = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-bin-'))
  bin = join(folder, 'bin/parley.js')
  cpSync(join(root, 'apps/server/bin/parley.js'), bin)
  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, 'dist/parley.js'), program)
  writeFileSync(
    join(folder, 'package.json'),
    '{ "name": "bin-under-test", "version": "0.0.0", "type": "module" }',
  )
  mkdirSync(binaries(), { recursive: true })
  symlinkSync(join(root, 'node_modules/node'), join(folder, 'node_modules/node'), 'junction')
  symlinkSync(process.execPath, join(binaries(), 'node'))
  symlinkSync(bin, join(binaries(), 'parley'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('under an old Node', () => {
  test('the program runs on the Node of the workspace, with its arguments', async () => {
    const run = start(oldNode.command, [...oldNode.args, bin, 'wait', '--port', '0'])
    const first = await run.line()
    expect(first).toMatchObject({ node: process.versions.node, args: ['wait', '--port', '0'] })
  })

  test('its exit code comes back', async () => {
    const run = start(oldNode.command, [...oldNode.args, bin, 'exit', '3'])
    expect(await run.ended).toEqual({ code: 3, signal: null })
  })

  test('a signal reaches it, and its answer comes back', async () => {
    const run = start(oldNode.command, [...oldNode.args, bin, 'wait'])
    await run.line()
    run.process.kill('SIGTERM')
    expect(await run.line()).toEqual({ signal: 'SIGTERM' })
    expect(await run.ended).toEqual({ code: 7, signal: null })
  })

  test('a kill -9 of the program shows in how its starter ends', async () => {
    const run = start(oldNode.command, [...oldNode.args, bin, 'wait'])
    process.kill(pidIn(await run.line()), 'SIGKILL')
    expect(await run.ended).toEqual({ code: null, signal: 'SIGKILL' })
  })

  test('a kill -9 of the starter takes the program with it', async () => {
    const run = start(oldNode.command, [...oldNode.args, bin, 'wait'])
    await run.line()
    run.process.kill('SIGKILL')
    expect(await run.silent).toEqual([null, 'SIGKILL'])
  })
})

describe('under the right Node', () => {
  test('there is no process but the program', async () => {
    const run = start(process.execPath, [bin, 'wait'])
    expect(pidIn(await run.line())).toBe(run.process.pid)
  })

  test('#!/usr/bin/env node finds it where the binaries of the workspace come first', async () => {
    const run = start(bin, ['wait'], { PATH: [binaries(), process.env['PATH']].join(delimiter) })
    expect(await run.line()).toMatchObject({ node: process.versions.node, pid: run.process.pid })
  })
})

describe('under npx', () => {
  test('the program runs on the Node of the workspace', async () => {
    const run = startWithNpx()
    expect(await run.line()).toMatchObject({ node: process.versions.node, args: ['wait', '--port', '0'] })
  })

  test('a SIGTERM to npx stops the program in order', async () => {
    const run = startWithNpx()
    await run.line()
    run.process.kill('SIGTERM')
    expect(await run.line()).toEqual({ signal: 'SIGTERM' })
    await run.silent
  })

  test('a kill -9 of npx takes the program with it', async () => {
    const run = startWithNpx()
    await run.line()
    run.process.kill('SIGKILL')
    expect(await run.line()).toBeUndefined()
    await run.silent
  })
})

function startWithNpx(): Run {
  return start('npx', ['--offline', 'parley', 'wait', '--port', '0'], { PATH: pathOfMachine() })
}

/** What the PATH is before npm puts the workspace's binaries first. */
function pathOfMachine(): string {
  const places = (process.env['PATH'] ?? '').split(delimiter)
  return places.filter((place) => !place.includes('node_modules')).join(delimiter)
}

function posing(version: string): string {
  return `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
}

function machineNode(): { command: string; args: string[] } | undefined {
  for (const place of (process.env['PATH'] ?? '').split(delimiter)) {
    const command = join(place, 'node')
    try {
      accessSync(command)
      const major = Number.parseInt(execFileSync(command, ['--version'], { encoding: 'utf8' }).slice(1), 10)
      if (major >= 18 && major < 26) return { command, args: [] }
    } catch {
      continue
    }
  }
  return undefined
}

function binaries(): string {
  return join(folder, 'node_modules/.bin')
}

function start(command: string, args: readonly string[], env: Record<string, string> = {}): Run {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))
  return new Run(
    spawn(command, args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...Object.fromEntries(inherited), ...env },
      detached: true,
    }),
  )
}

/** Ends with its test, also with one that waited in vain and never got to its last line. */
class Run {
  readonly process: ChildProcess
  readonly ended: Promise<{ code: number | null; signal: string | null }>
  /** Settles once every process that writes to the same pipe is gone. */
  readonly silent: Promise<unknown>
  readonly #lines: AsyncIterator<string>

  constructor(child: ChildProcess & { readonly stdout: NonNullable<ChildProcess['stdout']> }) {
    this.process = child
    this.ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
    this.silent = once(child, 'close')
    this.#lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    onTestFinished(() => this.#end())
  }

  async line(): Promise<unknown> {
    const next = await this.#lines.next()
    return next.done ? undefined : JSON.parse(next.value)
  }

  async #end(): Promise<void> {
    try {
      // A detached process leads a group, and whatever it left behind is in that group.
      process.kill(-Number(this.process.pid), 'SIGKILL')
    } catch {
      // Nothing was left behind.
    }
    await this.silent
  }
}

function pidIn(line: unknown): number {
  return typeof line === 'object' && line !== null && 'pid' in line ? Number(line.pid) : Number.NaN
}
