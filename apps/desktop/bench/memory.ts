import { readdirSync, readFileSync } from 'node:fs'
import { MeasuredApp } from './app.ts'
import { worst } from './figures.ts'
import { passphrase } from './long-store.ts'
import type { Measure } from './measures.ts'
import { pause } from './pause.ts'

/** What was needed to start is given back by then. */
const settleMs = 30_000
const minuteMs = 60_000
const settlingMinutes = 3
const kibibytesPerMegabyte = 1_000_000 / 1_024

export const memory: Measure = {
  name: 'memory',
  title: 'memory, idle',
  async measure({ userData, history, idleMinutes }) {
    if (process.platform !== 'linux') return []
    await using app = await MeasuredApp.start(userData)
    await app.unlock(passphrase)
    await app.open(history.nameOf(0))
    await pause(settleMs)
    const look = () => sharesOf(app.child.pid ?? 0)
    const first = look()
    let last = first
    const sums = [sum(first)]
    const own = [sumOwn(first)]
    for (let minute = 1; minute <= idleMinutes; minute++) {
      await pause(minuteMs)
      last = look()
      sums.push(sum(last))
      own.push(sumOwn(last))
    }
    const line = (figure: string, atMost: number | null = null) => ({ figure, unit: 'MB', atMost }) as const
    return [
      worst(line(`all processes, ${settleMs / 1_000} s after the start`, 350), [sum(first)]),
      worst(line(`all processes, ${idleMinutes} min later`, 350), [sum(last)]),
      worst(line('the most of all minutes'), sums),
      // What was needed to start is let go of in the first minutes, and says nothing of how it goes on.
      ...(idleMinutes < 2 * settlingMinutes
        ? []
        : [
            worst(line('growth an hour of what is no file, by all minutes but the first few'), [
              growthAnHour(own.slice(settlingMinutes)),
            ]),
          ]),
      ...last.map(({ kind, megabytes }) => worst(line(`of which ${kind}`), [megabytes])),
    ]
  },
}

/** By the line that fits best through a figure of each minute. */
function growthAnHour(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((all, value) => all + value, 0) / values.length
  const rise = values.reduce((all, value, minute) => all + (minute - middle) * (value - mean), 0)
  const spread = values.reduce((all, _, minute) => all + (minute - middle) ** 2, 0)
  return (60 * rise) / spread
}

interface Share {
  readonly kind: string
  readonly megabytes: number
  /** Without the files that are mapped, of which a share falls to whatever other programs have them too. */
  readonly ownMegabytes: number
}

const sum = (shares: readonly Share[]): number => shares.reduce((all, { megabytes }) => all + megabytes, 0)

const sumOwn = (shares: readonly Share[]): number =>
  shares.reduce((all, { ownMegabytes }) => all + ownMegabytes, 0)

/** What each process of an app holds; what several share is counted to each by its share. */
function sharesOf(pid: number): Share[] {
  const rollup = readFileSync(`/proc/${String(pid)}/smaps_rollup`, 'utf8')
  const megabytes = (of: RegExp) => Number(of.exec(rollup)?.[1]) / kibibytesPerMegabyte
  const kind = kindOf(readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8'))
  const share = {
    kind,
    megabytes: megabytes(/^Pss:\s+(\d+) kB/m),
    ownMegabytes: megabytes(/^Pss_Anon:\s+(\d+) kB/m),
  }
  return [share, ...childrenOf(pid).flatMap(sharesOf)]
}

const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${String(pid)}/task`).flatMap((task) =>
    readFileSync(`/proc/${String(pid)}/task/${task}/children`, 'utf8')
      .split(' ')
      .filter((each) => each !== '')
      .map(Number),
  )

/** As Chromium names its processes; the engine is the utility that runs Node. */
function kindOf(commandLine: string): string {
  const [, type = 'main'] = /--type=([\w-]+)/.exec(commandLine) ?? []
  const [, utility] = /--utility-sub-type=([\w.]+)/.exec(commandLine) ?? []
  if (utility?.startsWith('node.') === true) return 'the engine'
  return utility ? `${type} (${utility})` : type
}
