import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Run } from './catching-up.ts'
import { inMemory } from './sealed-in-memory.ts'
import { overServer, type Runs } from './sealed-over-server.ts'

// What it takes longer to catch up on sealed messages than on plain ones, by turns in one run, as machines differ, and the
// same one from one minute to the next.

const help = `npm run bench -- sealed [options]
  --messages NUMBER  how many come in one go (10000)
  --runs NUMBER      of each kind (9)
  --only NAME        memory: one conversation without a network; server: twenty, from a real server over a socket
  --json FILE        write every figure, by name
`

const { values: flags } = parseArgs({
  options: {
    messages: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '9' },
    only: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const messages = Number(flags.messages)
const runs = Number(flags.runs)

async function allInMemory(folder: string): Promise<Runs> {
  const measured: Runs = { plain: [], sealed: [] }
  for (let run = 0; run < runs; run += 1) {
    measured.plain.push(await inMemory(folder, false, messages, run))
    measured.sealed.push(await inMemory(folder, true, messages, run))
  }
  return measured
}

interface Measure {
  readonly name: string
  readonly title: string
  /** What is asked of it; what is only looked at has none. */
  readonly ratioMax?: number
  readonly run: (folder: string) => Promise<Runs>
}

const measures: readonly Measure[] = [
  {
    name: 'server',
    title: 'from a server, over a socket',
    ratioMax: 1.5,
    run: (folder) => overServer(folder, messages, runs),
  },
  // What the engine does alone: nothing is sent, and nothing parsed, which both would have to do.
  { name: 'memory', title: 'one conversation, without a network', run: allInMemory },
]

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) / 2)] ?? 0

const of = (all: readonly Run[], which: keyof Run) => median(all.map((each) => each[which]))

const line = (name: string, all: readonly Run[]) =>
  `  ${name.padEnd(7)} ${of(all, 'ms').toFixed(0).padStart(6)} ms; on processors ${of(all, 'cpuMs').toFixed(0)}, its own thread ${of(all, 'mainMs').toFixed(0)}; longest look ${of(all, 'longestLookMs').toFixed(0)}\n`

/** Of each sealed run to the plain one right before it, as the machine may have become another one by the next. */
const ratioOf = ({ plain, sealed }: Runs, which: keyof Run) =>
  median(sealed.map((run, at) => run[which] / (plain[at]?.[which] ?? Number.NaN)))

function report({ title, ratioMax }: Measure, measured: Runs) {
  const { plain, sealed } = measured
  const ratio = ratioOf(measured, 'ms')
  const met = ratioMax === undefined ? null : ratio <= ratioMax
  const judged = ratioMax === undefined ? '' : `, at most ${ratioMax}: ${met === true ? 'yes' : 'NO'}`
  process.stdout.write(`${title}\n${line('plain', plain)}${line('sealed', sealed)}`)
  process.stdout.write(
    `  sealed to plain: ${ratio.toFixed(2)}${judged}; of its own thread ${ratioOf(measured, 'mainMs').toFixed(2)}\n`,
  )
  return { ratio, met, plain: of(plain, 'ms'), sealed: of(sealed, 'ms') }
}

async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'))
  try {
    process.stdout.write(`catching up on ${messages}, medians of ${runs}\n`)
    const workloads = []
    for (const measure of measures.filter((each) => flags.only === undefined || each.name === flags.only)) {
      const { name, title, ratioMax } = measure
      const own = join(folder, name)
      mkdirSync(own)
      const { ratio, met, ...ms } = report(measure, await measure.run(own))
      if (met === false) process.exitCode = 1
      const budgets = met === null ? [] : [{ figure: 'sealed to plain', budget: `≤ ${ratioMax}`, met }]
      const figures = { engine: { ...ms, 'sealed to plain': ratio } }
      workloads.push({
        name: `sealed-${name}`,
        title: `catching up on ${messages} sealed messages, ${title}`,
        budgets,
        figures,
      })
    }
    if (flags.json !== undefined)
      writeFileSync(flags.json, `${JSON.stringify({ judged: 'engine', workloads }, null, 2)}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (flags.help) process.stdout.write(help)
else await bench()
