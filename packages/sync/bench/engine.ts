import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { LongHistory } from '@parley/testkit/long-history'
import { type Engine, openEngine } from '@parley/sync/engine'
import { fillStore } from '@parley/testkit/fill-store'
import { type Figure, quantile, type Spent, stopwatch, timed, times } from './spent.ts'
import { measureWaiting } from './waiting.ts'

// What the engine takes, without a network. The store is made in a process of its own, so that this one is as fresh as
// an app that starts.

const help = `npm run bench -- engine [options]
  --messages NUMBER  how many are held (1000000)
  --missed NUMBER    how many come in one go (10000)
  --store FOLDER     makes the store there, or takes the one that is there; it is changed by the run
  --json FILE        write every figure, by name
`

const { values: flags } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    missed: { type: 'string', default: '10000' },
    store: { type: 'string' },
    json: { type: 'string' },
    fill: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const messages = Number(flags.messages)
const missed = Number(flags.missed)
const key = new Uint8Array(32).fill(1)
const history = new LongHistory({ messages, conversations: 200, inFirst: Math.floor(messages / 10) })
const large = history.conversationId(0)
/** Milliseconds between two looks of the screen while it catches up. */
const lookEveryMs = 20

const open = (path: string, last: number): Engine =>
  openEngine({
    path,
    key,
    connect: () => history.serverUpTo(last),
    carriesBeside: true,
    onDefect: (error) => console.error(error),
  })

const caughtUp = (engine: Engine) =>
  new Promise<void>((resolve) => {
    const look = () => {
      const connection = engine.connection()
      if (connection.kind !== 'online' || !connection.caughtUp) return
      listening[Symbol.dispose]()
      resolve()
    }
    const listening = engine.onChange(look)
    look()
  })

async function measure(path: string): Promise<Figure[]> {
  const figures: Figure[] = []
  const say = (figure: string, spent: Spent, atMostMs: number) =>
    void figures.push({ figure, ...spent, atMostMs })
  let opened: Engine | null = null
  const opening = timed(() => {
    opened = open(path, messages)
    opened.conversations()
    opened.timeline({ conversationId: large, at: { kind: 'newest' } })
  })
  say('open to first answers', opening, 150)
  await using engine: Engine = opened ?? open(path, messages)
  const words = times(1_000, (index) => engine.search({ words: history.word(index * 37) }))
  say('search of a word, p99', quantile(words, 0.99), 50)
  const short = times(200, (index) => engine.search({ words: history.word(index).slice(0, 1 + (index % 4)) }))
  say('search of a short beginning, p99', quantile(short, 0.99), 50)
  const windows = times(200, (index) =>
    engine.timeline({ conversationId: history.conversationId(index), at: { kind: 'newest' } }),
  )
  say('a conversation, p99', quantile(windows, 0.99), 50)
  const lists = times(50, () => engine.conversations())
  say('the list of conversations, p99', quantile(lists, 0.99), 50)
  // It counts all messages, for a page of settings.
  const sizes = times(5, () => engine.storage())
  say('what the store takes up', quantile(sizes, 0.5), 250)
  return figures
}

/** The screen asks all the time; what it waits for its turn counts too. */
async function catchUp(path: string): Promise<Figure[]> {
  const waits: number[] = []
  const looks: Spent[] = []
  const spent = stopwatch()
  await using engine = open(path, messages + missed)
  let wanted = performance.now()
  const look = () => {
    waits.push(performance.now() - wanted)
    looks.push(
      timed(() => {
        engine.conversations()
        engine.badge()
        engine.timeline({ conversationId: large, at: { kind: 'newest' } })
      }),
    )
    wanted = performance.now() + lookEveryMs
    timer = setTimeout(look, lookEveryMs)
  }
  let timer = setTimeout(look, 0)
  await caughtUp(engine)
  clearTimeout(timer)
  const all = spent()
  // A wait is for steps of the engine, and for the machine; how much of it was which nobody says.
  const both = looks.map(({ ms, cpuMs }, index) => ({ ms: (waits[index] ?? 0) + ms, cpuMs }))
  const acts = times(200, (index) => {
    const conversationId = history.conversationId(index)
    engine.act({ kind: 'send', conversationId, content: { kind: 'plain', text: 'hello' } })
    engine.timeline({ conversationId, at: { kind: 'newest' } })
  })
  return [
    { figure: `catching up on ${missed}, looks of the screen among it`, ...all, atMostMs: 3_000 },
    { figure: 'longest look of the screen meanwhile', ...quantile(looks, 1), atMostMs: 50 },
    { figure: 'a look with the wait for its turn, p99', ...quantile(both, 0.99), atMostMs: 50 },
    { figure: 'own message kept and in the timeline, p99', ...quantile(acts, 0.99), atMostMs: 30 },
  ]
}

async function measureAll(folder: string): Promise<void> {
  const path = join(folder, `${messages}.db`)
  if (!existsSync(path)) {
    const made = timed(() => {
      const args = [import.meta.filename, '--fill', path, '--messages', String(messages)]
      const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
      if (status !== 0) throw new Error('The store was not made')
    })
    process.stderr.write(`A store of ${messages} messages was made in ${(made.ms / 1_000).toFixed(0)} s\n`)
  }
  const waiting = await measureWaiting()
  const figures = [...(await measure(path)), ...(await catchUp(path)), ...waiting.figures]
  for (const { figure, ms, cpuMs, atMostMs } of figures) {
    const met = ms <= atMostMs ? 'yes' : 'NO'
    const spent = `${ms.toFixed(1)} ms (${cpuMs.toFixed(1)} of the processor)`
    process.stdout.write(`${figure}: ${spent}, at most ${atMostMs} ms: ${met}\n`)
  }
  for (const { figure, times: ratio, atMostTimes } of waiting.ratios) {
    const met = ratio <= atMostTimes ? 'yes' : 'NO'
    process.stdout.write(`${figure}: ${ratio.toFixed(2)}, at most ${atMostTimes}: ${met}\n`)
  }
  if (flags.json === undefined) return
  const budgets = [
    ...figures.map(({ figure, ms, atMostMs }) => ({
      figure,
      budget: `≤ ${atMostMs} ms`,
      met: ms <= atMostMs,
    })),
    ...waiting.ratios.map(({ figure, times: ratio, atMostTimes }) => ({
      figure,
      budget: `≤ ${atMostTimes} times`,
      met: ratio <= atMostTimes,
    })),
  ]
  const byName = (which: (spent: Spent) => number): Readonly<Record<string, number>> =>
    Object.fromEntries<number>([
      ...figures.map((each) => [each.figure, which(each)] as const),
      ...waiting.ratios.map((each) => [each.figure, each.times] as const),
    ])
  const title = `the engine over ${messages} messages`
  const workloads = [
    {
      name: 'engine',
      title,
      budgets,
      figures: { engine: byName(({ ms }) => ms), 'of the processor': byName(({ cpuMs }) => cpuMs) },
    },
  ]
  writeFileSync(flags.json, `${JSON.stringify({ judged: 'engine', workloads }, null, 2)}\n`)
}

if (flags.help) process.stdout.write(help)
else if (flags.fill !== undefined) await fillStore(flags.fill, key, history)
else if (flags.store !== undefined) {
  mkdirSync(flags.store, { recursive: true })
  await measureAll(flags.store)
} else {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'))
  try {
    await measureAll(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
