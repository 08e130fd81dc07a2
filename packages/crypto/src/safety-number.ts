import type { AccountId } from '@parley/domain/ids'
import { fromText, type Hash, labelled, utf8 } from '@parley/domain/sealed/bytes'
import type { Primitives } from './primitives.ts'

export interface Party {
  readonly accountId: AccountId
  readonly identity: Hash
}

/** 60 digits in twelve groups: equal for the two, and for nobody else. */
export const safetyNumber = (primitives: Primitives, one: Party, other: Party): string =>
  [halfOf(primitives, one), halfOf(primitives, other)].toSorted().join(' ')

function halfOf(primitives: Primitives, { accountId, identity }: Party): string {
  const hash = primitives.sha256(labelled('safety', utf8(accountId), fromText(identity)))
  const view = new DataView(hash.buffer, hash.byteOffset)
  return Array.from({ length: 6 }, (_, at) => {
    const value = view.getUint8(at * 5) * 2 ** 32 + view.getUint32(at * 5 + 1)
    return String(value % 100_000).padStart(5, '0')
  }).join(' ')
}
