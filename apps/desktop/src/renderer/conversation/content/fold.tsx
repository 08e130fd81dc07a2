import { type ReactNode, useState } from 'react'

/** What was opened stays so when it comes back into view: a list that holds few rows draws it anew. */
const opened = new Set<string>()

interface FoldProps {
  /** Names what is folded. */
  readonly name: string
  readonly children: ReactNode
}

/** A long message shows its beginning, and the rest when it is asked for. */
export function Fold({ name, children }: FoldProps) {
  const [open, setOpen] = useState(() => opened.has(name))
  const turn = () => {
    if (open) opened.delete(name)
    else opened.add(name)
    setOpen(!open)
  }
  return (
    <>
      <div className={open ? '' : 'folded'}>{children}</div>
      <button
        type="button"
        aria-expanded={open}
        onClick={turn}
        className="mt-1 rounded-small text-small font-medium text-link hover:underline"
      >
        {open ? 'Show less' : 'Show all'}
      </button>
    </>
  )
}
