import { reactionBytesMax } from '@parley/domain/limits'
import {
  ByteReader,
  ByteWriter,
  fromText,
  fromUtf8,
  joined,
  nonceBytes,
  suite,
  tagBytes,
  toText,
  utf8,
} from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import type { Chain } from '@parley/domain/sealed/chain'
import type { MessagePlace } from '@parley/domain/sealed/message-form'
import type { HeldKey, Keyring } from './keyring.ts'
import type { Primitives } from './primitives.ts'

/**
 * A reaction as the server gets it: equal ones to one message are equal, so that it can count them and take them back. `epoch` is
 * that of the message's content.
 * @throws SealedError `no-grant-yet`, `too-many` (more than 64 bytes)
 */
export function sealReaction(
  primitives: Primitives,
  chain: Chain,
  keyring: Keyring,
  to: { readonly place: MessagePlace; readonly epoch: number },
  emoji: string,
): string {
  const held = keyring.of(chain, to.epoch)
  if (!held) throw new SealedError('no-grant-yet', `The key of epoch ${to.epoch} is not here.`)
  const bytes = utf8(emoji)
  if (bytes.length > reactionBytesMax || bytes.includes(0))
    throw new SealedError('too-many', 'It is too long for a reaction.')
  const padded = new Uint8Array(reactionBytesMax)
  padded.set(bytes)
  const associated = associatedOf(to.epoch, to.place)
  const nonce = nonceOf(primitives, held, associated, padded)
  const sealed = primitives.seal(held.reaction, nonce, associated, padded)
  return toText(new ByteWriter().u32(to.epoch).raw(nonce).raw(sealed).done())
}

/** @throws SealedError `malformed`, `no-grant-yet`, `tampered` */
export function openReaction(
  primitives: Primitives,
  chain: Chain,
  keyring: Keyring,
  place: MessagePlace,
  sealed: string,
): string {
  const from = new ByteReader(fromText(sealed))
  const epoch = from.u32()
  const nonce = from.raw(nonceBytes)
  const ciphertext = from.raw(reactionBytesMax + tagBytes)
  from.end()
  const held = keyring.of(chain, epoch)
  if (!held) throw new SealedError('no-grant-yet', `The key of epoch ${epoch} is not here.`)
  const associated = associatedOf(epoch, place)
  const padded = primitives.open(held.reaction, nonce, associated, ciphertext)
  if (!padded || toText(nonceOf(primitives, held, associated, padded)) !== toText(nonce))
    throw new SealedError('tampered', 'The reaction does not open.')
  const end = padded.indexOf(0)
  return fromUtf8(end === -1 ? padded : padded.subarray(0, end))
}

const associatedOf = (epoch: number, { conversationId, authorId, clientMessageId }: MessagePlace) =>
  new ByteWriter()
    .u8(suite)
    .u32(epoch)
    .ascii(conversationId + authorId + clientMessageId)
    .done()

/** The nonce follows from what is sealed: used again, it is for the same again. */
const nonceOf = (primitives: Primitives, held: HeldKey, associated: Uint8Array, padded: Uint8Array) =>
  primitives.hmac(held.reactionNonce, joined(associated, padded)).subarray(0, nonceBytes)
