import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'

export const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
const saltBytes = 16

/** AES-256-GCM: nonce, ciphertext, tag. `purpose` is bound to it: what was sealed as one thing opens as that alone. */
export function sealSecret(key: Uint8Array, secret: Uint8Array, purpose: string): Uint8Array {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose))
  return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
}

/** @throws when the key is not the one that sealed it, or a bit was changed. */
export function openSecret(key: Uint8Array, sealed: Uint8Array, purpose: string): Uint8Array {
  const nonce = sealed.subarray(0, nonceBytes)
  const tag = sealed.subarray(sealed.length - tagBytes)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(purpose)).setAuthTag(tag)
  return Buffer.concat([
    decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)),
    decipher.final(),
  ])
}

/**
 * One of OWASP's recommended settings for scrypt (Password Storage Cheat Sheet): 64 MiB, about a third of a second.
 * Electron's BoringSSL has no Argon2.
 */
export const stretching = { N: 2 ** 16, r: 8, p: 2 } as const
const stretchingBytesMax = 96 * 1024 * 1024

export const newSalt = (): Uint8Array => randomBytes(saltBytes)

export function keyOfPassphrase(passphrase: string, salt: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    scrypt(
      passphrase.normalize('NFC'),
      salt,
      keyBytes,
      { ...stretching, maxmem: stretchingBytesMax },
      (error, key) => (error ? reject(error) : resolve(key)),
    )
  })
}
