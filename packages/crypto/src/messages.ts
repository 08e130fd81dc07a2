import type { AccountId } from '@parley/domain/ids'
import { sealedContentBytesMax, sealedPaddingBytes } from '@parley/domain/limits'
import {
  fromText,
  joined,
  nonceBytes,
  type PublicKey,
  toText,
  utf8,
  zeroHash,
} from '@parley/domain/sealed/bytes'
import { type SealedCause, SealedError } from '@parley/domain/sealed/causes'
import {
  type Chain,
  type Lists,
  mayRead,
  membershipsOf,
  newestEpoch,
  whyNotFrom,
} from '@parley/domain/sealed/chain'
import type { DeviceList } from '@parley/domain/sealed/device-list'
import {
  isTagOf,
  type MessageForm,
  messagePart,
  type MessagePlace,
  readMessage,
  tagOf,
  writeMessageHeader,
} from '@parley/domain/sealed/message-form'
import { SealedBody } from '@parley/domain/sealed/wire'
import type { DeviceKeys } from './identity.ts'
import type { Keyring } from './keyring.ts'
import type { Primitives } from './primitives.ts'
import { type SealedContent, unseal } from './unsealing.ts'
import { type Previous, Vouched } from './vouching.ts'

/** What a device knows of a conversation, and has of its keys. */
export interface Reading {
  readonly primitives: Primitives
  /** Null where there is none: the conversation was sealed by programs of another kind. */
  readonly chain: Chain | null
  readonly lists: Lists
  readonly keyring: Keyring
  /** Who reads, to tell what is missing from what is not meant for it. */
  readonly reader: { readonly accountId: AccountId; readonly identity: string }
}

export interface Writing {
  readonly primitives: Primitives
  readonly chain: Chain
  readonly keyring: Keyring
  readonly keys: DeviceKeys
  /** What the device sealed before, where that is known; this comes to be it. */
  readonly previous?: Previous
}

/** Sealed content, and where it stands. */
export interface Received {
  readonly place: MessagePlace
  readonly sealed: string
  /** The highest revision of this message that was opened here before. */
  readonly revisionSeen?: number
  /** The newest epoch when this came to stand in the log, where that is known: content of older ones comes too late. */
  readonly epochThen?: number
}

export interface Opened {
  readonly body: SealedBody
  readonly form: MessageForm
}

/**
 * Seals content under the newest epoch, signed by this device. An edit has a revision, one above that of what it replaces.
 * @throws SealedError `epoch-due` (begin one first), `no-grant-yet` (the newest key is not here), `too-many` (too large)
 */
export function sealMessage(
  { primitives, chain, keyring, keys, previous }: Writing,
  place: MessagePlace,
  body: SealedBody,
  revision = 0,
): string {
  if (chain.due) throw new SealedError('epoch-due', 'An epoch has to begin before anything more is sealed.')
  const epoch = newestEpoch(chain)
  const held = keyring.of(chain, epoch.number)
  if (!held) throw new SealedError('no-grant-yet', 'The key of the newest epoch is not here.')
  const header = writeMessageHeader({
    kind: revision === 0 ? 'send' : 'edit',
    revision,
    epoch: epoch.number,
    epochTag: tagOf(epoch.commitment),
    chainIndex: chain.hashes.length - 1,
    chainTag: tagOf(chain.hashes.at(-1) ?? zeroHash),
    previous: previous?.hash ?? zeroHash,
    deviceId: keys.id,
    nonce: primitives.randomBytes(nonceBytes),
  })
  const { associated } = messagePart(header, place, new Uint8Array())
  const ciphertext = primitives.seal(held.message, header.subarray(-nonceBytes), associated, padded(body))
  const { bytes } = messagePart(header, place, ciphertext)
  const sealed = joined(header, ciphertext, keys.signing.sign(bytes))
  if (sealed.length > sealedContentBytesMax) throw new SealedError('too-many', 'The content is too large.')
  if (previous) previous.hash = toText(primitives.sha256(bytes))
  return toText(sealed)
}

