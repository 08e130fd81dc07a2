import { type Hash, type PublicKey, zeroHash } from '@parley/domain/sealed/bytes'

/**
 * What a device sealed last in a conversation, which its next content there names. It is held in memory alone: what is sealed
 * after a start names nothing, and that costs readers one signature.
 */
export class Previous {
  hash: Hash = zeroHash
}

/**
 * For which content of a conversation each device's later one vouches. A device signs what it seals together with the hash of
 * what it sealed before. Whoever checked the one signature knows by it that the device sealed the other, and does without its
 * signature: the messages of a device that come together cost one (Gennaro and Rohatgi, "How to sign digital streams", 1997).
 * Without it, or where there is a gap, each signature is checked for itself.
 */
export class Vouched {
  readonly #named = new Map<PublicKey, Hash>()

  /** Of content that is right: its device says of which other one it is. */
  add(signer: PublicKey, previous: Hash): void {
    this.#named.set(signer, previous)
  }

  /** Whether the device said that it sealed this. */
  includes(signer: PublicKey, hash: Hash): boolean {
    return this.#named.get(signer) === hash
  }
}
