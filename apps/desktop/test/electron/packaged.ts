import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { type Browser, chromium, type Page } from 'playwright-core'
import { isolated } from './isolation.ts'
import { room, sandboxArguments } from './runtime.ts'

/** The folder of the packaged app: what an installer would lay down. */
export const packagedFolder = join(room, 'release/out/linux-unpacked')
export const packagedProgram = join(packagedFolder, 'parley')

export interface PackagedApp extends AsyncDisposable {
  readonly page: Page
  readonly userData: string
  readonly process: ChildProcess
  /** The lines on its standard error output. */
  readonly said: readonly string[]
}

interface PackagedOptions {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/**
 * Starts the packaged program. Its fuses keep Playwright from its main process, as they would keep anybody; what is
 * driven is the page, by the debugging port of Chromium, which only an argument of whoever starts the app opens.
 */
export async function launchPackaged({ args = [], env = {} }: PackagedOptions = {}): Promise<PackagedApp> {
  const folder = temporaryFolder('parley-packaged')
  const userData = join(folder.path, 'device')
  const child = spawn(
    packagedProgram,
    [...sandboxArguments, `--user-data-dir=${userData}`, '--remote-debugging-port=0', ...args],
    { env: { ...isolated(userData), ...env }, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const said: string[] = []
  const address = await debuggingAddress(child, said)
  await pageIsThere(address)
  const browser = await chromium.connectOverCDP(address)
  return {
    page: await firstPage(browser),
    userData,
    process: child,
    said,
    async [Symbol.asyncDispose]() {
      await browser.close()
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit')
        child.kill('SIGTERM')
        await exited
      }
      folder[Symbol.dispose]()
    },
  }
}

function debuggingAddress(child: ChildProcess, said: string[]): Promise<string> {
  if (!child.stderr) throw new Error('The app was started without its standard error output')
  const lines = createInterface(child.stderr)
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line)
      const address = /^DevTools listening on (ws:\S+)$/.exec(line)?.[1]
      if (address !== undefined) resolve(address)
    })
    lines.once('close', () =>
      reject(new Error(`The packaged app ended before it could be driven:\n${said.join('\n')}`)),
    )
  })
}

/**
 * Waits until the window has gone to its page, which then has a title. Who attaches to it before can miss that it does.
 */
async function pageIsThere(address: string): Promise<void> {
  const socket = new WebSocket(address)
  try {
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('error', () => reject(new Error('The packaged app cannot be driven')))
      socket.addEventListener('open', () =>
        socket.send(
          JSON.stringify({ id: 1, method: 'Target.setDiscoverTargets', params: { discover: true } }),
        ),
      )
      socket.addEventListener('message', ({ data }) => {
        const { params } = JSON.parse(String(data)) as {
          params?: { targetInfo?: { url: string; title: string } }
        }
        const target = params?.targetInfo
        if (target?.url === 'app://parley/index.html' && target.title !== '') resolve()
      })
    })
  } finally {
    socket.close()
  }
}

async function firstPage(browser: Browser): Promise<Page> {
  const [context] = browser.contexts()
  if (!context) throw new Error('The packaged app has no context')
  return context.pages()[0] ?? context.waitForEvent('page')
}
