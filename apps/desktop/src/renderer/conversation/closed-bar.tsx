import { Archive } from 'lucide-react'

/** Where one would write. */
export function ClosedBar() {
  return (
    <p className="mx-4 mb-4 flex items-center justify-center gap-2 rounded-medium border border-line bg-side px-3 py-2.5 text-dim">
      <Archive aria-hidden size={16} />
      This group was closed. It can be read, and nothing in it changes any more.
    </p>
  )
}
