import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const programNames: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
}

export const room = join(import.meta.dirname, '../..')

/**
 * The Electron that the tests run on: the folder that `ELECTRON_OVERRIDE_DIST_PATH` names, or else what the npm package
 * has downloaded.
 *
 * @throws when there is neither: tests of the app that did not start it would prove nothing
 */
export function electronProgram(): string {
  const folder = electronFolder()
  const program = join(folder, programNames[process.platform] ?? 'electron')
  if (existsSync(program)) return program
  throw new Error(
    `There is no Electron at ${program}. Run "npx install-electron", or set ELECTRON_OVERRIDE_DIST_PATH to the ` +
      'folder of an unpacked Electron release.',
  )
}

export function electronFolder(): string {
  const given = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  if (given) return given
  const require = createRequire(import.meta.url)
  return join(dirname(require.resolve('electron/package.json')), 'dist')
}

/** Chromium's sandbox refuses to run as root, as tests in containers do. */
export const sandboxArguments: readonly string[] = process.getuid?.() === 0 ? ['--no-sandbox'] : []

/** Before the first of these tests: a runtime, a display, and a build of the sources as they are now. */
export async function setup(): Promise<void> {
  electronProgram()
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    throw new Error('Tests of the app need a display: run them under "xvfb-run -a".')
  }
  // Vitest says that this is a test, and React would be built for one: what ships is what is driven.
  const env = { ...process.env, NODE_ENV: 'production' }
  await promisify(execFile)(process.execPath, [join(room, 'build/build.ts')], { cwd: room, env })
}
