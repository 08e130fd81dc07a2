import type { SealedCause } from '@parley/domain/sealed/causes'

const healing: ReadonlySet<SealedCause> = new Set<SealedCause>([
  'no-grant-yet',
  'epoch-unknown',
  'chain-behind',
  'needs-list',
  'device-not-verified',
])

/** Whether what is closed for this opens by itself, once keys, chain or list come. */
export const heals = (cause: SealedCause): boolean => healing.has(cause)
