import type { ReactNode } from 'react'
import { Mark } from './mark.tsx'

interface EntryFrameProps {
  readonly title: string
  readonly about?: ReactNode
  readonly children: ReactNode
}

/** One calm column for whatever is asked before one is in. */
export function EntryFrame({ title, about, children }: EntryFrameProps) {
  return (
    <main data-section aria-label="Parley" className="flex h-full flex-col overflow-y-auto bg-side">
      <div className="m-auto flex w-full max-w-[392px] animate-appear flex-col gap-6 px-4 py-10">
        <header className="flex flex-col items-center gap-4 text-center">
          <Mark size={56} />
          <div className="flex flex-col gap-1">
            <h1 className="text-page font-semibold tracking-tight">{title}</h1>
            {about !== undefined && <p className="text-balance text-soft">{about}</p>}
          </div>
        </header>
        {children}
      </div>
    </main>
  )
}

/** What is filled in, as a sheet of paper. */
export function Card({ children }: { readonly children: ReactNode }) {
  return <div className="flex flex-col gap-4 rounded-large border border-line bg-raised p-5">{children}</div>
}
