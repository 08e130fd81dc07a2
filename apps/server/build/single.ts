import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { build } from 'rolldown'
import { z } from 'zod'
import { output, program } from '../rolldown.config.ts'
import { version } from '../src/version.ts'

// Makes one executable of the server: Node, the bundle with its threads, and SQLite. `npm run build:single [FILE]`.

const here = dirname(import.meta.dirname)
const isWindows = process.platform === 'win32'
const executable = resolve(process.argv[2] ?? join(here, 'dist-single', isWindows ? 'parley.exe' : 'parley'))
const work = mkdtempSync(join(tmpdir(), 'parley-single-'))

try {
  const config = join(work, 'config.json')
  writeFileSync(config, JSON.stringify(await configuration()))
  mkdirSync(dirname(executable), { recursive: true })
  execFileSync(process.execPath, ['--build-sea', config], { stdio: 'inherit' })
  // An executable that was changed after it was signed does not start there.
  if (process.platform === 'darwin')
    execFileSync('codesign', ['--sign', '-', '--force', executable], { stdio: 'inherit' })
  console.log(`One file: ${executable}`)
} finally {
  rmSync(work, { recursive: true })
}

async function configuration() {
  const folder = join(work, 'program')
  await build({ ...program, cwd: here, output: { ...output, dir: folder } })
  const launcher = join(work, 'launcher.mjs')
  await build({
    cwd: here,
    input: 'src/single/launcher.ts',
    platform: 'node',
    output: { file: launcher, format: 'esm' },
  })
  // Node reads `.js` as a module by this.
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
  const assets = { ...filesOf(folder), ...sqlite() }
  const stamp = join(work, 'stamp')
  writeFileSync(stamp, `${version}-${digestOf(assets)}`)
  return {
    main: launcher,
    mainFormat: 'module',
    output: executable,
    executable: stripped(),
    disableExperimentalSEAWarning: true,
    assets: { ...assets, stamp },
  }
}

/** Node without its symbols, where the tool for that is at hand: it is smaller by a fifth. */
function stripped(): string {
  if (process.platform !== 'linux') return process.execPath
  const copy = join(work, 'node')
  copyFileSync(process.execPath, copy)
  const { error, status } = spawnSync('strip', [copy], { stdio: 'ignore' })
  return error === undefined && status === 0 ? copy : process.execPath
}

/** Paths in the folder, to where they lie. */
function filesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const paths = files.map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(paths.map((path) => [relative(folder, path).replaceAll('\\', '/'), path]))
}

/** The package as it is, but with the native code of this platform only. */
function sqlite(): Record<string, string> {
  const manifest = createRequire(import.meta.url).resolve('better-sqlite3/package.json')
  const folder = dirname(manifest)
  const native = `prebuilds/${platformName()}-${process.arch}.node`
  const names = [
    'package.json',
    native,
    ...Object.keys(filesOf(join(folder, 'lib'))).map((name) => `lib/${name}`),
  ]
  return Object.fromEntries(names.map((name) => [`node_modules/better-sqlite3/${name}`, join(folder, name)]))
}

/** As better-sqlite3 names its native code. */
function platformName(): string {
  const { header } = z
    .object({ header: z.object({ glibcVersionRuntime: z.string().optional() }) })
    .parse(process.report.getReport())
  return process.platform === 'linux' && header.glibcVersionRuntime === undefined
    ? 'linuxmusl'
    : process.platform
}

function digestOf(assets: Record<string, string>): string {
  const hash = createHash('sha256')
  for (const [name, path] of Object.entries(assets)) hash.update(name).update(readFileSync(path))
  return hash.digest('hex').slice(0, 16)
}
