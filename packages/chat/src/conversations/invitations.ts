import type { Writing } from '@parley/db/stores'
import type { Conversation, Invitation, SendInvitation } from '@parley/domain/conversations'
import type { AccountId } from '@parley/domain/ids'
import { invitationsPerAccountMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { directBetween } from './make.ts'
import { nothingDecided } from './join-requests.ts'
import { given, noSuchAccount } from './membership.ts'
import { conversationOf } from './standing.ts'

/** Stores how an invitation stands, and tells both people. */
async function put(tx: Writing, invitation: Invitation): Promise<Invitation> {
  await tx.requests.putInvitation(invitation)
  for (const accountId of [invitation.fromId, invitation.toId]) {
    await tx.log.append(accountId, { kind: 'invitation', invitation })
  }
  return invitation
}

/**
 * Asks a person for a direct conversation; waits on the server until answered. Two who ask each other have both said
 * yes. Where the conversation exists, the invitation is accepted at once.
 * @throws Refusal `not-found`, `invalid-input`, `too-many`
 */
export async function sendInvitation(chat: Chat, actor: Actor, input: SendInvitation): Promise<Invitation> {
  return chat.db.write(async (tx) => {
    const now = chat.clock.now()
    const to = await tx.accounts.byId(input.accountId)
    if (!to || to.disabled) throw noSuchAccount()
    if (to.id === actor.accountId) {
      throw new Refusal('invalid-input', 'An invitation goes to somebody else.', { field: 'accountId' })
    }
    const invitation: Invitation = {
      fromId: actor.accountId,
      toId: to.id,
      state: 'waiting',
      sentAt: now,
      decidedAt: null,
      conversationId: null,
      ...given({ keyMaterial: input.keyMaterial }),
    }
    const direct = await tx.conversations.directOf(actor.accountId, to.id)
    if (direct)
      return put(tx, { ...invitation, state: 'accepted', decidedAt: now, conversationId: direct.id })
    const theirs = await tx.requests.invitation(to.id, actor.accountId)
    if (theirs?.state === 'waiting') return (await accept(tx, actor, theirs, now)).invitation
    const mine = await tx.requests.invitation(actor.accountId, to.id)
    if (mine?.state === 'waiting') return mine
    if ((await tx.requests.invitationsWaitingFrom(actor.accountId)) >= invitationsPerAccountMax) {
      throw new Refusal(
        'too-many',
        `At most ${invitationsPerAccountMax} invitations of an account wait at once.`,
      )
    }
    return put(tx, invitation)
  })
}

async function accept(tx: Writing, actor: Actor, invitation: Invitation, now: number) {
  const direct = await directBetween(tx, actor, { accountId: invitation.fromId, sealed: false }, now)
  const accepted = await put(tx, {
    ...invitation,
    state: 'accepted',
    decidedAt: now,
    conversationId: direct.id,
  })
  return { invitation: accepted, conversation: conversationOf(direct) }
}

async function waiting(tx: Writing, fromId: AccountId, toId: AccountId): Promise<Invitation> {
  const invitation = await tx.requests.invitation(fromId, toId)
  if (!invitation) throw new Refusal('not-found', 'There is no such invitation.')
  if (invitation.state !== 'waiting') {
    throw new Refusal('already-decided', `This invitation is ${invitation.state} already.`)
  }
  return invitation
}

/** @throws Refusal `not-found`, `already-decided` */
export async function acceptInvitation(chat: Chat, actor: Actor, fromId: AccountId): Promise<Conversation> {
  return chat.db.write(async (tx) => {
    const invitation = await waiting(tx, fromId, actor.accountId)
    return (await accept(tx, actor, invitation, chat.clock.now())).conversation
  })
}

/** @throws Refusal `not-found`, `already-decided` */
export async function declineInvitation(chat: Chat, actor: Actor, fromId: AccountId): Promise<void> {
  await chat.db.write(async (tx) => {
    const invitation = await waiting(tx, fromId, actor.accountId)
    await put(tx, { ...invitation, state: 'declined', decidedAt: chat.clock.now() })
  })
}

/**
 * Notes that whoever sent the invitation knows the answer, so that nobody tells them again.
 * @throws Refusal `not-found` when there is no such invitation, or no answer yet
 */
export async function markInvitationSeen(chat: Chat, actor: Actor, toId: AccountId): Promise<void> {
  await chat.db.write(async (tx) => {
    const known = await tx.requests.invitation(actor.accountId, toId)
    if (!known || known.state === 'waiting') throw nothingDecided('accountId')
    if (known.seen) return
    const invitation = { ...known, seen: true as const }
    await tx.requests.putInvitation(invitation)
    await tx.log.append(actor.accountId, { kind: 'invitation', invitation })
  })
}

/** Takes back what one sent. @throws Refusal `not-found`, `already-decided` */
export async function withdrawInvitation(chat: Chat, actor: Actor, toId: AccountId): Promise<void> {
  await chat.db.write(async (tx) => {
    const invitation = await waiting(tx, actor.accountId, toId)
    await put(tx, { ...invitation, state: 'withdrawn', decidedAt: chat.clock.now() })
  })
}
