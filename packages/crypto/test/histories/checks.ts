import { nodePrimitives } from '../../src/node-primitives.ts'
import { Hpke } from '../../src/hpke.ts'
import type { Primitives } from '../../src/primitives.ts'

const real = nodePrimitives()
const verified = new Map<string, boolean>()
const verifiedKept = 50_000

/** Everybody in a history checks the same signatures: what was checked once need not be computed again. */
function verify(publicKey: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  const name = `${publicKey}${signature.toHex()}${real.sha256(bytes).toHex()}`
  const known = verified.get(name)
  if (known !== undefined) return known
  const right = real.verify(publicKey, bytes, signature)
  if (verified.size >= verifiedKept) verified.clear()
  verified.set(name, right)
  return right
}

export const checks: Primitives = { ...real, verify }
export const hpke = new Hpke(checks)
