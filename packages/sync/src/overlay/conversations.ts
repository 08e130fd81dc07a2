import type { Conversation } from '@parley/domain/conversations'
import type { Action } from '../actions.ts'

/** What a conversation is like once an action on it has happened. */
export function conversationAfter<C extends Omit<Conversation, 'id'>>(
  conversation: C,
  action: Action,
  at: number,
): C {
  switch (action.kind) {
    case 'rename':
      return { ...conversation, name: action.name }
    case 'describe':
      return { ...conversation, description: action.description }
    case 'set-join-policy':
      return { ...conversation, joinPolicy: action.joinPolicy, listed: action.listed ?? conversation.listed }
    case 'close':
      return { ...conversation, closedAt: conversation.closedAt ?? at }
    case 'hand-over':
      return { ...conversation, founderId: action.accountId }
    default:
      return conversation
  }
}
