import type { Conversation, JoinConversation } from '@parley/domain/conversations'
import { Refusal } from '@parley/domain/refusal'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { mustHaveNoChain } from '../sealed/chains.ts'
import { noSuchGroup, settleJoinRequest } from './join-requests.ts'
import { admit } from './membership.ts'
import { closed, conversationOf } from './standing.ts'

/**
 * Goes into an open group, or with its password into one that has one.
 * @throws Refusal `not-found`, `already-a-member`, `conversation-closed`, `wrong-conversation-password`, `rate-limited`;
 * `join-policy` where one has to ask, or to be added; and as `admit`.
 */
export async function joinConversation(
  chat: Chat,
  actor: Actor,
  input: JoinConversation,
): Promise<Conversation> {
  const before = await chat.db.read.conversations.byId(input.conversationId)
  if (before?.kind !== 'group') throw noSuchGroup()
  if (before.joinPolicy === 'password')
    await checkGroupPassword(chat, actor, input.password, before.passwordHash)
  return chat.db.write(async (tx) => {
    const standing = await tx.conversations.standing(input.conversationId, actor.accountId)
    if (!standing) throw noSuchGroup()
    const { conversation, member } = standing
    if (member) throw new Refusal('already-a-member', 'You are in this group already.')
    if (conversation.closedAt !== null) throw closed()
    await mustHaveNoChain(tx, conversation)
    const policy = conversation.joinPolicy
    if (policy === 'approval')
      throw new Refusal('join-policy', 'Ask to be let into this group: somebody decides.')
    if (policy === 'closed') throw new Refusal('join-policy', 'Only its admins add people to this group.')
    if (
      policy === 'password' &&
      (before.joinPolicy !== 'password' || conversation.passwordHash !== before.passwordHash)
    ) {
      throw new Refusal('wrong-conversation-password', 'The password was changed just now.', {
        field: 'password',
      })
    }
    const now = chat.clock.now()
    const { keyMaterial } = input
    await settleJoinRequest(tx, conversation, actor.accountId, {
      state: 'approved',
      by: actor.accountId,
      now,
    })
    await admit(tx, conversation, { accountId: actor.accountId, role: 'member', by: null, now, keyMaterial })
    return conversationOf(conversation)
  })
}

/** @throws Refusal `wrong-conversation-password`, `rate-limited` */
export async function checkGroupPassword(
  chat: Chat,
  actor: Actor,
  password: string | undefined,
  hash: string | null,
): Promise<void> {
  await chat.rates.take('join-password', actor.accountId)
  if (password === undefined || !(await chat.passwords.verify(password, hash))) {
    throw new Refusal('wrong-conversation-password', 'This is not the password of this group.', {
      field: 'password',
    })
  }
  await chat.rates.forget('join-password', actor.accountId)
}
