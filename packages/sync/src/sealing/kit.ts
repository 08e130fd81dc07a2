import { Hpke } from '@parley/crypto/hpke'
import type { Primitives } from '@parley/crypto/primitives'
import { nodePrimitives } from '@parley/crypto/node-primitives'
import { ParleyError } from '@parley/client/parley-error'
import type { AccountId } from '@parley/domain/ids'
import type { SealedError } from '@parley/domain/sealed/causes'
import type { CertificateKind } from '@parley/domain/sealed/device-list'
import type { Clock } from '../ports.ts'
import type { Store } from '../store/store.ts'
import type { SealedPort } from './port.ts'

/** What every part of the sealing works with. */
export interface Kit {
  readonly store: Store
  readonly port: SealedPort
  readonly clock: Clock
  readonly random: () => number
  readonly breathe: () => Promise<void>
  readonly onDefect: (error: unknown) => void
  /** Whether somebody is there just now, as far as the server tells. */
  readonly isOnline: (accountId: AccountId) => boolean
  /** What this device's certificate says that it is. */
  readonly deviceKind: CertificateKind
  readonly primitives: Primitives
  readonly hpke: Hpke
}

export function kitOf(surroundings: Omit<Kit, 'primitives' | 'hpke'>): Kit {
  const primitives = nodePrimitives()
  return { ...surroundings, primitives, hpke: new Hpke(primitives) }
}

/** What cannot be done for a reason of keys, as the outbox understands it. */
export const refusalOf = (error: SealedError): ParleyError =>
  new ParleyError('chain-refused', `${error.kind}: ${error.message}`, { cause: error })

/** Runs what follows one after the other. */
export class Line {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work)
    this.#last = mine.catch(() => {})
    return mine
  }
}
