import { join } from 'node:path'
import { build } from 'rolldown'
import type { BuildOptions } from 'rolldown'

const room = join(import.meta.dirname, '..')

/** The native module is read from its folder, where its prebuilt binaries lie; Electron is there already. */
const external = ['electron', 'better-sqlite3-multiple-ciphers']

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
      build({ ...program, platform: 'node', external, logLevel: 'warn', write: true }),
    ),
  )
}
