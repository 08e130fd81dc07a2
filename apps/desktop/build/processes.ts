import { basename, dirname, join } from 'node:path'
import { build } from 'rolldown'
import type { BuildOptions, Plugin } from 'rolldown'

const room = join(import.meta.dirname, '..')

/** Native modules are read from their folders, where their prebuilt binaries lie; Electron is there already. */
const external = ['electron', 'better-sqlite3-multiple-ciphers', 'sodium-native']

/**
 * Threads are started from files of their own: `new Worker(new URL('./x-worker.ts', import.meta.url))`. Each becomes
 * a chunk `x-worker.js` beside the bundle, and the address is changed to that.
 */
const workers: Plugin = {
  name: 'workers',
  transform: {
    filter: { code: /-worker\.ts', import\.meta\.url/ },
    handler(code, importer) {
      const changed = code.replaceAll(
        /new URL\('([\w./-]+-worker)\.ts', import\.meta\.url\)/g,
        (_, path: string) => {
          const fileName = `${basename(path)}.js`
          this.emitFile({ type: 'chunk', id: join(dirname(importer), `${path}.ts`), fileName })
          return `new URL('./${fileName}', import.meta.url)`
        },
      )
      return { code: changed, map: null }
    },
  },
}

const esm = { format: 'esm', cleanDir: true, chunkFileNames: '[name].js', sourcemap: true } as const

/** The programs beside the page. Their errors show our own lines, by the source maps. */
const programs: readonly BuildOptions[] = [
  {
    input: { main: join(room, 'src/main/main.ts') },
    output: { ...esm, dir: join(room, 'dist/main') },
  },
  {
    input: { main: join(room, 'src/engine/main.ts') },
    output: { ...esm, dir: join(room, 'dist/engine') },
  },
  {
    // A sandboxed preload is one script, and no module.
    input: { preload: join(room, 'src/preload/preload.ts') },
    output: { dir: join(room, 'dist/preload'), cleanDir: true, format: 'cjs', entryFileNames: '[name].cjs' },
  },
]

export async function buildProcesses(): Promise<void> {
  await Promise.all(
    programs.map((program) =>
      build({ ...program, platform: 'node', external, plugins: [workers], logLevel: 'warn', write: true }),
    ),
  )
}
