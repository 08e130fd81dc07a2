import type { Aead } from './aead.ts'
import type { Checks, PublicKey } from '@parley/domain/sealed/bytes'

/** A private key for signing, with its public one. The seed is what is kept of it. */
export interface SigningKey {
  readonly publicKey: PublicKey
  /** 32 bytes. */
  readonly seed: Uint8Array
  sign(bytes: Uint8Array): Uint8Array
}

/** A private key for opening what is sealed to its public one. */
export interface SealingKey {
  readonly publicKey: PublicKey
  /** 32 bytes. */
  readonly secret: Uint8Array
  /** X25519 with another's public key; null where that is a point of small order. */
  agree(publicKey: Uint8Array): Uint8Array | null
}

/**
 * The suite's operations: everything that this package takes from a cryptographic library but HPKE, which is built on
 * these. They are synchronous, and `docs/decisions` says why.
 */
export interface Primitives extends Checks, Aead {
  randomBytes(bytes: number): Uint8Array
  sha256(bytes: Uint8Array): Uint8Array
  hmac(key: Uint8Array, bytes: Uint8Array): Uint8Array
  hkdf(key: Uint8Array, salt: Uint8Array, info: Uint8Array, bytes: number): Uint8Array
  /** From 32 bytes, or new. */
  signingKey(seed?: Uint8Array): SigningKey
  sealingKey(secret?: Uint8Array): SealingKey
}
