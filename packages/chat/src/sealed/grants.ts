import type { KeyGrantRow } from '@parley/db/sealed-stores'
import type { Writing } from '@parley/db/stores'
import type { ConversationId, DeviceId } from '@parley/domain/ids'
import { keyRequestKeptMs, keyRequestsPerConversationMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import { fromText, toText } from '@parley/domain/sealed/bytes'
import { type Chain, mayBeGranted, newestEpoch } from '@parley/domain/sealed/chain'
import { readGrant } from '@parley/domain/sealed/grant-form'
import type { GiveGrants, GrantsPage, KeyRequest, ReadGrants, RequestKeys } from '@parley/domain/sealed/wire'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { standingFor } from '../conversations/standing.ts'
import { deviceOf } from './devices.ts'
import { reading } from './refusing.ts'

/** So that an entry of the log stays as small as others. */
const grantsPerEntryMax = 8

const noChain = () => new Refusal('chain-needed', 'This conversation has no chain yet.')

/** Who gives keys, and what is known when they are judged. */
export interface Giving {
  readonly actor: Actor
  readonly deviceId: DeviceId
  readonly chain: Chain
}

/** @throws Refusal `not-a-member`, `device-unknown`, `chain-needed`, `invalid-input` */
export async function giveGrants(chat: Chat, actor: Actor, input: GiveGrants): Promise<void> {
  await chat.rates.take('send', actor.accountId)
  await chat.db.write(async (tx) => {
    await standingFor(tx, actor, input.conversationId, 'read')
    const deviceId = await deviceOf(chat, tx, actor)
    const chain = await chat.known.chain(tx, input.conversationId)
    if (!chain) throw noChain()
    await storeGrants(chat, tx, { actor, deviceId, chain }, input.grants)
  })
}

/**
 * Keeps the grants that their devices may have, and tells these. One that is not permitted any more is passed over: a
 * device may have been revoked while many were granted. Signatures are for the devices to check.
 * @throws Refusal `invalid-input` for what is no grant, of another conversation, or by another device
 */
export async function storeGrants(
  chat: Chat,
  tx: Writing,
  { actor, deviceId: granter, chain }: Giving,
  texts: readonly string[],
): Promise<void> {
  const given = new Map<DeviceId, { accountId: KeyGrantRow['accountId']; grants: string[] }>()
  for (const text of texts) {
    const bytes = reading('grants', () => fromText(text))
    const form = reading('grants', () => readGrant(bytes))
    const { conversationId, accountId, deviceId, firstEpoch, lastEpoch } = form
    if (
      conversationId !== chain.conversationId ||
      form.granterId !== actor.accountId ||
      form.granterDeviceId !== granter
    ) {
      throw new Refusal('invalid-input', 'A grant is of another conversation, or by another device.', {
        field: 'grants',
      })
    }
    const identity = chain.members.get(accountId)?.identity ?? null
    const list = identity === null ? null : await chat.known.list(tx, identity)
    if (
      !list ||
      !mayBeGranted(chain, list, deviceId, firstEpoch) ||
      !mayBeGranted(chain, list, deviceId, lastEpoch)
    )
      continue
    if (
      !(await tx.keys.grant({
        conversationId,
        accountId,
        deviceId,
        granterDeviceId: granter,
        firstEpoch,
        lastEpoch,
        bytes,
      }))
    )
      continue
    await tx.keys.removeRequestUpTo(conversationId, deviceId, lastEpoch)
    const known = given.get(deviceId)
    if (known) known.grants.push(text)
    else given.set(deviceId, { accountId, grants: [text] })
  }
  const { conversationId } = chain
  for (const [deviceId, { accountId, grants }] of given) {
    for (let at = 0; at < grants.length; at += grantsPerEntryMax) {
      const part = grants.slice(at, at + grantsPerEntryMax)
      await tx.log.append(accountId, { kind: 'grants', conversationId, deviceId, grants: part })
    }
  }
}

/** Grants to the device of this session. @throws Refusal `device-unknown`, `invalid-input` */
export async function readGrants(chat: Chat, actor: Actor, input: ReadGrants): Promise<GrantsPage> {
  const { read } = chat.db
  const deviceId = await deviceOf(chat, read, actor)
  const after = Number(input.after ?? 0)
  if (!Number.isSafeInteger(after) || after < 0)
    throw new Refusal('invalid-input', 'after: must be the next of a page before', { field: 'after' })
  const { conversationId, limit } = input
  const rows = await read.keys.grantsTo({ deviceId, conversationId, after, limit })
  return {
    grants: rows.map((row) => ({ conversationId: row.conversationId, grant: toText(row.bytes) })),
    next: rows.length === limit ? String(rows.at(-1)?.number ?? 0) : null,
  }
}

/** The device of this session lacks keys. @throws Refusal `not-a-member`, `device-unknown`, `chain-needed`, `not-allowed`, `too-many` */
export async function requestKeys(chat: Chat, actor: Actor, input: RequestKeys): Promise<void> {
  await chat.rates.take('send', actor.accountId)
  const { conversationId, firstEpoch, lastEpoch } = input
  const { accountId } = actor
  await chat.db.write(async (tx) => {
    await standingFor(tx, actor, conversationId, 'read')
    const deviceId = await deviceOf(chat, tx, actor)
    const chain = await chat.known.chain(tx, conversationId)
    if (!chain) throw noChain()
    const list = await chat.known.currentList(tx, accountId)
    const may =
      list && lastEpoch <= newestEpoch(chain).number && mayBeGranted(chain, list, deviceId, lastEpoch)
    if (!may) throw new Refusal('not-allowed', 'This device may not read what it asks the keys of.')
    if ((await tx.keys.requestCount(conversationId)) >= keyRequestsPerConversationMax)
      throw new Refusal('too-many', 'Too many devices wait for keys here: try again later.')
    const request = { conversationId, accountId, deviceId, firstEpoch, lastEpoch, askedAt: chat.clock.now() }
    await tx.keys.putRequest(request)
    await tx.log.append(conversationId, { kind: 'key-request', ...request })
  })
}

/** What waits in a conversation for whoever has the keys. @throws Refusal `not-a-member` */
export async function listKeyRequests(
  chat: Chat,
  actor: Actor,
  conversationId: ConversationId,
): Promise<KeyRequest[]> {
  const { read } = chat.db
  await standingFor(read, actor, conversationId, 'read')
  return read.keys.requests(
    conversationId,
    chat.clock.now() - keyRequestKeptMs,
    keyRequestsPerConversationMax,
  )
}
