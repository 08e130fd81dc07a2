import { LockKeyhole } from 'lucide-react'

/** Why a sealed message could not be opened on this device. */
export type UnopenedCause = 'no-key-yet' | 'not-given' | 'damaged' | 'unknown-suite'

const words: Record<UnopenedCause, string> = {
  'no-key-yet':
    'This message is encrypted, and its key has not come to this device yet. It opens by itself once it has.',
  'not-given': 'This message is encrypted, and was written before you came. Its key is not given to you.',
  damaged: 'This message is encrypted, and does not open: it is not as its author’s device sealed it.',
  'unknown-suite':
    'This message is encrypted in a way that this version of Parley does not know. An update may help.',
}

/** A message that cannot be opened says why, and what happens next. */
export function Unopened({ cause }: { readonly cause: UnopenedCause }) {
  return (
    <p className="flex max-w-[72ch] items-start gap-2 text-dim">
      <LockKeyhole aria-hidden size={16} className="mt-0.5 shrink-0" />
      {words[cause]}
    </p>
  )
}
