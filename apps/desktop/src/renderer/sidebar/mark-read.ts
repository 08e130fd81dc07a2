import { act } from '../live/act.ts'
import type { ConversationView } from '../live/queries.ts'

/** Marks all that is in a conversation as read, on every device of the account. */
export function markRead({ id, unread, lastMessage }: ConversationView): void {
  // What one writes oneself marks as read by itself, so that a last message without an id leaves nothing to mark.
  if (unread > 0 && lastMessage?.id)
    void act({ kind: 'mark-read', conversationId: id, messageId: lastMessage.id })
}
