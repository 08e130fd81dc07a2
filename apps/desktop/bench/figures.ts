import type { Asking, Span } from './in-page.ts'

/** A budget and what was measured for it. */
export interface Figure {
  readonly figure: string
  readonly unit: 'ms' | 's' | 'MB' | 'KB' | 'nodes' | 'messages' | '×'
  /** What is compared with the budget. */
  readonly value: number
  /** Null for a part of another figure, or what is said beside it. */
  readonly atMost: number | null
  /** Of how many; and the worst of them, where the value is a median. */
  readonly samples: number
  readonly worst: number
}

export interface Workload {
  readonly name: string
  readonly title: string
  readonly figures: readonly Figure[]
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, next) => one - next)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

type Named = Pick<Figure, 'figure' | 'unit' | 'atMost'>

export const median = (of: Named, values: readonly number[]): Figure => ({
  ...of,
  value: quantile(values, 0.5),
  samples: values.length,
  worst: Math.max(...values),
})

export const worst = (of: Named, values: readonly number[]): Figure => ({
  ...median(of, values),
  value: Math.max(...values),
})

export const p99 = (of: Named, values: readonly number[]): Figure => ({
  ...median(of, values),
  value: quantile(values, 0.99),
})

export const isMet = ({ value, atMost }: Figure): boolean | null => (atMost === null ? null : value <= atMost)

const inUnit = (value: number, unit: string): string => {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return `${value.toLocaleString('en', { maximumFractionDigits: digits })} ${unit}`
}

export function table(workloads: readonly Workload[]): string {
  const head = ['workload', 'figure', 'to reach', 'measured', 'worst', 'of', 'met']
  const rows = workloads.flatMap(({ title, figures }) =>
    figures.map((each, index) => {
      const met = isMet(each)
      return [
        index === 0 ? title : '',
        each.figure,
        each.atMost === null ? '' : `≤ ${inUnit(each.atMost, each.unit)}`,
        inUnit(each.value, each.unit),
        inUnit(each.worst, each.unit),
        String(each.samples),
        met === null ? '' : met ? 'yes' : 'NO',
      ]
    }),
  )
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  const print = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [
    print(head),
    `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`,
    ...rows.map(print),
  ].join('\n')
}

/** Every figure, by name. */
export function asJson(workloads: readonly Workload[]): string {
  const shown = workloads.map(({ name, title, figures }) => ({
    name,
    title,
    budgets: figures
      .filter(({ atMost }) => atMost !== null)
      .map((each) => ({
        figure: each.figure,
        budget: `≤ ${each.atMost} ${each.unit}`,
        met: isMet(each),
      })),
    figures: {
      app: Object.fromEntries(figures.map(({ figure, value }) => [figure, value])),
      worst: Object.fromEntries(figures.map(({ figure, worst: value }) => [figure, value])),
    },
  }))
  return `${JSON.stringify({ judged: 'app', workloads: shown }, null, 2)}\n`
}

/** What a question took, without the time in which the page was busy itself: no answer could have come in there. */
export function unhinderedMs({ askedAt, ms }: Asking, busy: readonly Span[]): number {
  const overlap = ({ from, to }: Span) => Math.max(0, Math.min(to, askedAt + ms) - Math.max(from, askedAt))
  return ms - busy.reduce((sum, span) => sum + overlap(span), 0)
}
