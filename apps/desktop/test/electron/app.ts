import { join } from 'node:path'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import type { BrowserWindow } from 'electron'
import { _electron, type ElectronApplication, type JSHandle, type Page } from 'playwright-core'
import { AppLog } from './app-log.ts'
import { isolated } from './isolation.ts'
import { room, sandboxArguments } from './runtime.ts'

interface LaunchOptions {
  /** The folder of a device that was there before. It is left in place; without it there is a new one, gone afterwards. */
  readonly userData?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** The app from its sources, in a window that can be driven. */
export interface RunningApp extends AsyncDisposable {
  readonly electron: ElectronApplication
  readonly page: Page
  /** The window as main knows it. */
  readonly window: JSHandle<BrowserWindow>
  readonly userData: string
  readonly log: AppLog
  /** Quits as a person does, and waits until the processes are gone. */
  quit(): Promise<void>
}

/**
 * Starts the app and waits for its first window.
 *
 * When it is disposed of, an error that nobody caught, in main, engine or page, fails the test; as does something that the
 * page's policy refused, unless the test took it from `log.problems`.
 */
export async function launchApp({ userData, args = [], env = {} }: LaunchOptions = {}): Promise<RunningApp> {
  const folder = userData === undefined ? temporaryFolder('parley-app') : null
  const device = userData ?? join(folder?.path ?? '', 'device')
  const electron = await _electron.launch({
    // Not told which program, Playwright takes what the npm package names, and holds the app back until it listens.
    args: [...sandboxArguments, `--user-data-dir=${device}`, room, ...args],
    chromiumSandbox: sandboxArguments.length === 0,
    env: { ...isolated(device), ...env },
    // The theme is the app's own, and not what Playwright would have it be.
    colorScheme: null,
  })
  const log = new AppLog()
  log.readProcess(electron.process())
  const page = await electron.firstWindow()
  log.readPage(page)
  const window: JSHandle<BrowserWindow> = await electron.browserWindow(page)
  let closed: Promise<void> | null = null
  const quit = () => (closed ??= electron.close())
  return {
    electron,
    page,
    window,
    userData: device,
    log,
    quit,
    async [Symbol.asyncDispose]() {
      await quit()
      folder?.[Symbol.dispose]()
      log.assertQuiet()
    },
  }
}
