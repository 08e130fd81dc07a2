import { ArrowDown, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'

interface JumpBarProps {
  readonly atEnd: boolean
  readonly unread: number
  readonly onNewest: () => void
  /** Back to where one was before going to a message. */
  readonly onReturn?: () => void
}

const countedMax = 999

/** The ways from what is being read to the newest, and back to where one was. */
export function JumpBar({ atEnd, unread, onNewest, onReturn }: JumpBarProps) {
  const count = unread > countedMax ? `${String(countedMax)}+` : String(unread)
  const newest = unread === 0 ? 'Jump to latest' : unread === 1 ? '1 new message' : `${count} new messages`
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center gap-2">
      {onReturn && (
        <Pill onClick={onReturn}>
          <Undo2 aria-hidden size={14} />
          Back to where you were
        </Pill>
      )}
      {!atEnd && (
        <Pill strong={unread > 0} onClick={onNewest}>
          <ArrowDown aria-hidden size={14} />
          {newest}
        </Pill>
      )}
    </div>
  )
}

interface PillProps {
  readonly strong?: boolean
  readonly onClick: () => void
  readonly children: ReactNode
}

function Pill({ strong = false, onClick, children }: PillProps) {
  return (
    <button
      type="button"
      onClick={onClick}
      className={`pointer-events-auto flex h-7 animate-appear items-center gap-1.5 rounded-full border px-3 text-small font-medium shadow-raised ${strong ? 'border-accent bg-accent text-on-accent hover:bg-accent-hover' : 'border-line bg-raised text-soft hover:bg-hover hover:text-text'}`}
    >
      {children}
    </button>
  )
}
