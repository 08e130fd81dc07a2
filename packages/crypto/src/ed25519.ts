import * as crypto from 'node:crypto'
import { fromText, hashBytes, type PublicKey, signatureBytes, toText } from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import { type VerifyEd25519, verifyBySodium } from './sodium.ts'

const keysKept = 20_000
/** The field of the curve: 2^255 - 19. */
const field = 2n ** 255n - 19n
const signBit = 2n ** 255n

/** The second coordinate of a point of order 8. */
const eighth = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n
/** Those of all points of small order. With such a key one signature can be made to fit many messages. */
const smallOrder = new Set([0n, 1n, field - 1n, eighth, field - eighth])

export type VerifyText = (publicKey: PublicKey, bytes: Uint8Array, signature: Uint8Array) => boolean

/**
 * Checks signatures by libsodium, or else by node:crypto. All of them accept the same (`docs/encryption.md`, "What a right
 * signature is"): programs must agree on which chains are valid.
 */
export function verifier(verify: VerifyEd25519 = verifyBySodium() ?? verifyByNode()): VerifyText {
  const keys = new Kept((text) => keyBytes(text))
  return (publicKey, bytes, signature) => {
    const key = keys.of(publicKey)
    return key !== null && signature.length === signatureBytes && verify(key, bytes, signature)
  }
}

/** node:crypto's: OpenSSL in Node, BoringSSL in Electron, of which the latter accepts points of small order. */
export function verifyByNode(): VerifyEd25519 {
  const keys = new Kept((x) => keyObject(x))
  return (key, bytes, signature) => {
    const kept = keys.of(toText(key))
    return (
      kept !== null &&
      !isOfSmallOrder(signature.subarray(0, hashBytes)) &&
      crypto.verify(null, bytes, kept, signature)
    )
  }
}

function keyBytes(text: PublicKey): Uint8Array | null {
  try {
    const bytes = fromText(text)
    return bytes.length === hashBytes ? bytes : null
  } catch (error) {
    if (error instanceof SealedError) return null
    throw error
  }
}

function keyObject(x: PublicKey): crypto.KeyObject | null {
  const bytes = fromText(x)
  if (isOfSmallOrder(bytes) || ordinate(bytes) >= field) return null
  try {
    return crypto.createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } })
  } catch {
    return null
  }
}

const ordinate = (point: Uint8Array): bigint => BigInt(`0x${point.toReversed().toHex()}`) % signBit
/** However it is written. */
export const isOfSmallOrder = (point: Uint8Array): boolean => smallOrder.has(ordinate(point) % field)

/** What was made of keys, as that costs as much as sealing a message. */
class Kept<T> {
  readonly #make: (key: PublicKey) => T
  readonly #made = new Map<PublicKey, T>()

  constructor(make: (key: PublicKey) => T) {
    this.#make = make
  }

  of(key: PublicKey): T {
    const known = this.#made.get(key)
    if (known !== undefined) return known
    const made = this.#make(key)
    if (this.#made.size >= keysKept) this.#made.clear()
    this.#made.set(key, made)
    return made
  }
}
