import { type ReactNode, useState } from 'react'

/** A long message shows its beginning, and the rest when it is asked for. */
export function Fold({ children }: { readonly children: ReactNode }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <div className={open ? '' : 'folded'}>{children}</div>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="mt-1 rounded-small text-small font-medium text-link hover:underline"
      >
        {open ? 'Show less' : 'Show all'}
      </button>
    </>
  )
}
