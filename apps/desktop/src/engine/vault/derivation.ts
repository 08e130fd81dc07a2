import { randomBytes, scrypt } from 'node:crypto'
import { type Argon2id, argon2idSaltBytes } from '@parley/crypto/argon2id'
import { z } from 'zod'
import { keyBytes } from './sealing.ts'

const mebibyte = 1024 * 1024

/** What a file may ask of us: whoever can change it shall not make us take all memory there is, or hours. */
const memoryBytesMin = 64 * mebibyte
const memoryBytesMax = 512 * mebibyte
const passesMin = 2
const passesMax = 8

/** How a key is made of a passphrase, as it stands in the file. scrypt was never made in another way than this. */
export const Derivation = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('argon2id'),
    memoryBytes: z.int().min(memoryBytesMin).max(memoryBytesMax).multipleOf(1024),
    passes: z.int().min(passesMin).max(passesMax),
  }),
  z.strictObject({ by: z.literal('scrypt'), N: z.literal(2 ** 16), r: z.literal(8), p: z.literal(2) }),
])
export type Derivation = z.infer<typeof Derivation>

/** More than libsodium's own choice for who waits for it, 64 MiB, and than OWASP's least, 19 MiB (Password Storage Cheat Sheet). */
const byArgon2id: Derivation = { by: 'argon2id', memoryBytes: 128 * mebibyte, passes: 2 }
/** One of OWASP's settings: 64 MiB. Files that name no derivation were made by it. */
export const byScrypt: Derivation = { by: 'scrypt', N: 2 ** 16, r: 8, p: 2 }
const scryptBytesMax = 96 * mebibyte

/** What new keys are made by: scrypt where libsodium is not there. */
export const derivationFor = (argon2id: Argon2id | null): Derivation => (argon2id ? byArgon2id : byScrypt)

export const saltBytes = argon2idSaltBytes
export const newSalt = (): Uint8Array => randomBytes(saltBytes)

/** Made with libsodium, on a computer on which it is not there. */
export class DerivationMissing extends Error {
  override readonly name = 'DerivationMissing'
}

/** In a thread of libuv's, but for half of scrypt in Electron. @throws DerivationMissing. */
export async function keyOfPassphrase(
  passphrase: string,
  salt: Uint8Array,
  derivation: Derivation,
  argon2id: Argon2id | null,
): Promise<Uint8Array> {
  const bytes = Buffer.from(passphrase.normalize('NFC'))
  if (derivation.by === 'scrypt') return keyByScrypt(bytes, salt, derivation)
  if (!argon2id) throw new DerivationMissing('What made the key of this device needs libsodium')
  return argon2id(bytes, salt, keyBytes, derivation)
}

/** Electron's does all the work twice, first on this very thread: Node tries out there whether BoringSSL takes the parameters. */
function keyByScrypt(
  passphrase: Uint8Array,
  salt: Uint8Array,
  { N, r, p }: Extract<Derivation, { by: 'scrypt' }>,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, keyBytes, { N, r, p, maxmem: scryptBytesMax }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}
