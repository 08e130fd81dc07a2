import type { SealedContent } from '@parley/crypto/unsealing'
import { nonceBytes, type PublicKey, signatureBytes } from '@parley/domain/sealed/bytes'
import type { SealedCause } from '@parley/domain/sealed/causes'

/** What became of one content: what was sealed, as JSON, or why it stays closed. */
export type Unsealed =
  | { readonly kind: 'unsealed'; readonly text: string }
  | { readonly kind: 'closed'; readonly cause: SealedCause }

/** Contents on their way to a thread, in one piece of memory that is handed over and not copied. */
export interface Batch {
  readonly number: number
  /** Of each content: nonce, signature and what is signed. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Of each content: the numbers of signer and key, how long it is, and where in it data and ciphertext begin. */
  readonly fields: readonly number[]
  readonly signers: readonly PublicKey[]
  readonly keys: readonly Uint8Array[]
}

export type FromThread =
  | { readonly kind: 'up' }
  | { readonly kind: 'done'; readonly number: number; readonly unsealed: readonly Unsealed[] }

const fieldsEach = 5
const fixedBytes = nonceBytes + signatureBytes

export function packed(number: number, contents: readonly SealedContent[]): Batch {
  const signers = new Numbered<PublicKey>()
  const keys = new Numbered<Uint8Array>()
  const fields: number[] = []
  const bytes = new Uint8Array(contents.reduce((sum, { part }) => sum + fixedBytes + part.length, 0))
  let at = 0
  for (const { signer, signature, part, associatedAt, ciphertextAt, key, nonce } of contents) {
    fields.push(signers.of(signer), keys.of(key), part.length, associatedAt, ciphertextAt)
    bytes.set(nonce, at)
    bytes.set(signature, at + nonceBytes)
    bytes.set(part, at + fixedBytes)
    at += fixedBytes + part.length
  }
  return { number, bytes, fields, signers: signers.all, keys: keys.all }
}

export function* unpacked({
  bytes,
  fields,
  signers,
  keys,
}: Batch): Generator<SealedContent, void, undefined> {
  let at = 0
  for (let first = 0; first < fields.length; first += fieldsEach) {
    const [signerNumber = 0, keyNumber = 0, length = 0, associatedAt = 0, ciphertextAt = 0] = fields.slice(
      first,
      first + fieldsEach,
    )
    const [signer, key] = [signers[signerNumber], keys[keyNumber]]
    if (signer === undefined || !key) throw new RangeError('A batch names a key that it does not have')
    const nonce = bytes.subarray(at, at + nonceBytes)
    const signature = bytes.subarray(at + nonceBytes, at + fixedBytes)
    const part = bytes.subarray(at + fixedBytes, at + fixedBytes + length)
    at += fixedBytes + length
    yield { signer, signature, part, associatedAt, ciphertextAt, key, nonce }
  }
}

/** Values that repeat, each once. */
class Numbered<T> {
  readonly all: T[] = []
  readonly #numbers = new Map<T, number>()

  of(value: T): number {
    const known = this.#numbers.get(value)
    if (known !== undefined) return known
    this.#numbers.set(value, this.all.length)
    return this.all.push(value) - 1
  }
}
