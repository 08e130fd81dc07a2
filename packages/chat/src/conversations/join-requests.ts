import type { ConversationRow, Writing } from '@parley/db/stores'
import type {
  ApproveJoin,
  AskToJoin,
  JoinRequest,
  MemberRef,
  RequestState,
} from '@parley/domain/conversations'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import { joinRequestsPerConversationMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { mustHaveNoChain } from '../sealed/chains.ts'
import { admit, given } from './membership.ts'
import { closed, standingFor } from './standing.ts'

/** Stores how a request stands, and tells the one who asks and everybody who may decide. */
async function put(tx: Writing, request: JoinRequest): Promise<JoinRequest> {
  const { conversationName: _, ...stored } = request
  await tx.requests.putJoinRequest(stored)
  const deciders = await tx.members.deciders(request.conversationId)
  for (const accountId of new Set([request.accountId, ...deciders])) {
    await tx.log.append(accountId, { kind: 'join-request', request })
  }
  return request
}

/**
 * Asks to be let into a group; waits on the server until somebody decides, whoever is away (asking twice is asking once).
 * @throws Refusal `not-found`, `already-a-member`, `join-policy` unless the group takes requests, `too-many`
 */
export async function askToJoin(chat: Chat, actor: Actor, input: AskToJoin): Promise<JoinRequest> {
  return chat.db.write(async (tx) => {
    const standing = await tx.conversations.standing(input.conversationId, actor.accountId)
    if (!standing || standing.conversation.kind !== 'group') throw noSuchGroup()
    const { conversation, member } = standing
    if (member) throw new Refusal('already-a-member', 'You are in this group already.')
    if (conversation.closedAt !== null) throw closed()
    if (conversation.joinPolicy !== 'approval') {
      throw new Refusal(
        'join-policy',
        `This group takes no requests: its join policy is ${conversation.joinPolicy}.`,
      )
    }
    if ((await tx.requests.waitingCount(conversation.id)) >= joinRequestsPerConversationMax) {
      throw new Refusal('too-many', 'Too many people wait to be let into this group: try again later.')
    }
    return put(tx, {
      conversationId: conversation.id,
      conversationName: conversation.name,
      accountId: actor.accountId,
      state: 'waiting',
      askedAt: chat.clock.now(),
      decidedAt: null,
      decidedBy: null,
      ...given({ keyMaterial: input.keyMaterial }),
    })
  })
}

export const noSuchGroup = () =>
  new Refusal('not-found', 'There is no such group.', { field: 'conversationId' })

async function waitingRequest(
  tx: Writing,
  conversationId: ConversationId,
  accountId: AccountId,
): Promise<JoinRequest> {
  const request = await tx.requests.joinRequest(conversationId, accountId)
  if (!request) throw new Refusal('not-found', 'There is no such request.', { field: 'accountId' })
  if (request.state !== 'waiting') {
    throw new Refusal('already-decided', `This request is ${request.state} already.`)
  }
  return request
}

/** @throws Refusal `not-found`, `already-decided` */
export async function cancelJoinRequest(
  chat: Chat,
  actor: Actor,
  conversationId: ConversationId,
): Promise<void> {
  await chat.db.write(async (tx) => {
    const request = await waitingRequest(tx, conversationId, actor.accountId)
    await put(tx, { ...request, state: 'cancelled', decidedAt: chat.clock.now(), decidedBy: actor.accountId })
  })
}

/** @throws Refusal `not-a-member`, `not-allowed` unless founder or admin */
export async function listJoinRequests(
  chat: Chat,
  actor: Actor,
  conversationId: ConversationId,
): Promise<JoinRequest[]> {
  await standingFor(chat.db.read, actor, conversationId, 'decide-requests')
  return chat.db.read.requests.waitingIn(conversationId, joinRequestsPerConversationMax)
}

/**
 * Lets the one who asked in; the grant travels to it with the approval.
 * @throws Refusal `not-a-member`, `not-allowed`, `not-found`, `already-decided`, `conversation-closed`, and as `admit`.
 */
export async function approveJoin(chat: Chat, actor: Actor, input: ApproveJoin): Promise<void> {
  await chat.db.write(async (tx) => {
    const { conversation } = await standingFor(tx, actor, input.conversationId, 'decide-requests')
    await mustHaveNoChain(tx, conversation)
    const { keyMaterial } = await waitingRequest(tx, input.conversationId, input.accountId)
    const { grant } = input
    const now = chat.clock.now()
    const by = actor.accountId
    await settleJoinRequest(tx, conversation, input.accountId, { state: 'approved', by, now, grant })
    await admit(tx, conversation, { accountId: input.accountId, role: 'member', by, now, keyMaterial, grant })
  })
}

/** @throws Refusal `not-a-member`, `not-allowed`, `not-found`, `already-decided` */
export async function declineJoin(chat: Chat, actor: Actor, input: MemberRef): Promise<void> {
  await chat.db.write(async (tx) => {
    const { conversation } = await standingFor(tx, actor, input.conversationId, 'decide-requests')
    await waitingRequest(tx, input.conversationId, input.accountId)
    const now = chat.clock.now()
    await settleJoinRequest(tx, conversation, input.accountId, {
      state: 'declined',
      by: actor.accountId,
      now,
    })
  })
}

/**
 * Notes that whoever asked knows what was decided, so that nobody tells them again.
 * @throws Refusal `not-found` when there is no such request, or nothing is decided yet
 */
export async function markJoinRequestSeen(
  chat: Chat,
  actor: Actor,
  conversationId: ConversationId,
): Promise<void> {
  await chat.db.write(async (tx) => {
    const known = await tx.requests.joinRequest(conversationId, actor.accountId)
    if (!known || known.state === 'waiting') throw nothingDecided('conversationId')
    if (known.seen) return
    const { conversationName, ...stored } = known
    await tx.requests.putJoinRequest({ ...stored, seen: true })
    const request = { conversationName, ...stored, seen: true as const }
    await tx.log.append(actor.accountId, { kind: 'join-request', request })
  })
}

export const nothingDecided = (field: string) =>
  new Refusal('not-found', 'You asked for nothing here on which somebody has decided.', { field })

/** Decides a waiting request, if there is one: somebody who asks may also be added, or find the group opened. */
export async function settleJoinRequest(
  tx: Writing,
  conversation: ConversationRow,
  accountId: AccountId,
  decision: { state: RequestState; by: AccountId; now: number; grant?: string | undefined },
): Promise<void> {
  const request = await tx.requests.joinRequest(conversation.id, accountId)
  if (request?.state !== 'waiting') return
  const { state, by, now, grant } = decision
  await put(tx, { ...request, state, decidedAt: now, decidedBy: by, ...given({ grant }) })
}
