import type { ConversationRow, Writing } from '@parley/db/stores'
import type {
  Conversation,
  DescribeConversation,
  RenameConversation,
  SetJoinPolicy,
} from '@parley/domain/conversations'
import type { ConversationId } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { mustHaveNoChain } from '../sealed/chains.ts'
import { dismiss } from './membership.ts'
import { conversationOf, standingFor } from './standing.ts'

type Change = Parameters<Writing['conversations']['update']>[1]

/** Stores a change and tells the members how the conversation now is. */
export async function changeConversation(
  tx: Writing,
  before: ConversationRow,
  change: Change,
): Promise<Conversation> {
  await tx.conversations.update(before.id, change)
  const conversation = conversationOf({ ...before, ...change })
  await tx.log.append(before.id, { kind: 'conversation', conversation })
  return conversation
}

/** @throws Refusal `not-a-member`, `not-allowed` unless founder or admin, `conversation-closed` */
export async function renameConversation(
  chat: Chat,
  actor: Actor,
  input: RenameConversation,
): Promise<Conversation> {
  return chat.db.write(async (tx) => {
    const { conversation } = await standingFor(tx, actor, input.conversationId, 'rename')
    return changeConversation(tx, conversation, { name: input.name })
  })
}

/** @throws Refusal as `renameConversation` */
export async function describeConversation(
  chat: Chat,
  actor: Actor,
  input: DescribeConversation,
): Promise<Conversation> {
  return chat.db.write(async (tx) => {
    const { conversation } = await standingFor(tx, actor, input.conversationId, 'rename')
    return changeConversation(tx, conversation, { description: input.description })
  })
}

/** @throws Refusal as `renameConversation` */
export async function setJoinPolicy(chat: Chat, actor: Actor, input: SetJoinPolicy): Promise<Conversation> {
  const passwordHash = input.password === undefined ? null : await chat.passwords.hash(input.password)
  return chat.db.write(async (tx) => {
    const { conversation } = await standingFor(tx, actor, input.conversationId, 'set-join-policy')
    const { joinPolicy, listed = conversation.listed } = input
    if (joinPolicy !== conversation.joinPolicy) await mustHaveNoChain(tx, conversation)
    return changeConversation(tx, conversation, { joinPolicy, listed, passwordHash })
  })
}

/** Closes a group for good: its members can still read it. @throws Refusal as `standingFor`; founder only. */
export async function closeConversation(
  chat: Chat,
  actor: Actor,
  conversationId: ConversationId,
): Promise<void> {
  await chat.db.write(async (tx) => {
    const { conversation } = await standingFor(tx, actor, conversationId, 'close')
    await changeConversation(tx, conversation, { closedAt: chat.clock.now() })
  })
}

/**
 * The founder leaves last, or hands over first. A group that its last member leaves is closed.
 * @throws Refusal `not-a-member`, `founder-must-stay`; `not-allowed` in a direct conversation, which has no way out.
 */
export async function leaveConversation(
  chat: Chat,
  actor: Actor,
  conversationId: ConversationId,
): Promise<void> {
  await chat.db.write(async (tx) => {
    const { conversation, member } = await standingFor(tx, actor, conversationId, 'read')
    if (conversation.kind === 'direct') {
      throw new Refusal('not-allowed', 'A direct conversation stays with both of its people.')
    }
    if (member.role === 'founder') {
      const isAlone = (await tx.members.count(conversationId)) === 1
      if (!isAlone && conversation.closedAt === null) {
        throw new Refusal('founder-must-stay', 'Hand the group over to another member before you leave it.')
      }
      if (isAlone && conversation.closedAt === null) {
        await changeConversation(tx, conversation, { closedAt: chat.clock.now() })
      }
    }
    await dismiss(tx, conversation, actor.accountId, actor.accountId)
  })
}
