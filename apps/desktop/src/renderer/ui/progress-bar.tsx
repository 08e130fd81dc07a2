interface ProgressBarProps {
  /** What is on its way. */
  readonly label: string
  readonly done: number
  readonly all: number
}

/** How far something is. */
export function ProgressBar({ label, done, all }: ProgressBarProps) {
  const percent = all === 0 ? 0 : Math.floor((100 * done) / all)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className="h-1 w-full overflow-hidden rounded-full bg-line"
    >
      <div
        className="h-full rounded-full bg-accent transition-[width] duration-100"
        style={{ width: `${String(percent)}%` }}
      />
    </div>
  )
}
