import type { SealedContent } from '@parley/crypto/unsealing'
import type { PublicKey } from '@parley/domain/sealed/bytes'
import type { SealedCause } from '@parley/domain/sealed/causes'

/** What became of one content: what was sealed, as JSON, or why it stays closed. */
export type Unsealed = string | { readonly cause: SealedCause }

/** Contents on their way to a thread: texts, which are copied as they are, and numbers. */
export interface Batch {
  readonly number: number
  readonly sealed: readonly string[]
  readonly places: readonly string[]
  /** Of each content, which of the signers and keys below is its own. */
  readonly signerOf: readonly number[]
  readonly keyOf: readonly number[]
  readonly signers: readonly PublicKey[]
  readonly keys: readonly Uint8Array[]
}

export type FromThread =
  | { readonly kind: 'up' }
  | { readonly kind: 'done'; readonly number: number; readonly unsealed: readonly Unsealed[] }

export function packed(number: number, contents: readonly SealedContent[]): Batch {
  const signers = new Numbered<PublicKey>()
  const keys = new Numbered<Uint8Array>()
  return {
    number,
    sealed: contents.map(({ sealed }) => sealed),
    places: contents.map(({ place }) => place),
    signerOf: contents.map(({ signer }) => signers.of(signer)),
    keyOf: contents.map(({ key }) => keys.of(key)),
    signers: signers.all,
    keys: keys.all,
  }
}

export const unpacked = ({ sealed, places, signerOf, keyOf, signers, keys }: Batch): SealedContent[] =>
  sealed.map((text, at) => {
    const place = places[at]
    const signer = signers[signerOf[at] ?? -1]
    const key = keys[keyOf[at] ?? -1]
    if (place === undefined || signer === undefined || !key)
      throw new RangeError('A batch has not all of a content')
    return { signer, key, sealed: text, place }
  })

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
