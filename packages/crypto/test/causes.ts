import { type SealedCause, SealedError } from '@parley/domain/sealed/causes'

/** The cause for which something was refused; null when it was not. Anything else thrown is a defect. */
export function causeOf(work: () => unknown): SealedCause | null {
  try {
    work()
    return null
  } catch (error) {
    if (error instanceof SealedError) return error.kind
    throw error
  }
}

export async function causeOfAsync(work: () => Promise<unknown>): Promise<SealedCause | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (error instanceof SealedError) return error.kind
    throw error
  }
}

/** With one bit turned over. */
export function flipped(bytes: Uint8Array, at: number, bit = 0): Uint8Array {
  const copy = new Uint8Array(bytes)
  copy[at] = (copy[at] ?? 0) ^ (1 << bit)
  return copy
}
