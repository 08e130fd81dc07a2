import { type Hash, type PublicKey, zeroHash } from '@parley/domain/sealed/bytes'

/** Contents that were vouched for and did not come yet; past it the oldest are forgotten, and cost a signature each. */
const vouchedMax = 20_000

/**
 * What a device sealed last in a conversation, which its next content there names. It is held in memory alone: what is sealed
 * after a start names nothing, and that costs readers one signature.
 */
export class Previous {
  hash: Hash = zeroHash
}

/**
 * Contents for which a later one of the same device vouches. A device signs what it seals together with the hash of what it
 * sealed before. Whoever checked the one signature knows by it that the device sealed the other, and does without its signature:
 * the messages of a device that come together cost one (Gennaro and Rohatgi, "How to sign digital streams", 1997).
 * Without it, or where it has a gap, each signature is checked for itself.
 */
export class Vouched {
  readonly #names = new Set<string>()

  /** Of content that is right: its device says of which other one it is. */
  add(signer: PublicKey, previous: Hash): void {
    if (previous === zeroHash) return
    this.#names.add(signer + previous)
    if (this.#names.size <= vouchedMax) return
    for (const oldest of this.#names) {
      this.#names.delete(oldest)
      return
    }
  }

  /** Whether that device said that it sealed this. It said so once. */
  take(signer: PublicKey, hash: Hash): boolean {
    return this.#names.delete(signer + hash)
  }
}
