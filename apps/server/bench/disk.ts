import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pause, percentile } from './load/clock.ts'

const samples = 200
const between = 10
const bytes = Buffer.alloc(8192)

/** Milliseconds that the disk below the data folders takes to keep two pages: no server can acknowledge faster. */
export async function measureDisk(): Promise<{ p50: number; p99: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-disk-'))
  const file = openSync(join(folder, 'pages'), 'w')
  const times: number[] = []
  for (let sample = 0; sample < samples; sample++) {
    writeSync(file, bytes)
    const from = performance.now()
    fdatasyncSync(file)
    times.push(performance.now() - from)
    await pause(between)
  }
  closeSync(file)
  rmSync(folder, { recursive: true })
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
}
