import { join } from 'node:path'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import type { InlineConfig } from 'vite'
import { early } from './early.ts'
import { noncePlaceholder } from '../src/main/page/policy.ts'

const room = join(import.meta.dirname, '..')

/** The page: hashed files below `assets`, and no script that stands in the page itself. */
export const page: InlineConfig = {
  configFile: false,
  root: join(room, 'src/renderer'),
  base: '/',
  logLevel: 'warn',
  plugins: [react(), tailwind(), early],
  html: { cspNonce: noncePlaceholder },
  build: {
    outDir: join(room, 'dist/renderer'),
    emptyOutDir: true,
    target: 'esnext',
    // Small files would be put into the page as `data:` addresses, which the policy allows images alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // What is read before anything runs is one file: each is a way to the main process and back.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } } },
    // What is loaded before the first paint has a budget in the benches; the rest is loaded from disk.
    chunkSizeWarningLimit: 1_000,
  },
}
