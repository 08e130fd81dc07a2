import type { SealedCause } from '@parley/domain/sealed/causes'
import { LockKeyhole, TriangleAlert } from 'lucide-react'
import { sealedWords } from '../../live/sealed-words.ts'

interface UnopenedProps {
  readonly cause: SealedCause
  /** Whether it opens by itself. */
  readonly heals: boolean
}

/** Others than these are nobody's doing. */
const suspicious: ReadonlySet<SealedCause> = new Set([
  'bad-signature',
  'tampered',
  'key-mismatch',
  'sender-not-member',
  'device-revoked',
  'chain-broken',
  'list-broken',
])

/** A message that cannot be opened says why, and what happens next. */
export function Unopened({ cause, heals }: UnopenedProps) {
  const { happened, next } = sealedWords[cause]
  const Icon = !heals && suspicious.has(cause) ? TriangleAlert : LockKeyhole
  return (
    <p className="flex max-w-[72ch] items-start gap-2 text-small text-dim">
      <Icon aria-hidden size={14} className="mt-px shrink-0" />
      <span className="text-pretty">
        {happened} {next}
      </span>
    </p>
  )
}
