import type { Figures } from './load/stage.ts'
import type { Measured } from './measure.ts'
import type { Budget } from './workload.ts'

/** Above this share of a round in which other programs had the core, its figures say little. */
const disturbedShare = 0.02

export interface Line {
  workload: string
  figure: string
  budget: string
  /** By side. */
  figures: Map<string, number>
  /** The last side's figure against the yardstick's. */
  ratio: number | null
  met: boolean | null
}

function inUnit(value: number, unit: string): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 3
  return `${value.toLocaleString('en', { maximumFractionDigits: digits })} ${unit}`
}

function wording({ atLeast, atMost, ratioAtLeast, ratioAtMost, unit }: Budget): string {
  const bounds = [
    atLeast === undefined ? [] : [`≥ ${inUnit(atLeast, unit)}`],
    atMost === undefined ? [] : [`≤ ${inUnit(atMost, unit)}`],
    ratioAtLeast === undefined ? [] : [`≥ ${ratioAtLeast} × bare`],
    ratioAtMost === undefined ? [] : [`≤ ${ratioAtMost} × bare`],
  ]
  return bounds.flat().join(', ')
}

/** Null when a bound is a ratio and there was no yardstick in the run. */
function isMet(budget: Budget, value: number, ratio: number | null): boolean | null {
  const { atLeast = -Infinity, atMost = Infinity, ratioAtLeast, ratioAtMost } = budget
  if (value < atLeast || value > atMost) return false
  if (ratioAtLeast === undefined && ratioAtMost === undefined) return true
  return ratio === null ? null : ratio >= (ratioAtLeast ?? -Infinity) && ratio <= (ratioAtMost ?? Infinity)
}

/** One line a budget. `judged` is the side that has to meet it. */
export function linesOf({ workload, figures }: Measured, yardstick: string, judged: string): Line[] {
  return workload.budgets.map((budget) => {
    const of = (side: string): number | undefined => figures.get(side)?.[budget.figure]
    const [value, against] = [of(judged), of(yardstick)]
    const ratio =
      value === undefined || against === undefined || judged === yardstick ? null : value / against
    return {
      workload: workload.title,
      figure: budget.figure,
      budget: wording(budget),
      figures: new Map([...figures].map(([side, named]) => [side, named[budget.figure] ?? Number.NaN])),
      ratio,
      met: value === undefined ? null : isMet(budget, value, ratio),
    }
  })
}

/** Sides whose rounds shared a core with something else. */
export function disturbances({ workload, figures }: Measured): string[] {
  const disturbed = ([, { serverWaitShare = 0, loadWaitShare = 0 }]: [string, Figures]): boolean =>
    Math.max(serverWaitShare, loadWaitShare) > disturbedShare
  return [...figures].filter(disturbed).map(([side]) => `${workload.name} (${side})`)
}

export function table(measured: readonly Measured[], sides: readonly string[], judged: string): string {
  const yardstick = sides[0] ?? judged
  const head = ['workload', 'figure', 'to reach', ...sides, 'ratio', 'met']
  const rows = measured.flatMap((one) =>
    linesOf(one, yardstick, judged).map((line, index) => {
      const unit = one.workload.budgets[index]?.unit ?? ''
      const cells = sides.map((side) => {
        const figure = line.figures.get(side)
        return figure === undefined ? '' : inUnit(figure, unit)
      })
      const ratio = line.ratio === null ? '' : line.ratio.toFixed(2)
      const met = line.met === null ? '?' : line.met ? 'yes' : 'NO'
      return [index === 0 ? line.workload : '', line.figure, line.budget, ...cells, ratio, met]
    }),
  )
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? title).length)),
  )
  const print = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [
    print(head),
    `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`,
    ...rows.map(print),
  ].join('\n')
}

/** Every figure of every side, by name. */
export function asJson(measured: readonly Measured[], sides: readonly string[], judged: string): string {
  const yardstick = sides[0] ?? judged
  const workloads = measured.map((one) => ({
    name: one.workload.name,
    title: one.workload.title,
    budgets: linesOf(one, yardstick, judged).map(({ figure, budget, ratio, met }) => ({
      figure,
      budget,
      ratio,
      met,
    })),
    figures: Object.fromEntries(one.figures),
  }))
  return `${JSON.stringify({ judged, yardstick, workloads }, null, 2)}\n`
}
