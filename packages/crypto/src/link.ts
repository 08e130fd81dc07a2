import type { AccountId, DeviceId } from '@parley/domain/ids'
import {
  ByteReader,
  ByteWriter,
  hashBytes,
  joined,
  labelled,
  type PublicKey,
  utf8,
} from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import { readHead, writeHead } from '@parley/domain/sealed/chain-entry'
import { type Certificate, deviceIdOf, type Head, mustBeProven } from '@parley/domain/sealed/device-list'
import {
  readLinkAnswer,
  readLinkRequest,
  writeLinkAnswerHeader,
  writeLinkRequest,
} from '@parley/domain/sealed/link-form'
import { linkCode } from './codes.ts'
import type { Hpke, Psk } from './hpke.ts'
import { certificateOf, type DeviceKeys } from './identity.ts'
import type { Primitives } from './primitives.ts'

/** What an old device hands a new one. */
export interface LinkContent {
  readonly accountSeed: Uint8Array
  readonly head: Head
  /** Null where no recovery code was made yet. */
  readonly backupKey: Uint8Array | null
}

/** A new device's request, under the code that the old device shows. */
export function requestLink(primitives: Primitives, device: DeviceKeys, code: Uint8Array): Uint8Array {
  const { accountId } = device
  const body = writeLinkRequest({ accountId, certificate: certificateOf(device) })
  return joined(body, macOf(primitives, accountId, code, body))
}

/**
 * The certificate of a request that was made by whoever has the code.
 * @throws SealedError `malformed`, `newer-suite`, `bad-signature` (of another code), `device-not-verified`
 */
export function checkLinkRequest(
  primitives: Primitives,
  accountId: AccountId,
  code: Uint8Array,
  bytes: Uint8Array,
): Certificate {
  const { accountId: asking, certificate, mac } = readLinkRequest(bytes)
  const right = macOf(primitives, accountId, code, bytes.subarray(0, -hashBytes))
  if (asking !== accountId || !sameSecretly(primitives, mac, right))
    throw new SealedError('bad-signature', 'The request was not made with this code.')
  mustBeProven(primitives, accountId, certificate)
  return certificate
}

/** A device that is in the list already asks for the account's key, which another one has changed: no code is needed. */
export const requestAccountKey = (primitives: Primitives, device: DeviceKeys): Uint8Array =>
  requestLink(primitives, device, new Uint8Array(linkCode.bytes))

/**
 * Hands the account's key to a device that is in the list, and not revoked in it: the list says which key is its, so no code
 * has to. What opens is right if its seed is that of the key in force, which the list says too.
 */
export async function handAccountKey(
  hpke: Hpke,
  { accountId, deviceId, sealing }: { accountId: AccountId; deviceId: DeviceId; sealing: PublicKey },
  content: LinkContent,
): Promise<Uint8Array> {
  const header = writeLinkAnswerHeader({ accountId, deviceId })
  const sealed = await hpke.seal(sealing, labelled('link', header), contentBytes(content))
  return joined(header, sealed.encapsulated, sealed.ciphertext)
}

/** @throws SealedError `malformed`, `newer-suite`, `not-entitled` (to another device), `tampered` */
export async function openAccountKey(
  hpke: Hpke,
  device: DeviceKeys,
  bytes: Uint8Array,
): Promise<LinkContent> {
  const answer = answerTo(device, bytes)
  const plain = await hpke.open(device.sealing, labelled('link', answer.header), answer)
  if (!plain) throw new SealedError('tampered', 'The answer was not made for this device.')
  return readContent(plain)
}

/** Hands the account over to the device that was taken into the list. */
export async function answerLink(
  hpke: Hpke,
  { accountId, certificate, code }: { accountId: AccountId; certificate: Certificate; code: Uint8Array },
  content: LinkContent,
): Promise<Uint8Array> {
  const deviceId = deviceIdOf(hpke.primitives, accountId, certificate)
  const header = writeLinkAnswerHeader({ accountId, deviceId })
  const psk = pskOf(hpke.primitives, accountId, code)
  const sealed = await hpke.seal(certificate.sealing, labelled('link', header), contentBytes(content), psk)
  return joined(header, sealed.encapsulated, sealed.ciphertext)
}

/** @throws SealedError `malformed`, `newer-suite`, `not-entitled` (to another device), `tampered` (or another code) */
export async function openLinkAnswer(
  hpke: Hpke,
  device: DeviceKeys,
  code: Uint8Array,
  bytes: Uint8Array,
): Promise<LinkContent> {
  const answer = answerTo(device, bytes)
  const psk = pskOf(hpke.primitives, device.accountId, code)
  const plain = await hpke.open(device.sealing, labelled('link', answer.header), answer, psk)
  if (!plain) throw new SealedError('tampered', 'The answer was not made with this code.')
  return readContent(plain)
}

function answerTo(device: DeviceKeys, bytes: Uint8Array): ReturnType<typeof readLinkAnswer> {
  const answer = readLinkAnswer(bytes)
  if (answer.accountId !== device.accountId || answer.deviceId !== device.id)
    throw new SealedError('not-entitled', 'The answer is to another device.')
  return answer
}

function contentBytes({ accountSeed, head, backupKey }: LinkContent): Uint8Array {
  const out = new ByteWriter().raw(accountSeed)
  writeHead(out, head)
  out.option(backupKey, (key) => out.raw(key))
  return out.done()
}

function readContent(plain: Uint8Array): LinkContent {
  const from = new ByteReader(plain)
  const content = {
    accountSeed: from.raw(hashBytes),
    head: readHead(from),
    backupKey: from.option(() => from.raw(hashBytes)),
  }
  from.end()
  return content
}

const keysOf = (primitives: Primitives, accountId: AccountId, code: Uint8Array): Uint8Array =>
  primitives.hkdf(code, utf8(accountId), utf8('parley/1 link'), 64)

const macOf = (primitives: Primitives, accountId: AccountId, code: Uint8Array, body: Uint8Array) =>
  primitives.hmac(keysOf(primitives, accountId, code).subarray(0, 32), labelled('link', body))

const pskOf = (primitives: Primitives, accountId: AccountId, code: Uint8Array): Psk => ({
  id: utf8('parley/1 link'),
  key: keysOf(primitives, accountId, code).slice(32),
})

/** Compares by MACs under a key of the moment, so that the time taken says nothing of where two differ. */
function sameSecretly(primitives: Primitives, one: Uint8Array, other: Uint8Array): boolean {
  const key = primitives.randomBytes(32)
  return primitives.hmac(key, one).toHex() === primitives.hmac(key, other).toHex()
}
