import * as crypto from 'node:crypto'
import { joined, nonceBytes, tagBytes } from '@parley/domain/sealed/bytes'
import { loadSodium } from './sodium.ts'

export const aeadKeyBytes = 32

/**
 * ChaCha20-Poly1305 (RFC 8439): keys of 32 bytes, nonces of 12, and a ciphertext that ends in its tag of 16.
 * Other sizes are a RangeError.
 */
export interface Aead {
  seal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, plain: Uint8Array): Uint8Array
  /**
   * Null where key, nonce, associated data or ciphertext are not those of the sealing.
   * @param memory what is opened may be put there, where that is large enough
   */
  open(
    key: Uint8Array,
    nonce: Uint8Array,
    associated: Uint8Array,
    sealed: Uint8Array,
    memory?: Uint8Array,
  ): Uint8Array | null
}

/** libsodium's, which makes nothing but the answer. Null where the library is not there, or not for this system. */
export function aeadBySodium(): Aead | null {
  const library = loadSodium()
  if (!library) return null
  return {
    seal(key, nonce, associated, plain) {
      mustFit(key, nonce)
      const sealed = new Uint8Array(plain.length + tagBytes)
      library.crypto_aead_chacha20poly1305_ietf_encrypt(sealed, plain, associated, nonce, key)
      return sealed
    },
    open(key, nonce, associated, sealed, memory) {
      mustFit(key, nonce)
      const length = sealed.length - tagBytes
      if (length < 0) return null
      const plain = memory && length <= memory.length ? memory.subarray(0, length) : new Uint8Array(length)
      const opened = library.crypto_aead_chacha20poly1305_ietf_decrypt(plain, sealed, associated, nonce, key)
      return opened === length ? plain : null
    },
  }
}

const cipher = 'chacha20-poly1305'
const options = { authTagLength: tagBytes }

/** node:crypto's: OpenSSL's in Node. BoringSSL's in Electron has none, and what it is asked for there is an Error. */
export function aeadByNode(): Aead {
  return {
    seal(key, nonce, associated, plain) {
      mustFit(key, nonce)
      const sealing = crypto.createCipheriv(cipher, key, nonce, options)
      sealing.setAAD(associated, { plaintextLength: plain.length })
      const sealed = sealing.update(plain)
      sealing.final()
      return joined(sealed, sealing.getAuthTag())
    },
    open(key, nonce, associated, sealed) {
      mustFit(key, nonce)
      if (sealed.length < tagBytes) return null
      const opening = crypto.createDecipheriv(cipher, key, nonce, options)
      opening.setAAD(associated, { plaintextLength: sealed.length - tagBytes })
      opening.setAuthTag(sealed.subarray(-tagBytes))
      const plain = opening.update(sealed.subarray(0, -tagBytes))
      try {
        // A stream cipher holds nothing back: what is final is whether the tag is right.
        opening.final()
      } catch {
        return null
      }
      return new Uint8Array(plain)
    },
  }
}

/** The library checks no sizes, and would read what lies beside. */
function mustFit(key: Uint8Array, nonce: Uint8Array): void {
  if (key.length !== aeadKeyBytes || nonce.length !== nonceBytes)
    throw new RangeError(`A key has ${aeadKeyBytes} bytes, and a nonce ${nonceBytes}.`)
}
