import { basename, dirname, join } from 'node:path'
import { defineConfig } from 'rolldown'
import type { InputOptions, OutputOptions, Plugin } from 'rolldown'

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

/** Bundled, because importing drizzle-orm as it is costs 180 MB and 290 ms; the native module stays outside. */
export const program: InputOptions = {
  input: { parley: 'src/main.ts' },
  platform: 'node',
  external: ['better-sqlite3'],
  plugins: [workers],
}

export const output: OutputOptions = {
  dir: 'dist',
  cleanDir: true,
  format: 'esm',
  chunkFileNames: '[name].js',
}

export default defineConfig({ ...program, output: { ...output, sourcemap: true } })
