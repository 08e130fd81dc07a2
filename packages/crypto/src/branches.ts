import type { AccountId } from '@parley/domain/ids'
import type { Hash } from '@parley/domain/sealed/bytes'
import type { Chain } from '@parley/domain/sealed/chain'

/** How what the server shows stands to what was known: `same`, more, less, or another history from `common` on. */
export type Comparison =
  | { readonly kind: 'same' | 'server-ahead' | 'server-behind' }
  | { readonly kind: 'forked'; readonly common: number }

/**
 * Compares two lists of hashes, of a chain or a device list. `server-behind` is a restored server, which is given back what it lost;
 * or one that lies. `forked`: `common` is how many entries they share.
 */
export function compareHashes(known: readonly Hash[], shown: readonly Hash[]): Comparison {
  const common = known.findIndex((hash, at) => shown[at] !== hash)
  if (common === -1) return { kind: known.length === shown.length ? 'same' : 'server-ahead' }
  return common === shown.length ? { kind: 'server-behind' } : { kind: 'forked', common }
}

/** Who was out by what was known, and is in by what is shown: what people must be told of when a branch is taken. */
export const readmittedBy = (known: Chain, shown: Chain): AccountId[] =>
  [...shown.members.keys()].filter((id) => known.past.has(id) && !known.members.has(id))
