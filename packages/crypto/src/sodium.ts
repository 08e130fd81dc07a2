import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Whether a signature of 64 bytes by a key of 32 is right. */
export type VerifyEd25519 = (key: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean

/** A part of some memory: the library knows no views of it. */
type Part = readonly [memory: ArrayBufferLike, at: number, length: number]

/** What we use of sodium-native's library. Its own functions in JavaScript do nothing but check types and sizes before. */
interface Library {
  readonly crypto_pwhash_ALG_ARGON2ID13: number
  crypto_sign_verify_detached(...signatureAndBytesAndKey: [...Part, ...Part, ...Part]): boolean
  /** Both take views, and answer the length of what they wrote; nothing else than that is right. */
  crypto_aead_chacha20poly1305_ietf_encrypt(
    sealed: Uint8Array,
    plain: Uint8Array,
    associated: Uint8Array,
    nonce: Uint8Array,
    key: Uint8Array,
  ): number
  crypto_aead_chacha20poly1305_ietf_decrypt(
    plain: Uint8Array,
    sealed: Uint8Array,
    associated: Uint8Array,
    nonce: Uint8Array,
    key: Uint8Array,
  ): number
  /** The status is 0 when all went well. */
  crypto_pwhash_async(
    ...keyAndPassphraseAndSaltAndMore: [
      ...Part,
      ...Part,
      ...Part,
      passes: number,
      memoryBytes: number,
      algorithm: number,
      done: (status: number) => void,
    ]
  ): void
}

/**
 * libsodium's, which takes half the time of OpenSSL's. Null where the library is not there, or not for this system: then
 * node:crypto's is good enough.
 */
export function verifyBySodium(): VerifyEd25519 | null {
  const library = loadSodium()
  if (!library) return null
  return (key, bytes, signature) =>
    library.crypto_sign_verify_detached(...partOf(signature), ...partOf(bytes), ...partOf(key))
}

export const partOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Part => [
  buffer,
  byteOffset,
  byteLength,
]

/** Null where the library is not there, or not for this system. It is read from the disk once. */
export function loadSodium(): Library | null {
  const require = createRequire(import.meta.url)
  try {
    // Loaded by its place, as what would look for it needs a dozen packages more.
    const folder = dirname(require.resolve('sodium-native/package.json'))
    const system = `${process.platform}-${process.arch}`
    const library: unknown = require(join(folder, 'prebuilds', system, 'sodium-native.node'))
    return isLibrary(library) ? library : null
  } catch {
    return null
  }
}

const isLibrary = (value: unknown): value is Library =>
  typeof value === 'object' &&
  value !== null &&
  'crypto_sign_verify_detached' in value &&
  typeof value.crypto_sign_verify_detached === 'function' &&
  'crypto_pwhash_async' in value &&
  typeof value.crypto_pwhash_async === 'function' &&
  'crypto_pwhash_ALG_ARGON2ID13' in value &&
  typeof value.crypto_pwhash_ALG_ARGON2ID13 === 'number'
