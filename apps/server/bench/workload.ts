import type { Scene, Stage } from './load/stage.ts'
import type { World } from './world.ts'

/** What a figure has to reach. `ratio` bounds are against the yardstick in the same run. */
export interface Budget {
  /** The name under which a round reports it. */
  figure: string
  unit: string
  atLeast?: number
  atMost?: number
  ratioAtLeast?: number
  ratioAtMost?: number
}

export interface Workload {
  name: string
  title: string
  world: World
  /** The sides that have what it measures; all, where none are named. */
  sides?: readonly string[]
  /** How many rounds are measured; the median of each figure counts. */
  rounds: number
  budgets: readonly Budget[]
  /** Connects the clients and warms up. Runs in the load process. */
  prepare(stage: Stage): Promise<Scene>
}
