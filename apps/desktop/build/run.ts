import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'

// Runs the app that `npm run build` made. Electron is downloaded when it is asked for the first time.

const electron: unknown = createRequire(import.meta.url)('electron')
if (typeof electron !== 'string') throw new TypeError('Electron does not say where it is')

// Chromium refuses to run as root with its sandbox; people do not run it as root.
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
const app = spawn(electron, [...asRoot, dirname(import.meta.dirname), ...process.argv.slice(2)], {
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.kill(signal))
app.on('exit', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 0) : 1
})
