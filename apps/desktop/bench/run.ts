import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { LongHistory } from '@parley/testkit/long-history'
import { electronProgram } from '../test/electron/runtime.ts'
import { catchingUp } from './catching-up.ts'
import { asJson, table, type Workload } from './figures.ts'
import { launch } from './launch.ts'
import { makeLongStore } from './long-store.ts'
import type { Bench, Measure } from './measures.ts'
import { memory } from './memory.ts'
import { pageScripts } from './page-scripts.ts'
import { scrolling } from './scrolling.ts'
import { searching } from './searching.ts'
import { ownMessage, switching } from './switching.ts'

// What the app takes, as it is built, in real Electron, over a store of many messages.

const measures: readonly Measure[] = [
  pageScripts,
  launch,
  switching,
  ownMessage,
  searching,
  scrolling,
  catchingUp,
  memory,
]
const conversations = 200

const help = `npm run bench -- app [options]
  --only NAME,...   measure these: ${measures.map(({ name }) => name).join(', ')}
  --store FOLDER    makes the device there, or takes the one that is there; making it takes minutes
  --messages NUMBER how many that device holds (1000000), a tenth of them in one conversation
  --runs NUMBER     how often each is begun anew (3)
  --idle MINUTES    how long the app is left alone before its memory is looked at once more (1)
  --json FILE       write every figure, by name
  --profile FOLDER  write CPU profiles of the page
ELECTRON_OVERRIDE_DIST_PATH names the folder of an Electron other than the one that npm brought.
`

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    store: { type: 'string' },
    messages: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '3' },
    idle: { type: 'string', default: '1' },
    json: { type: 'string' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const hasDisplay = (): boolean =>
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])

function named(names: string): Measure[] {
  return names.split(',').map((name) => {
    const found = measures.find((one) => one.name === name)
    if (!found) throw new Error(`'${name}' is none of ${measures.map((one) => one.name).join(', ')}`)
    return found
  })
}

async function run(userData: string): Promise<void> {
  const chosen = flags.only === undefined ? measures : named(flags.only)
  const messages = Number(flags.messages)
  const history = new LongHistory({ messages, conversations, inFirst: Math.floor(messages / 10) })
  if (chosen.some((one) => one !== pageScripts && one !== catchingUp)) {
    process.stderr.write(`A device with ${messages.toLocaleString('en')} messages …\n`)
    await makeLongStore(userData, history)
  }
  const bench: Bench = {
    userData,
    history,
    runs: Number(flags.runs),
    idleMinutes: Number(flags.idle),
    profile: flags.profile ?? null,
  }
  const workloads: Workload[] = []
  for (const { name, title, measure } of chosen) {
    const [load = 0] = loadavg()
    process.stderr.write(`${title} … (load of the machine before it: ${load.toFixed(1)})\n`)
    try {
      workloads.push({ name, title, figures: await measure(bench) })
    } catch (error) {
      // The others still say something; the run as a whole has failed.
      process.exitCode = 1
      process.stderr.write(`${name} failed: ${String(error)}\n`)
    }
  }
  process.stdout.write(`${table(workloads)}\n`)
  if (flags.json !== undefined) writeFileSync(flags.json, asJson(workloads))
}

if (flags.help) process.stdout.write(help)
else if (!hasDisplay()) {
  process.stdout.write('The app was left out, as there is no display: run this under "xvfb-run -a".\n')
} else {
  electronProgram()
  const folder = flags.store ?? mkdtempSync(join(tmpdir(), 'parley-bench-'))
  mkdirSync(folder, { recursive: true })
  try {
    await run(folder)
  } finally {
    if (flags.store === undefined) rmSync(folder, { recursive: true, force: true })
  }
}
