import type { ReactNode } from 'react'
import { insets } from './insets.ts'

interface ScreenHeadProps {
  readonly title: string
  /** Said beside the title. */
  readonly about?: string | undefined
  /** What can be done here. */
  readonly children?: ReactNode
}

/** The head of a screen that is a list. */
export function ScreenHead({ title, about, children }: ScreenHeadProps) {
  return (
    <header className={`flex min-h-[72px] shrink-0 items-center gap-3 pt-6 pb-4 ${insets.screen.plain}`}>
      <h1 className="text-page font-semibold">{title}</h1>
      {about !== undefined && <span className="mt-1 truncate text-dim">{about}</span>}
      <span className="ml-auto flex items-center gap-2">{children}</span>
    </header>
  )
}
