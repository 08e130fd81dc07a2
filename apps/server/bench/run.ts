import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureDisk } from './disk.ts'
import { type Measured, measure } from './measure.ts'
import { canPin } from './pinned.ts'
import { asJson, disturbances, table } from './report.ts'
import { defaultSides, sides } from './sides.ts'
import { workloads } from './workloads/index.ts'

const help = `npm run bench -- server [options]
  --only NAME,...   run these workloads: ${workloads.map(({ name }) => name).join(', ')}
  --sides NAME,...  measure these servers, the yardstick first: ${sides.map(({ name }) => name).join(', ')}
  --json FILE       write every figure, by name
  --profile FOLDER  write a CPU profile of each server
The data folders are below TMPDIR.
`

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    sides: { type: 'string', default: defaultSides },
    json: { type: 'string' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

/** Those of a list that were named, in the order in which they were; an unknown name ends the run. */
function named<T extends { name: string }>(list: readonly T[], names: string): T[] {
  return names.split(',').map((name) => {
    const found = list.find((one) => one.name === name)
    if (found === undefined) throw new Error(`'${name}' is none of ${list.map((one) => one.name).join(', ')}`)
    return found
  })
}

async function run(): Promise<void> {
  const chosen = flags.only === undefined ? workloads : named(workloads, flags.only)
  const servers = named(sides, flags.sides)
  const names = servers.map(({ name }) => name)
  const judged = names.at(-1) ?? ''
  const pin = canPin()
  if (!pin) process.stderr.write('No core can be set aside for the load: the figures will be low.\n')
  if (flags.profile !== undefined) mkdirSync(flags.profile, { recursive: true })

  const root = mkdtempSync(join(tmpdir(), 'parley-bench-'))
  process.on('exit', () => rmSync(root, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))

  const disk = await measureDisk(root)
  const measured: Measured[] = []
  for (const workload of chosen) {
    process.stderr.write(`${workload.title} …\n`)
    try {
      const having = servers.filter(({ name }) => workload.sides?.includes(name) ?? true)
      measured.push(await measure(workload, { root, sides: having, pin, profile: flags.profile }))
    } catch (error) {
      // The others still say something; the run as a whole has failed.
      process.exitCode = 1
      process.stderr.write(`${workload.name} failed: ${String(error)}\n`)
    }
  }
  process.stdout.write(`${table(measured, names, judged)}\n`)
  process.stdout.write(`fdatasync of 8 KiB: p50 ${disk.p50.toFixed(2)} ms, p99 ${disk.p99.toFixed(2)} ms\n`)
  const disturbed = measured.flatMap(disturbances)
  if (disturbed.length > 0)
    process.stdout.write(`Other programs took part of a core in: ${disturbed.join(', ')}\n`)
  if (flags.json !== undefined) writeFileSync(flags.json, asJson(measured, names, judged))
}

if (flags.help) process.stdout.write(help)
else await run()
