import {
  AeadId,
  Dhkem,
  type DhkemPrimitives,
  EMPTY,
  HkdfSha256Native,
  type KdfInterface,
  KemId,
  toArrayBuffer,
  toUint8Array,
  XCryptoKey,
} from '@hpke/common'
import { CipherSuite } from '@hpke/core'
import { fromText, type PublicKey } from '@parley/domain/sealed/bytes'
import type { Primitives, SealingKey } from './primitives.ts'

const algorithm = 'X25519'

/**
 * HPKE (RFC 9180) as `@hpke/core` has it, over our primitives: those of WebCrypto take four times as long, as each of some
 * twenty steps goes to another thread and back.
 */
export class Hpke {
  readonly #primitives: Primitives
  readonly #suite: CipherSuite

  constructor(primitives: Primitives) {
    this.#primitives = primitives
    const kem = new X25519Kem(primitives)
    this.#suite = new CipherSuite({ kem, kdf: new Hkdf(primitives), aead: aeadOf(primitives) })
  }

  async seal(to: PublicKey, info: Uint8Array, plain: Uint8Array, psk?: Psk): Promise<Encapsulated> {
    const recipientPublicKey = new XCryptoKey(algorithm, fromText(to), 'public')
    const sealed = await this.#suite.seal(
      { recipientPublicKey, info: toArrayBuffer(info), ...pskOf(psk) },
      toArrayBuffer(plain),
    )
    return { encapsulated: new Uint8Array(sealed.enc), ciphertext: new Uint8Array(sealed.ct) }
  }

  /** False of points of small order, with which nobody agrees on anything. */
  canSealTo(to: PublicKey): boolean {
    return this.#primitives.sealingKey().agree(fromText(to)) !== null
  }

  /** Null where it was not sealed to this key, with this info and this secret. */
  async open(key: SealingKey, info: Uint8Array, sealed: Encapsulated, psk?: Psk): Promise<Uint8Array | null> {
    const recipientKey = {
      privateKey: privateOf(key),
      publicKey: new XCryptoKey(algorithm, fromText(key.publicKey), 'public'),
    }
    const enc = toArrayBuffer(sealed.encapsulated)
    try {
      const params = { recipientKey, enc, info: toArrayBuffer(info), ...pskOf(psk) }
      return new Uint8Array(await this.#suite.open(params, toArrayBuffer(sealed.ciphertext)))
    } catch {
      return null
    }
  }

  get primitives(): Primitives {
    return this.#primitives
  }
}

export interface Encapsulated {
  readonly encapsulated: Uint8Array
  readonly ciphertext: Uint8Array
}

/** A secret that both sides have already: whoever seals with it is known to have it. At least 32 bytes. */
export interface Psk {
  readonly id: Uint8Array
  readonly key: Uint8Array
}

const pskOf = (psk: Psk | undefined) =>
  psk && { psk: { id: toArrayBuffer(psk.id), key: toArrayBuffer(psk.key) } }

/** The library passes keys through; only we look inside. */
class PrivateKey extends XCryptoKey {
  readonly sealing: SealingKey

  constructor(sealing: SealingKey) {
    super(algorithm, sealing.secret, 'private', ['deriveBits'])
    this.sealing = sealing
  }
}

const privateOf = (key: SealingKey): CryptoKey => new PrivateKey(key)

function bytesOf(key: CryptoKey): Uint8Array {
  if (key instanceof XCryptoKey) return key.key
  throw new TypeError('A key of another kind.')
}

class Hkdf extends HkdfSha256Native {
  readonly #primitives: Primitives

  constructor(primitives: Primitives) {
    super()
    this.#primitives = primitives
  }

