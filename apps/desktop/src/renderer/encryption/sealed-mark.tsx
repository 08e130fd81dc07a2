import { LockKeyhole } from 'lucide-react'
import type { Sealing } from '../live/queries.ts'
import { openPane } from '../state/place.ts'
import { Tip } from '../ui/tip.tsx'

/**
 * A closed lock: this device has checked every member and key. There is none while that is not so, as a lock that may be
 * wrong is worse than none.
 */
export function SealedMark({ sealing }: { readonly sealing: Sealing | null }) {
  if (sealing?.state !== 'open') return null
  return (
    <Tip
      label={
        sealing.verified
          ? 'End-to-end encrypted. This device has checked every member and key, and you have compared the safety numbers.'
          : 'End-to-end encrypted. This device has checked every member and key.'
      }
    >
      <button
        type="button"
        aria-label="End-to-end encrypted"
        onClick={() => openPane({ kind: 'about' })}
        className="inline-flex size-5 shrink-0 items-center justify-center rounded-small text-dim hover:bg-hover hover:text-text"
      >
        <LockKeyhole aria-hidden size={14} />
      </button>
    </Tip>
  )
}
