import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { room } from '../test/electron/runtime.ts'
import { worst } from './figures.ts'
import type { Measure } from './measures.ts'

const dist = join(room, 'dist/renderer')
const bytesPerKilobyte = 1_000

export const pageScripts: Measure = {
  name: 'scripts',
  title: 'the page’s scripts',
  async measure() {
    const page = readFileSync(join(dist, 'index.html'), 'utf8')
    const needed = new Set<string>()
    for (const [, script = ''] of page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g))
      follow(script, needed)
    const all = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.js'))
    const line = (figure: string, atMost: number | null) => ({ figure, unit: 'KB', atMost }) as const
    return [
      worst(line('before the first paint, compressed', 200), [sizeOf([...needed])]),
      worst(line('all of them, compressed', null), [sizeOf(all.map((name) => `assets/${name}`))]),
    ]
  },
}

/** What a script imports stands at its top, and is read before anything runs; `import()` is asked for later. */
function follow(script: string, needed: Set<string>): void {
  if (needed.has(script)) return
  needed.add(script)
  const text = readFileSync(join(dist, script), 'utf8')
  for (const [, name = ''] of text.matchAll(
    /(?:^|[;}\s])(?:import|export)\s*(?:[\w*{}\s,$]+from\s*)?"\.\/([^"]+\.js)"/g,
  )) {
    follow(`assets/${name}`, needed)
  }
}

const sizeOf = (scripts: readonly string[]): number =>
  scripts.reduce((all, script) => all + gzipSync(readFileSync(join(dist, script)), { level: 9 }).length, 0) /
  bytesPerKilobyte
