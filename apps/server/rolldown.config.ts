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

/**
 * tRPC ships its object spreads as calls of a helper for engines that have none, some fifteen for each call of a
 * procedure, and each several times as slow as what the engine does by itself.
 */
const nativeSpread: Plugin = {
  name: 'native-spread',
  transform: {
    filter: { id: /@trpc\/server\/dist/, code: /function _objectSpread2\(/ },
    handler(code) {
      const changed = code.replace(
        /function _objectSpread2\(e\) \{\n.*?\n\}/s,
        'function _objectSpread2(target, ...sources) { return Object.assign(target, ...sources) }',
      )
      if (changed === code) throw new Error('tRPC spreads objects in another way now: see nativeSpread')
      return { code: changed, map: null }
    },
  },
}

/** Bundled, because importing drizzle-orm as it is costs 180 MB and 290 ms; the native module stays outside. */
export const program: InputOptions = {
  input: { parley: 'src/main.ts' },
  platform: 'node',
  external: ['better-sqlite3'],
  plugins: [workers, nativeSpread],
}

export const output: OutputOptions = {
  dir: 'dist',
  cleanDir: true,
  format: 'esm',
  chunkFileNames: '[name].js',
}

export default defineConfig({ ...program, output: { ...output, sourcemap: true } })
