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
  --runs NUMBER      of each kind (5)
  --only NAME        memory: one conversation without a network; server: twenty, from a real server over a socket
  --json FILE        write every figure, by name
`

const { values: flags } = parseArgs({
  options: {
    messages: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '5' },
    only: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const messages = Number(flags.messages)
const runs = Number(flags.runs)
const ratioMax = 1.5

async function allInMemory(folder: string): Promise<Runs> {
  const measured: Runs = { plain: [], sealed: [] }
  for (let run = 0; run < runs; run += 1) {
    measured.plain.push(await inMemory(folder, false, messages, run))
    measured.sealed.push(await inMemory(folder, true, messages, run))
  }
  return measured
}

const measures = [
  {
    name: 'server',
    title: 'from a server, over a socket',
    run: (folder: string) => overServer(folder, messages, runs),
  },
  { name: 'memory', title: 'one conversation, without a network', run: allInMemory },
]

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) / 2)] ?? 0

const of = (all: readonly Run[], which: keyof Run) => median(all.map((each) => each[which]))

const line = (name: string, all: readonly Run[]) =>
  `  ${name.padEnd(7)} ${of(all, 'ms').toFixed(0).padStart(6)} ms; on processors ${of(all, 'cpuMs').toFixed(0)}, its own thread ${of(all, 'mainMs').toFixed(0)}; longest look ${of(all, 'longestLookMs').toFixed(0)}\n`

function report(title: string, { plain, sealed }: Runs) {
  const ratio = of(sealed, 'ms') / of(plain, 'ms')
  const main = of(sealed, 'mainMs') / of(plain, 'mainMs')
  const met = ratio <= ratioMax
  process.stdout.write(`${title}\n${line('plain', plain)}${line('sealed', sealed)}`)
  process.stdout.write(
    `  sealed to plain: ${ratio.toFixed(2)}, at most ${ratioMax}: ${met ? 'yes' : 'NO'}; of its own thread ${main.toFixed(2)}\n`,
  )
  return { ratio, met, plain: of(plain, 'ms'), sealed: of(sealed, 'ms') }
}

async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'))
  try {
    process.stdout.write(`catching up on ${messages}, medians of ${runs}\n`)
    const workloads = []
    for (const { name, title, run } of measures.filter(
      (each) => flags.only === undefined || each.name === flags.only,
    )) {
      const own = join(folder, name)
      mkdirSync(own)
      const { ratio, met, ...ms } = report(title, await run(own))
      if (!met) process.exitCode = 1
      const budgets = [{ figure: 'sealed to plain', budget: `≤ ${ratioMax}`, met }]
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
