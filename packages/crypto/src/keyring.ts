import type { ConversationId } from '@parley/domain/ids'
import { type Hash, utf8 } from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import type { Chain } from '@parley/domain/sealed/chain'
import { commitmentOf } from '@parley/domain/sealed/chain-entry'
import { epochKeyBytes } from '@parley/domain/sealed/grant-form'
import { tagOf } from '@parley/domain/sealed/message-form'
import type { Primitives } from './primitives.ts'

/** An epoch's key as it is kept and granted. */
export interface EpochKey {
  readonly number: number
  readonly key: Uint8Array
}

/** An epoch's key, and what is derived from it. */
export interface HeldKey extends EpochKey {
  readonly commitment: Hash
  readonly message: Uint8Array
  readonly reaction: Uint8Array
  readonly reactionNonce: Uint8Array
}

/**
 * The epoch keys that a device has of one conversation. They are found by number and commitment: a chain that was
 * forked and mended has two epochs of one number, and messages of both stay readable.
 */
export class Keyring {
  readonly conversationId: ConversationId
  readonly #primitives: Primitives
  readonly #byTag = new Map<string, HeldKey>()

  constructor(primitives: Primitives, conversationId: ConversationId, keys: readonly EpochKey[] = []) {
    this.#primitives = primitives
    this.conversationId = conversationId
    for (const key of keys) this.hold(key)
  }

  hold({ number, key }: EpochKey): HeldKey {
    const commitment = commitmentOf(this.#primitives, this.conversationId, number, key)
    const known = this.#byTag.get(tagOf(commitment))
    if (known) return known
    const salt = utf8(this.conversationId)
    const reaction = this.#primitives.hkdf(key, salt, utf8('parley/1 reaction'), 64)
    const held = {
      number,
      key,
      commitment,
      message: this.#primitives.hkdf(key, salt, utf8('parley/1 message'), 32),
      reaction: reaction.slice(0, 32),
      reactionNonce: reaction.slice(32),
    }
    this.#byTag.set(tagOf(commitment), held)
    return held
  }

  byTag(tag: string): HeldKey | null {
    return this.#byTag.get(tag) ?? null
  }

  /** The key of one of a chain's epochs. */
  of(chain: Chain, number: number): HeldKey | null {
    const commitment = chain.epochs[number]?.commitment
    return commitment === undefined ? null : this.byTag(tagOf(commitment))
  }

  /** All of them, for the device's store and the backup. */
  get keys(): EpochKey[] {
    return [...this.#byTag.values()].map(({ number, key }) => ({ number, key }))
  }
}

/** A key for a new epoch, and what of it goes into the chain. */
export function newEpochKey(primitives: Primitives, conversationId: ConversationId, number: number) {
  const key = primitives.randomBytes(epochKeyBytes)
  return { number, key, commitment: commitmentOf(primitives, conversationId, number, key) }
}

/**
 * Takes a key that somebody gave, if it is the one that the chain names.
 * @throws SealedError `epoch-unknown`, `key-mismatch`
 */
export function holdGranted(
  keyring: Keyring,
  chain: Chain,
  given: EpochKey,
  primitives: Primitives,
): HeldKey {
  const epoch = chain.epochs[given.number]
  if (!epoch) throw new SealedError('epoch-unknown', `The chain here has no epoch ${given.number} yet.`)
  if (commitmentOf(primitives, chain.conversationId, given.number, given.key) !== epoch.commitment)
    throw new SealedError('key-mismatch', 'The key is not the one of the chain.')
  return keyring.hold(given)
}
