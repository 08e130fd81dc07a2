import type { AccountId } from '@parley/domain/ids'
import { sealedContentBytesMax, sealedPaddingBytes } from '@parley/domain/limits'
import {
  fromTextInto,
  fromUtf8,
  joined,
  nonceBytes,
  type PublicKey,
  tagBytes,
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
  messagePart,
  type MessagePlace,
  MessageReader,
  type MessageStanding,
  type SealedMessage,
  tagOf,
  writeMessageHeader,
} from '@parley/domain/sealed/message-form'
import { SealedBody } from '@parley/domain/sealed/wire'
import type { DeviceKeys } from './identity.ts'
import type { Keyring } from './keyring.ts'
import type { Primitives } from './primitives.ts'
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
  readonly epoch: number
  readonly revision: number
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
  if (previous) previous.hash = primitives.hash(bytes)
  return toText(sealed)
}

/** JSON with spaces behind it, so that its length says less. */
function padded(body: SealedBody): Uint8Array {
  const json = utf8(JSON.stringify(body))
  const bytes = new Uint8Array(Math.ceil(json.length / sealedPaddingBytes) * sealedPaddingBytes).fill(0x20)
  bytes.set(json)
  return bytes
}

/** Label and place together are shorter. */
const placeBytesMax = 256

/**
 * What is read, and what is checked, of one content at a time: new memory for each would take as long as all the rest. Both are
 * done with before the next one comes, as opening is synchronous.
 */
const memory = {
  sealed: new Uint8Array(sealedContentBytesMax + tagBytes),
  plain: new Uint8Array(sealedContentBytesMax),
  signed: new Uint8Array(sealedContentBytesMax + placeBytesMax),
}

/** As an `Opener` does. @throws SealedError with the cause for which it cannot be opened, or not yet */
export const openMessage = (reading: Reading, received: Received): Opened =>
  new Opener(reading).open(received)

/** Who sealed contents of one standing, and with which key. A chain that goes on changes nothing of what it says of its past. */
interface Sender {
  readonly standing: MessageStanding
  readonly authorId: AccountId
  readonly signer: PublicKey
  readonly key: Uint8Array
}

/** Opens contents of a conversation, one after the other. The later is to come first, as it vouches for the earlier. */
export class Opener {
  readonly #reading: Reading
  readonly #vouched: Vouched
  readonly #reader = new MessageReader()
  #last: Sender | null = null

  /** @param vouched what was opened before */
  constructor(reading: Reading, vouched = new Vouched()) {
    this.#reading = reading
    this.#vouched = vouched
  }

  /**
   * Checks who made the content and when, and opens it.
   * @throws SealedError with the cause for which it cannot be opened, or not yet
   */
  open({ place, sealed, revisionSeen = 0, epochThen = 0 }: Received): Opened {
    const { chain, primitives } = this.#reading
    if (!chain) throw new SealedError('foreign', 'Sealed by a program of another kind.')
    if (place.conversationId !== chain.conversationId)
      throw new SealedError('tampered', 'The content is from another conversation.')
    const message = this.#reader.read(fromTextInto(memory.sealed, sealed))
    const { signer, key } = this.#senderOf(chain, place.authorId, message, { revisionSeen, epochThen })
    const { header, nonce, ciphertext, signature, previous, epoch, revision } = message
    const { bytes, associated } = messagePart(header, place, ciphertext, memory.signed)
    const isVouched = this.#vouched.includes(signer, primitives.hash(bytes))
    if (!isVouched && !primitives.verify(signer, bytes, signature))
      throw new SealedError('bad-signature', "The content is not signed by its sender's device.")
    this.#vouched.add(signer, previous)
    const plain = primitives.open(key, nonce, associated, ciphertext, memory.plain)
    if (!plain) throw new SealedError('tampered', 'The content does not open.')
    return { body: bodyOf(fromUtf8(plain)), epoch, revision }
  }

  #senderOf(
    chain: Chain,
    authorId: AccountId,
    message: SealedMessage,
    { revisionSeen, epochThen }: Required<Pick<Received, 'revisionSeen' | 'epochThen'>>,
  ): Sender {
    const { standing, epoch, revision } = message
    const last = this.#last
    const isSame = last?.standing === standing && last.authorId === authorId
    if (!isSame) mustFitChain(chain, standing)
    if (epoch < epochThen) throw new SealedError('epoch-over', 'The epoch was over when this was sent.')
    const signer = isSame ? last.signer : signerOf(this.#reading, chain, authorId, standing)
    if (revision < revisionSeen) throw new SealedError('replayed', 'An older version than was here before.')
    if (isSame) return last
    const key = keyOf(this.#reading, chain, standing)
    this.#last = { standing, authorId, signer, key }
    return this.#last
  }
}

function keyOf({ keyring, reader }: Reading, chain: Chain, { epoch, epochTag }: MessageStanding): Uint8Array {
  const held = keyring.byTag(epochTag)
  if (held) return held.message
  throw mayRead(chain, reader.accountId, reader.identity, epoch)
    ? new SealedError('no-grant-yet', `The key of epoch ${epoch} is not here yet.`)
    : new SealedError('not-entitled', 'This was said before one came, or after one left.')
}

/** The sender knew of the chain what is known here, or more; and sealed under the newest epoch that it knew. */
function mustFitChain(chain: Chain, message: MessageStanding): void {
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
  if (next && next.entry <= message.chainIndex)
    throw new SealedError('epoch-over', 'The epoch was over when this was sent.')
}

function signerOf(
  { lists }: Reading,
  chain: Chain,
  authorId: AccountId,
  message: MessageStanding,
): PublicKey {
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

/** Of what was sealed. @throws SealedError `malformed` */
function bodyOf(text: string): SealedBody {
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