/** JSON with spaces behind it, so that its length says less. */
function padded(body: SealedBody): Uint8Array {
  const json = utf8(JSON.stringify(body))
  const bytes = new Uint8Array(Math.ceil(json.length / sealedPaddingBytes) * sealedPaddingBytes).fill(0x20)
  bytes.set(json)
  return bytes
}

/**
 * Checks who made the content and when, and opens it.
 * @throws SealedError with the cause for which it cannot be opened, or not yet
 */
export function openMessage(reading: Reading, received: Received): Opened {
  const { form, content } = prepareMessage(reading, received)
  return { body: bodyOf(unseal(reading.primitives, new Vouched(), content)), form }
}

/** What is to be done with content next. */
export interface Prepared {
  readonly form: MessageForm
  /** For `unseal`, and what that returns for `bodyOf`. */
  readonly content: SealedContent
}

/**
 * The first part of opening: all that needs chain, lists and keys.
 * @throws SealedError with the cause for which it cannot be opened, or not yet
 */
export function prepareMessage(reading: Reading, received: Received): Prepared {
  const { chain, keyring, reader } = reading
  if (!chain) throw new SealedError('foreign', 'Sealed by a program of another kind.')
  const { place, revisionSeen = 0 } = received
  if (place.conversationId !== chain.conversationId)
    throw new SealedError('tampered', 'The content is from another conversation.')
  if (received.sealed.length > sealedCharsMax) throw new SealedError('malformed', 'The content is too large.')
  const message = readMessage(fromText(received.sealed))
  mustFitChain(chain, message, received.epochThen)
  const signer = signerOf(reading, chain, place.authorId, message)
  if (message.revision < revisionSeen)
    throw new SealedError('replayed', 'An older version than was here before.')
  const held = keyring.byTag(message.epochTag)
  if (!held) {
    throw mayRead(chain, reader.accountId, reader.identity, message.epoch)
      ? new SealedError('no-grant-yet', `The key of epoch ${message.epoch} is not here yet.`)
      : new SealedError('not-entitled', 'This was said before one came, or after one left.')
  }
  return { form: message, content: { signer, key: held.message, message, place } }
}

const sealedCharsMax = Math.ceil((sealedContentBytesMax / 3) * 4)

/** The sender knew of the chain what is known here, or more; and sealed under the newest epoch that it knew. */
function mustFitChain(chain: Chain, message: MessageForm, epochThen: number | undefined): void {
  const hash = chain.hashes[message.chainIndex]
  if (hash === undefined)
    throw new SealedError('chain-behind', 'The sender knew more of the chain than is known here.')
  if (!isTagOf(hash, message.chainTag))
    throw new SealedError('chain-broken', 'The sender was shown another chain than is known here.')
  const epoch = chain.epochs[message.epoch]
  if (!epoch || epoch.entry > message.chainIndex)
    throw new SealedError('malformed', 'The sender names an epoch that it could not know.')
  if (!isTagOf(epoch.commitment, message.epochTag))
    throw new SealedError('chain-broken', 'The sender names another epoch than is known here.')
  const next = chain.epochs[message.epoch + 1]
  if ((next && next.entry <= message.chainIndex) || message.epoch < (epochThen ?? 0))
    throw new SealedError('epoch-over', 'The epoch was over when this was sent.')
}

function signerOf({ lists }: Reading, chain: Chain, authorId: AccountId, message: MessageForm): PublicKey {
  let why: SealedCause = 'sender-not-member'
  for (const { identity } of membershipsOf(chain, authorId)) {
    const list: DeviceList | null = identity === null ? null : lists(authorId, identity)
    const cause = list ? whyNotFrom(chain, list, message.deviceId, message.epoch) : 'needs-list'
    const device = list?.devices.get(message.deviceId)
    if (cause === null && device) return device.signing
    if (cause !== null && cause !== 'sender-not-member') why = cause
  }
  throw new SealedError(why, "The sender's device could not have sealed this.")
}

/**
 * The last part of opening.
 * @param text what was sealed
 * @throws SealedError `malformed`
 */
export function bodyOf(text: string): SealedBody {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new SealedError('malformed', 'The content is not JSON.')
  }
  const body = SealedBody.safeParse(json)
  if (!body.success) throw new SealedError('malformed', 'The content is not that of a message.')
  return body.data
}
