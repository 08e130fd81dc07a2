import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { pause, percentile } from './load/clock.ts'

const samples = 200
const between = 10
const bytes = Buffer.alloc(8192)

/** Milliseconds that the disk below a folder takes to keep two pages: no server on it can acknowledge faster. */
export async function measureDisk(folder: string): Promise<{ p50: number; p99: number }> {
  const path = join(folder, 'pages')
  const file = openSync(path, 'w')
  const times: number[] = []
  for (let sample = 0; sample < samples; sample++) {
    writeSync(file, bytes)
    const from = performance.now()
    fdatasyncSync(file)
    times.push(performance.now() - from)
    await pause(between)
  }
  closeSync(file)
  rmSync(path)
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
}
