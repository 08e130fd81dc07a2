import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Engine, openEngine } from '@parley/sync/engine'
import type { ServerPort } from '@parley/sync/ports'
import { SealedHistory } from './sealed-history.ts'

// What it takes longer to catch up on sealed messages than on plain ones, without a network; one after the other in one
// run, as machines differ, and the same one from one minute to the next.

const { values: flags } = parseArgs({
  options: {
    messages: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '5' },
    json: { type: 'string' },
  },
})
const messages = Number(flags.messages)
const runs = Number(flags.runs)
const ratioMax = 1.5
const lookEveryMs = 20
const key = new Uint8Array(32).fill(1)

interface Run {
  readonly ms: number
  /** Of all threads, and of the one that the screen asks. */
  readonly cpuMs: number
  readonly mainMs: number
  readonly longestLookMs: number
}

const open = (path: string, server: ServerPort): Engine =>
  openEngine({ path, key, connect: () => server, onDefect: (error) => console.error(error) })

const until = (engine: Engine, ask: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = () => {
      if (!ask()) return
      listening[Symbol.dispose]()
      resolve()
    }
    const listening = engine.onChange(look)
    look()
  })

const isUp = (engine: Engine): boolean => {
  const connection = engine.connection()
  return connection.kind === 'online' && connection.caughtUp
}

async function catchUp(folder: string, isSealed: boolean, run: number): Promise<Run> {
  const path = join(folder, `${isSealed ? 'sealed' : 'plain'} ${run}.db`)
  const history = new SealedHistory(isSealed)
  {
    await using engine = open(path, history.server)
    await until(engine, () => isUp(engine) && (!isSealed || engine.encryption().kind === 'ready'))
  }
  // The conversation is known, and somebody in it.
  await history.say(1)
  {
    await using engine = open(path, history.server)
    await until(engine, () => isUp(engine) && engine.conversation(history.id)?.sealing?.state !== 'waiting')
  }
  await history.say(messages)
  let longestLookMs = 0
  let wanted = performance.now()
  await using engine = open(path, history.server)
  const look = () => {
    engine.conversations()
    engine.timeline({ conversationId: history.id, at: { kind: 'newest' } })
    longestLookMs = Math.max(longestLookMs, performance.now() - wanted)
    wanted = performance.now() + lookEveryMs
    timer = setTimeout(look, lookEveryMs)
  }
  let timer = setTimeout(look, 0)
  const start = performance.now()
  const cpuStart = process.cpuUsage()
  const mainStart = process.threadCpuUsage()
  await until(engine, () => isUp(engine))
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(cpuStart)
  const main = process.threadCpuUsage(mainStart)
  clearTimeout(timer)
  const { items } = engine.timeline({ conversationId: history.id, at: { kind: 'newest' } })
  const closed = items.filter(({ content }) => content.kind !== 'plain').length
  if (items.length === 0 || closed > 0) throw new Error(`${closed} of ${items.length} messages are closed`)
  return { ms, cpuMs: (user + system) / 1_000, mainMs: (main.user + main.system) / 1_000, longestLookMs }
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) / 2)] ?? 0

const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'))
try {
  const plain: Run[] = []
  const sealed: Run[] = []
  for (let run = 0; run < runs; run += 1) {
    plain.push(await catchUp(folder, false, run))
    sealed.push(await catchUp(folder, true, run))
  }
  const of = (all: readonly Run[], which: keyof Run) => median(all.map((each) => each[which]))
  const ratio = of(sealed, 'ms') / of(plain, 'ms')
  const line = (name: string, all: readonly Run[]) =>
    `${name}: ${of(all, 'ms').toFixed(0)} ms (${of(all, 'cpuMs').toFixed(0)} of the processors, ${of(all, 'mainMs').toFixed(0)} of them its own thread), longest look ${of(all, 'longestLookMs').toFixed(0)} ms\n`
  process.stdout.write(
    `catching up on ${messages}, median of ${runs}\n${line('plain', plain)}${line('sealed', sealed)}`,
  )
  process.stdout.write(
    `sealed to plain: ${ratio.toFixed(2)}, at most ${ratioMax}: ${ratio <= ratioMax ? 'yes' : 'NO'}\n`,
  )
  if (flags.json !== undefined) {
    const budgets = [{ figure: 'sealed to plain', budget: `≤ ${ratioMax}`, met: ratio <= ratioMax }]
    const figures = { engine: { plain: of(plain, 'ms'), sealed: of(sealed, 'ms'), 'sealed to plain': ratio } }
    const title = `catching up on ${messages} sealed messages`
    const workloads = [{ name: 'sealed', title, budgets, figures }]
    writeFileSync(flags.json, `${JSON.stringify({ judged: 'engine', workloads }, null, 2)}\n`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
