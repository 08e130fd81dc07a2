import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startLoad } from './load-process.ts'
import type { Figures } from './load/stage.ts'
import { loadCore, serverCore } from './pinned.ts'
import { startServer } from './server-process.ts'
import type { Side } from './sides.ts'
import type { Workload } from './workload.ts'

export interface Measured {
  workload: Workload
  /** Medians by side. */
  figures: Map<string, Figures>
}

export interface MeasureOptions {
  /** Where data folders are made, and removed again. */
  root: string
  sides: readonly Side[]
  /** Whether each server and its load get a core of their own. */
  pin: boolean
  /** Folder for CPU profiles of the servers. */
  profile?: string | undefined
}

function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((one, other) => one - other)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

function medians(rounds: readonly Figures[]): Figures {
  const names = Object.keys(rounds[0] ?? {})
  return Object.fromEntries(
    names.map((name) => [name, median(rounds.map((round) => round[name] ?? Number.NaN))]),
  )
}

/** Runs a workload on every side, the rounds of the sides in turn, so that what the machine does meanwhile hits all alike. */
export async function measure(
  workload: Workload,
  { root, sides, pin, profile }: MeasureOptions,
): Promise<Measured> {
  await using stack = new AsyncDisposableStack()
  const running = []
  for (const side of sides) {
    const folder = join(root, `${workload.name}-${side.name}`)
    await mkdir(folder)
    stack.defer(() => rm(folder, { recursive: true, force: true }))
    const laid = await side.lay(workload.world, folder)
    const server = stack.use(
      await startServer({ core: pin ? serverCore : null, args: side.serve(folder), profile }),
    )
    const load = stack.use(startLoad(pin ? loadCore : null, server))
    await load.prepare(workload.name, side.protocol, laid)
    running.push({ name: side.name, server, load, rounds: new Array<Figures>() })
  }
  for (let round = 0; round < workload.rounds; round++) {
    for (const { server, load, rounds } of running) {
      const [from, waited] = [performance.now(), await server.ask('waitMicros')]
      const figures = await load.round()
      const serverWaitShare = ((await server.ask('waitMicros')) - waited) / 1000 / (performance.now() - from)
      rounds.push({ ...figures, serverWaitShare })
    }
  }
  return { workload, figures: new Map(running.map(({ name, rounds }) => [name, medians(rounds)])) }
}
