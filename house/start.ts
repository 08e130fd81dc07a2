import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

// What `npm start` does: the server, and the app beside it where there is a display to show it on.

const root = join(import.meta.dirname, '..')
/** How soon after whoever started this has gone everything goes. */
const orphanCheckMs = 200

const children = new Set<ChildProcess>()
const given = process.argv.slice(2)
const serve = ['serve', ...(given.some((each) => /^--data\b/.test(each)) ? [] : ['--data', 'data']), ...given]

// Whoever presses Ctrl+C says so to all of them; this one waits until the others have ended.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal))
const starter = process.ppid
setInterval(() => process.ppid !== starter && end('SIGTERM'), orphanCheckMs).unref()

const server = start(process.execPath, [join(root, 'apps/server/bin/parley.js'), ...serve], {
  PARLEY_STARTED_BY: String(process.pid),
})
server.on('exit', (code) => {
  process.exitCode = code ?? 1
  end('SIGTERM')
})
const address = await addressOf(server)
if (address) startApp(address)

interface Address {
  readonly url: string
  /** Of the one-time link, which is printed while there is no account. */
  readonly secret: string | null
}

/** Passes on what the server prints, and reads where it listens. Null when it ends before. */
async function addressOf({ stdout }: ChildProcess): Promise<Address | null> {
  if (!stdout) return null
  const { promise, resolve } = Promise.withResolvers<Address | null>()
  let url = ''
  let secret: string | null = null
  const lines = createInterface(stdout)
  lines.on('line', (line) => {
    process.stdout.write(`${line}\n`)
    url = /^Parley listens at (\S+)/.exec(line)?.[1] ?? url
    secret = /#invite=([\w-]+)/.exec(line)?.[1] ?? secret
    // The link follows within the same write, when there is one.
    if (line.startsWith('Its data is')) setImmediate(() => resolve({ url, secret }))
  })
  lines.on('close', () => resolve(null))
  return promise
}

function startApp({ url, secret }: Address): void {
  const alone = `npm run app           # the app alone\n  npm run server        # the server alone`
  if (!hasDisplay()) {
    console.log(`There is no display here, so only the server was started. Elsewhere:\n  ${alone}`)
    return
  }
  console.log(`The app starts as well; closing it leaves the server running. Each by itself:\n  ${alone}`)
  const app = start(process.execPath, [
    join(root, 'apps/desktop/build/run.ts'),
    ...(secret === null ? [] : [`parley://join?server=${encodeURIComponent(url)}#${secret}`]),
  ])
  app.stdout?.pipe(process.stdout)
}

function hasDisplay(): boolean {
  if (process.platform === 'win32' || process.platform === 'darwin') return true
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'])
}

function start(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['inherit', 'pipe', 'inherit'],
  })
  children.add(child)
  child.on('exit', () => children.delete(child))
  return child
}

function end(signal: NodeJS.Signals): void {
  for (const child of children) child.kill(signal)
}
