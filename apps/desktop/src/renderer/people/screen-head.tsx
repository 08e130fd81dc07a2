import type { ReactNode } from 'react'

/** What stands at the sides of a screen that is a list: in a wide window it keeps to a column in the middle. */
export const screenInset = 'px-[max(16px,calc((100%-760px)/2))]'

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
    <header className={`flex shrink-0 items-center gap-3 pt-6 pb-4 ${screenInset}`}>
      <h1 className="text-page font-semibold">{title}</h1>
      {about !== undefined && <span className="mt-1 truncate text-dim">{about}</span>}
      <span className="ml-auto flex items-center gap-2">{children}</span>
    </header>
  )
}
