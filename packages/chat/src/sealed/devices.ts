import type { Reading } from '@parley/db/stores'
import type { DeviceId } from '@parley/domain/ids'
import { linkRequestKeptMs, linkRequestsPerAccountMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import { fromText, toText } from '@parley/domain/sealed/bytes'
import { deviceIdOf } from '@parley/domain/sealed/device-list'
import { readLinkAnswer, readLinkRequest } from '@parley/domain/sealed/link-form'
import type { AnswerLink, LinkRequest } from '@parley/domain/sealed/wire'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { reading } from './refusing.ts'

const unknown = () =>
  new Refusal('device-unknown', 'This session speaks for no device of its account, or for a revoked one.')

/**
 * Binds the session to a device of its account's list. One that speaks for a device in force does not go over to one that
 * another session speaks for: whoever has a stolen device would be signed in still when that is revoked.
 * @throws Refusal `device-unknown`
 */
export async function useDevice(chat: Chat, actor: Actor, deviceId: DeviceId): Promise<void> {
  await chat.db.write(async (tx) => {
    await mustBeInForce(chat, tx, actor, deviceId)
    const sessions = await tx.sessions.ofAccount(actor.accountId)
    const now = sessions.find(({ id }) => id === actor.sessionId)?.deviceId ?? null
    const isTaken = sessions.some((each) => each.id !== actor.sessionId && each.deviceId === deviceId)
    if (now !== null && now !== deviceId && isTaken && (await isInForce(chat, tx, actor, now)))
      throw unknown()
    await tx.sessions.setDevice(actor.sessionId, deviceId)
  })
}

/** The device that the session is bound to, and that is not revoked. @throws Refusal `device-unknown` */
export async function deviceOf(
  chat: Chat,
  read: Pick<Reading, 'sessions' | 'devices' | 'chains'>,
  actor: Actor,
): Promise<DeviceId> {
  const session = await read.sessions.byId(actor.sessionId)
  if (!session || session.deviceId === null) throw unknown()
  await mustBeInForce(chat, read, actor, session.deviceId)
  return session.deviceId
}

async function mustBeInForce(
  chat: Chat,
  read: Pick<Reading, 'devices' | 'chains'>,
  actor: Actor,
  deviceId: DeviceId,
): Promise<void> {
  if (!(await isInForce(chat, read, actor, deviceId))) throw unknown()
}

async function isInForce(
  chat: Chat,
  read: Pick<Reading, 'devices' | 'chains'>,
  { accountId }: Actor,
  deviceId: DeviceId,
): Promise<boolean> {
  const list = await chat.known.currentList(read, accountId)
  return list?.devices.get(deviceId)?.revokedBy === null
}

// A new device asks to be taken in

/** @throws Refusal `invalid-input`, `too-many` */
export async function requestLink(
  chat: Chat,
  actor: Actor,
  { request }: { readonly request: string },
): Promise<void> {
  const bytes = reading('request', () => fromText(request))
  const form = reading('request', () => readLinkRequest(bytes))
  const { accountId } = actor
  if (form.accountId !== accountId)
    throw new Refusal('invalid-input', 'A device asks its own account.', { field: 'request' })
  const deviceId = deviceIdOf(chat.known.checks, accountId, form.certificate)
  await chat.db.write(async (tx) => {
    const askedAt = chat.clock.now()
    const waiting = await tx.devices.linkRequests(accountId, askedAt - linkRequestKeptMs)
    const others = waiting.filter((each) => each.deviceId !== deviceId)
    if (others.length >= linkRequestsPerAccountMax)
      throw new Refusal('too-many', 'Too many devices wait to be taken in: try again later.')
    await tx.devices.putLinkRequest({ accountId, deviceId, request: bytes, askedAt, answer: null })
    await tx.log.append(accountId, { kind: 'link-request', deviceId, request, askedAt })
  })
}

/** What waits for one of the account's devices to answer. */
export async function listLinkRequests(chat: Chat, actor: Actor): Promise<LinkRequest[]> {
  const since = chat.clock.now() - linkRequestKeptMs
  const requests = await chat.db.read.devices.linkRequests(actor.accountId, since)
  return requests
    .filter(({ answer }) => answer === null)
    .map(({ deviceId, request, askedAt }) => ({ deviceId, request: toText(request), askedAt }))
}

/** @throws Refusal `invalid-input`, `not-found` when nothing waits, or no more */
export async function answerLink(chat: Chat, actor: Actor, { deviceId, answer }: AnswerLink): Promise<void> {
  const bytes = reading('answer', () => fromText(answer))
  const form = reading('answer', () => readLinkAnswer(bytes))
  const { accountId } = actor
  if (form.accountId !== accountId || form.deviceId !== deviceId)
    throw new Refusal('invalid-input', 'The answer is for another device.', { field: 'answer' })
  await chat.db.write(async (tx) => {
    const request = await tx.devices.linkRequest(accountId, deviceId)
    if (!request || request.askedAt < chat.clock.now() - linkRequestKeptMs)
      throw new Refusal('not-found', 'No such device waits to be taken in.', { field: 'deviceId' })
    await tx.devices.putLinkRequest({ ...request, answer: bytes })
    await tx.log.append(accountId, { kind: 'link-answer', deviceId, answer })
  })
}

/** What an old device answered; null as long as none has. */
export async function linkAnswer(chat: Chat, actor: Actor, deviceId: DeviceId): Promise<AnswerLink | null> {
  const request = await chat.db.read.devices.linkRequest(actor.accountId, deviceId)
  if (!request?.answer || request.askedAt < chat.clock.now() - linkRequestKeptMs) return null
  return { deviceId, answer: toText(request.answer) }
}
