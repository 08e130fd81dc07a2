import * as crypto from 'node:crypto'
import { type PublicKey, toText } from '@parley/domain/sealed/bytes'
import { type Aead, aeadByNode, aeadBySodium } from './aead.ts'
import { verifier, type VerifyText } from './ed25519.ts'
import type { Primitives, SealingKey, SigningKey } from './primitives.ts'

/** What PKCS #8 (RFC 8410) puts in front of the 32 bytes of a private key. */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const x25519Prefix = Buffer.from('302e020100300506032b656e04220420', 'hex')

type Curve = 'Ed25519' | 'X25519'

/**
 * node:crypto's, which is OpenSSL's in Node and BoringSSL's in Electron, but for the checking of signatures, and for sealing and
 * opening.
 */
export function nodePrimitives(
  verify: VerifyText = verifier(),
  aead: Aead = aeadBySodium() ?? aeadByNode(),
): Primitives {
  return {
    ...aead,
    randomBytes: (bytes) => plain(crypto.randomBytes(bytes)),
    hash: (bytes) => crypto.hash('sha256', bytes, 'base64url'),
    sha256: (bytes) => plain(crypto.hash('sha256', bytes, 'buffer')),
    hmac: (key, bytes) => plain(crypto.createHmac('sha256', key).update(bytes).digest()),
    hkdf: (key, salt, info, bytes) => new Uint8Array(crypto.hkdfSync('sha256', key, salt, info, bytes)),
    signingKey: (seed) => signingKey(seed ?? plain(crypto.randomBytes(32))),
    sealingKey: (secret) => sealingKey(secret ?? plain(crypto.randomBytes(32))),
    verify,
  }
}

/** Buffers of a pool would keep, and show, what lies beside them. */
const plain = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes)

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
