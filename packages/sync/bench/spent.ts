/** Milliseconds that went by, and those of this thread on a processor: on a machine that does other things they differ. */
export interface Spent {
  readonly ms: number
  readonly cpuMs: number
}

export interface Figure extends Spent {
  readonly figure: string
  readonly atMostMs: number
}

const cpuNowMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/** What goes by from now on. */
export function stopwatch(): () => Spent {
  const [start, cpuStart] = [performance.now(), cpuNowMs()]
  return () => ({ ms: performance.now() - start, cpuMs: cpuNowMs() - cpuStart })
}

export function timed(run: () => unknown): Spent {
  const spent = stopwatch()
  run()
  return spent()
}

export const times = (count: number, run: (index: number) => unknown): Spent[] =>
  Array.from({ length: count }, (_, index) => timed(() => run(index)))

export const quantile = (all: readonly Spent[], share: number): Spent => {
  const of = (each: number[]) =>
    each.toSorted((one, next) => one - next)[Math.floor((each.length - 1) * share)] ?? 0
  return { ms: of(all.map(({ ms }) => ms)), cpuMs: of(all.map(({ cpuMs }) => cpuMs)) }
}
