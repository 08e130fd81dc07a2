import type { ConversationRow, MemberRow, Reading } from '@parley/db/stores'
import type { Conversation } from '@parley/domain/conversations'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import { type Action, mayInConversation } from '@parley/domain/permissions'
import { Refusal } from '@parley/domain/refusal'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'

/** A conversation as others may see it: without its password's hash. */
export const conversationOf = ({ passwordHash: _, ...conversation }: ConversationRow): Conversation =>
  conversation

/** The same answer whether the conversation does not exist or is none of the asker's: ids are not to be probed. */
export const noSuchConversation = () =>
  new Refusal('not-a-member', 'You are not in this conversation, or it does not exist.', {
    field: 'conversationId',
  })

export const closed = () =>
  new Refusal('conversation-closed', 'This conversation is closed: it can only be read.')

/**
 * Looks up what the actor is in a conversation, and whether that allows the action.
 * @throws Refusal `not-a-member`, `not-allowed`; `conversation-closed` for anything but reading and leaving.
 */
export async function standingFor(
  read: Pick<Reading, 'conversations'>,
  actor: Actor,
  conversationId: ConversationId,
  action: Action,
): Promise<{ conversation: ConversationRow; member: MemberRow }> {
  const standing = await read.conversations.standing(conversationId, actor.accountId)
  if (!standing?.member) throw noSuchConversation()
  const { conversation, member } = standing
  if (!mayInConversation(conversation.kind, member.role, action)) {
    throw new Refusal('not-allowed', `Your role here, ${member.role}, does not allow this (${action}).`)
  }
  if (conversation.closedAt !== null && action !== 'read') throw closed()
  return { conversation, member }
}

/** @throws Refusal `not-a-member`. Answered from memory for accounts with an open stream. */
export async function mustBeMember(
  chat: Chat,
  accountId: AccountId,
  conversationId: ConversationId,
): Promise<void> {
  const known = chat.delivery.knowsMember(accountId, conversationId)
  if (!(known ?? (await isMember(chat.db.read, accountId, conversationId)))) throw noSuchConversation()
}

const isMember = async (read: Reading, accountId: AccountId, conversationId: ConversationId) =>
  (await read.members.get(conversationId, accountId)) !== null
