import type { ReactNode } from 'react'

interface PanelProps {
  readonly title: string
  readonly about?: ReactNode
  /** What can be done here, beside the title. */
  readonly action?: ReactNode
  readonly width?: 'narrow' | 'wide'
  readonly children: ReactNode
}

/** What a section shows: its name, and groups of things below each other. */
export function Panel({ title, about, action, width = 'narrow', children }: PanelProps) {
  return (
    <div
      className={`mx-auto flex w-full flex-col gap-8 px-5 py-6 @2xl:px-8 @2xl:py-8 ${width === 'wide' ? 'max-w-[880px]' : 'max-w-[640px]'}`}
    >
      <header className="flex items-start justify-between gap-4">
        <div className="flex flex-col gap-1">
          <h2 className="text-page font-semibold tracking-tight">{title}</h2>
          {about !== undefined && <p className="max-w-[64ch] text-pretty text-soft">{about}</p>}
        </div>
        {action}
      </header>
      {children}
    </div>
  )
}

interface GroupProps {
  readonly title: string
  readonly about?: ReactNode
  readonly action?: ReactNode
  readonly children: ReactNode
}

/** Things that belong together, under a name. */
export function Group({ title, about, action, children }: GroupProps) {
  return (
    <section className="flex flex-col gap-2">
      <header className="flex min-h-7 items-end justify-between gap-4">
        <div className="flex flex-col">
          <h3 className="font-semibold">{title}</h3>
          {about !== undefined && <p className="max-w-[64ch] text-pretty text-dim">{about}</p>}
        </div>
        {action}
      </header>
      <div className="rounded-large border border-line bg-raised">{children}</div>
    </section>
  )
}

/** Lines of a group, with a rule between each two. */
export const rows = 'flex flex-col divide-y divide-line px-4 py-1'

interface RowProps {
  readonly label: ReactNode
  readonly hint?: ReactNode
  readonly icon?: ReactNode
  /** What it is, or what can be done with it. */
  readonly children?: ReactNode
}

export function Row({ label, hint, icon, children }: RowProps) {
  return (
    <div className="flex min-h-12 flex-wrap items-center gap-x-4 gap-y-2 py-2.5">
      {icon !== undefined && <span className="flex shrink-0 text-dim">{icon}</span>}
      <div className="flex min-w-0 flex-1 basis-48 flex-col">
        <span className="flex flex-wrap items-center gap-x-2">{label}</span>
        {hint !== undefined && <span className="text-small text-pretty text-dim">{hint}</span>}
      </div>
      <div className="ml-auto flex shrink-0 items-center gap-2">{children}</div>
    </div>
  )
}

/** A word or two about something, in a frame of its own. */
export function Badge({
  tone = 'plain',
  children,
}: {
  readonly tone?: 'plain' | 'accent' | 'danger'
  readonly children: ReactNode
}) {
  const tones = {
    plain: 'border-line text-dim',
    accent: 'border-accent text-accent',
    danger: 'border-danger text-danger',
  } as const
  return (
    <span
      className={`inline-flex items-center rounded-small border px-1.5 text-small font-medium ${tones[tone]}`}
    >
      {children}
    </span>
  )
}
