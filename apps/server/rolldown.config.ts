import { defineConfig } from 'rolldown'

/** One file, because importing drizzle-orm unbundled costs 180 MB and 290 ms; the native module stays outside of it. */
export default defineConfig({
  input: 'src/main.ts',
  platform: 'node',
  external: ['better-sqlite3'],
  output: { file: 'dist/parley.js', format: 'esm', sourcemap: true, codeSplitting: false },
})
