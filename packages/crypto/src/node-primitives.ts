import * as crypto from 'node:crypto'
import { joined, type PublicKey, tagBytes, toText } from '@parley/domain/sealed/bytes'
import { verifier, type VerifyText } from './ed25519.ts'
import type { Primitives, SealingKey, SigningKey } from './primitives.ts'

const cipher = 'aes-256-gcm'
/** What PKCS #8 (RFC 8410) puts in front of the 32 bytes of a private key. */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const x25519Prefix = Buffer.from('302e020100300506032b656e04220420', 'hex')

type Curve = 'Ed25519' | 'X25519'

/** node:crypto's, which is OpenSSL's in Node and BoringSSL's in Electron, but for the checking of signatures. */
export function nodePrimitives(verify: VerifyText = verifier()): Primitives {
  return {
    randomBytes: (bytes) => plain(crypto.randomBytes(bytes)),
    sha256: (bytes) => plain(crypto.hash('sha256', bytes, 'buffer')),
    hmac: (key, bytes) => plain(crypto.createHmac('sha256', key).update(bytes).digest()),
    hkdf: (key, salt, info, bytes) => new Uint8Array(crypto.hkdfSync('sha256', key, salt, info, bytes)),
    seal,
    open,
    signingKey: (seed) => signingKey(seed ?? plain(crypto.randomBytes(32))),
    sealingKey: (secret) => sealingKey(secret ?? plain(crypto.randomBytes(32))),
    verify,
  }
}

/** Buffers of a pool would keep, and show, what lies beside them. */
const plain = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes)

function seal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, bytes: Uint8Array): Uint8Array {
  const sealing = crypto.createCipheriv(cipher, key, nonce)
  sealing.setAAD(associated)
  const sealed = sealing.update(bytes)
  sealing.final()
  return joined(sealed, sealing.getAuthTag())
}

function open(
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | null {
  if (sealed.length < tagBytes) return null
  const opening = crypto.createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes })
  opening.setAAD(associated)
  opening.setAuthTag(sealed.subarray(-tagBytes))
  const bytes = opening.update(sealed.subarray(0, -tagBytes))
  try {
    // A stream cipher holds nothing back: what is final is whether the tag is right.
    opening.final()
  } catch {
    return null
  }
  return plain(bytes)
}

const privateKey = (prefix: Uint8Array, bytes: Uint8Array): crypto.KeyObject =>
  crypto.createPrivateKey({ key: Buffer.concat([prefix, bytes]), format: 'der', type: 'pkcs8' })

const publicText = (key: crypto.KeyObject): PublicKey => {
  const { x } = crypto.createPublicKey(key).export({ format: 'jwk' })
  if (x === undefined) throw new TypeError('A key of these curves has an x.')
  return x
}

const publicKey = (crv: Curve, x: string): crypto.KeyObject =>
  crypto.createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv, x } })

function signingKey(seed: Uint8Array): SigningKey {
  const key = privateKey(ed25519Prefix, seed)
  return { seed, publicKey: publicText(key), sign: (bytes) => plain(crypto.sign(null, bytes, key)) }
}

function sealingKey(secret: Uint8Array): SealingKey {
  const key = privateKey(x25519Prefix, secret)
  return {
    secret,
    publicKey: publicText(key),
    agree(other) {
      try {
        const shared = crypto.diffieHellman({
          privateKey: key,
          publicKey: publicKey('X25519', toText(other)),
        })
        return plain(shared)
      } catch {
        return null
      }
    },
  }
}