  override extract(salt: ArrayBufferLike | ArrayBufferView, ikm: ArrayBufferLike | ArrayBufferView) {
    const key = salt.byteLength === 0 ? new Uint8Array(this.hashSize) : toUint8Array(salt)
    return Promise.resolve(toArrayBuffer(this.#primitives.hmac(key, toUint8Array(ikm))))
  }

  /** RFC 5869, 2.3. HPKE never asks for more than one block. */
  override expand(
    prk: ArrayBufferLike | ArrayBufferView,
    info: ArrayBufferLike | ArrayBufferView,
    length: number,
  ) {
    if (length > this.hashSize) return super.expand(prk, info, length)
    const block = new Uint8Array([...toUint8Array(info), 1])
    const okm = this.#primitives.hmac(toUint8Array(prk), block)
    return Promise.resolve(toArrayBuffer(okm.subarray(0, length)))
  }

  override extractAndExpand(
    salt: ArrayBufferLike | ArrayBufferView,
    ikm: ArrayBufferLike | ArrayBufferView,
    info: ArrayBufferLike | ArrayBufferView,
    length: number,
  ) {
    const okm = this.#primitives.hkdf(toUint8Array(ikm), toUint8Array(salt), toUint8Array(info), length)
    return Promise.resolve(toArrayBuffer(okm))
  }
}

class X25519Kem extends Dhkem {
  override readonly secretSize = 32
  override readonly encSize = 32
  override readonly publicKeySize = 32
  override readonly privateKeySize = 32

  constructor(primitives: Primitives) {
    const kdf = new Hkdf(primitives)
    super(KemId.DhkemX25519HkdfSha256, new Agreement(primitives, kdf), kdf)
  }
}

class Agreement implements DhkemPrimitives {
  readonly #primitives: Primitives
  readonly #kdf: KdfInterface

  constructor(primitives: Primitives, kdf: KdfInterface) {
    this.#primitives = primitives
    this.#kdf = kdf
  }

  serializePublicKey(key: CryptoKey) {
    return Promise.resolve(toArrayBuffer(bytesOf(key)))
  }

  deserializePublicKey(key: ArrayBufferLike | ArrayBufferView): Promise<CryptoKey> {
    return this.importKey('raw', toArrayBuffer(key), true)
  }

  serializePrivateKey(key: CryptoKey) {
    return Promise.resolve(toArrayBuffer(bytesOf(key)))
  }

  deserializePrivateKey(key: ArrayBufferLike | ArrayBufferView): Promise<CryptoKey> {
    return this.importKey('raw', toArrayBuffer(key), false)
  }

  importKey(_format: 'raw' | 'jwk', key: ArrayBuffer | JsonWebKey, isPublic: boolean): Promise<CryptoKey> {
    if (!(key instanceof ArrayBuffer) || key.byteLength !== 32)
      return Promise.reject(new TypeError('A key is 32 bytes.'))
    const bytes = new Uint8Array(key)
    return Promise.resolve(
      isPublic ? new XCryptoKey(algorithm, bytes, 'public') : privateOf(this.#primitives.sealingKey(bytes)),
    )
  }

  generateKeyPair(): Promise<CryptoKeyPair> {
    return Promise.resolve(pairOf(this.#primitives.sealingKey()))
  }

  /** RFC 9180, 7.1.3. */
  async deriveKeyPair(ikm: ArrayBufferLike | ArrayBufferView): Promise<CryptoKeyPair> {
    const label = (text: string) => new TextEncoder().encode(text)
    const prk = await this.#kdf.labeledExtract(EMPTY.buffer, label('dkp_prk'), toUint8Array(ikm))
    const secret = await this.#kdf.labeledExpand(prk, label('sk'), EMPTY, 32)
    return pairOf(this.#primitives.sealingKey(new Uint8Array(secret)))
  }

  derivePublicKey(key: CryptoKey): Promise<CryptoKey> {
    return Promise.resolve(pairOf(sealingOf(key)).publicKey)
  }

  dh(secret: CryptoKey, publicKey: CryptoKey) {
    const shared = sealingOf(secret).agree(bytesOf(publicKey))
    if (!shared) return Promise.reject(new TypeError('A point of small order.'))
    return Promise.resolve(toArrayBuffer(shared))
  }
}

const pairOf = (key: SealingKey): CryptoKeyPair => ({
  privateKey: privateOf(key),
  publicKey: new XCryptoKey(algorithm, fromText(key.publicKey), 'public'),
})

function sealingOf(key: CryptoKey): SealingKey {
  if (key instanceof PrivateKey) return key.sealing
  throw new TypeError('Not a private key of ours.')
}

const aeadOf = (primitives: Primitives) => ({
  id: AeadId.Chacha20Poly1305,
  keySize: 32,
  nonceSize: 12,
  tagSize: 16,
  createEncryptionContext(key: ArrayBufferLike | ArrayBufferView) {
    const bytes = toUint8Array(key)
    return {
      seal: (
        iv: ArrayBufferLike | ArrayBufferView,
        data: ArrayBufferLike | ArrayBufferView,
        aad: ArrayBufferLike | ArrayBufferView,
      ) =>
        Promise.resolve(
          toArrayBuffer(primitives.seal(bytes, toUint8Array(iv), toUint8Array(aad), toUint8Array(data))),
        ),
      open: (
        iv: ArrayBufferLike | ArrayBufferView,
        data: ArrayBufferLike | ArrayBufferView,
        aad: ArrayBufferLike | ArrayBufferView,
      ) => {
        const plain = primitives.open(bytes, toUint8Array(iv), toUint8Array(aad), toUint8Array(data))
        return plain ? Promise.resolve(toArrayBuffer(plain)) : Promise.reject(new TypeError('Does not open.'))
      },
    }
  },
})
