import { loadSodium, partOf } from './sodium.ts'

export const argon2idSaltBytes = 16
const keyBytesMin = 16
const memoryBytesMin = 8_192

/** What a guess costs: so much memory, gone over so many times. By one thread. */
export interface Argon2idCost {
  readonly memoryBytes: number
  readonly passes: number
}

/**
 * Argon2id, version 1.3 (RFC 9106), in a thread of libuv's. The passphrase and the salt must stay as they are until it is done.
 *
 * @throws RangeError for a salt, a key or a cost of a size that it does not have; Error where the memory is not to be had.
 */
export type Argon2id = (
  passphrase: Uint8Array,
  salt: Uint8Array,
  keyBytes: number,
  cost: Argon2idCost,
) => Promise<Uint8Array>

/** libsodium's. Null where its library is not there, or not for this system. */
export function argon2idBySodium(): Argon2id | null {
  const library = loadSodium()
  if (!library) return null
  return async (passphrase, salt, keyBytes, { memoryBytes, passes }) => {
    // What is out of its bounds would end the process: the library asserts.
    check('A salt of Argon2id', salt.length, argon2idSaltBytes, argon2idSaltBytes)
    check('A key of Argon2id', keyBytes, keyBytesMin, 2 ** 32 - 1)
    check('The memory of Argon2id', memoryBytes, memoryBytesMin, 2 ** 32 - 1)
    check('The passes of Argon2id', passes, 1, 2 ** 32 - 1)
    const key = new Uint8Array(keyBytes)
    const status = await new Promise<number>((resolve) => {
      library.crypto_pwhash_async(
        ...partOf(key),
        ...partOf(passphrase),
        ...partOf(salt),
        passes,
        memoryBytes,
        library.crypto_pwhash_ALG_ARGON2ID13,
        resolve,
      )
    })
    if (status !== 0) throw new Error(`Argon2id could not have ${memoryBytes} bytes of memory`)
    return key
  }
}

function check(what: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max)
    throw new RangeError(`${what} cannot be ${value}`)
}
