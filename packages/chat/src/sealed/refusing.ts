import { Refusal } from '@parley/domain/refusal'
import { SealedError } from '@parley/domain/sealed/causes'

/** Runs what judges entries, and says its "no" as a refusal. @throws Refusal `head-moved`, `chain-refused` */
export function judging<T>(judge: () => T): T {
  try {
    return judge()
  } catch (error) {
    if (!(error instanceof SealedError)) throw error
    if (error.kind === 'head-moved') throw new Refusal('head-moved', error.message)
    throw new Refusal('chain-refused', error.message, { cause: error.kind })
  }
}

/** Reads a structure that came as text. @throws Refusal `invalid-input` */
export function reading<T>(field: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof SealedError)) throw error
    throw new Refusal('invalid-input', `${field}: ${error.message}`, { field })
  }
}
