import type { ConversationId, MessageId } from '@parley/domain/ids'
import type { ConversationKey } from '../actions.ts'
import { windowItemsDefault, windowItemsMax } from '../limits.ts'
import { isLocal } from '../outbox/order.ts'
import { type Held, heldConversation } from '../store/conversations.ts'
import {
  type HeldMessage,
  messageById,
  messageIdAtOrdinal,
  messagesAfter,
  messagesBefore,
  newestMessages,
  withoutGap,
} from '../store/messages.ts'
import type { Store } from '../store/store.ts'
import type { Beyond, Timeline, TimelineAnchor, TimelineQuery } from '../views.ts'
import { confirmedView, goesSealed, pendingView } from './timeline-message.ts'

const empty: Timeline = { items: [], older: 'none', newer: 'none', firstUnreadId: null }

/** A part of a conversation, of which neighbours are neighbours, with what waits in the outbox in its place. */
export function timeline(store: Store, { conversationId, at, limit }: TimelineQuery): Timeline {
  if (store.me === null) return empty
  if (isLocal(conversationId)) return { ...empty, items: pendingOf(store, conversationId) }
  const held = heldConversation(store.connection, conversationId)
  if (!held) return { ...empty, items: pendingOf(store, conversationId) }
  const items = Math.min(Math.max(limit ?? windowItemsDefault, 1), windowItemsMax)
  const { messages, anchored } = windowAt(store, held, at, items)
  const newer = anchored ? newerOf(store, held, messages) : 'missing'
  const confirmed = messages.map((message) => confirmedView(store, message))
  return {
    items: newer === 'none' ? [...confirmed, ...pendingOf(store, conversationId)] : confirmed,
    older: anchored ? olderOf(store, held, messages) : 'missing',
    newer,
    firstUnreadId: messages.find((message) => message.ordinal > held.readOrdinal)?.id ?? null,
  }
}

interface Window {
  /** Oldest first. */
  readonly messages: readonly HeldMessage[]
  /** False where the anchor itself is not held: nothing is known of its surroundings. */
  readonly anchored: boolean
}

function windowAt(store: Store, held: Held, at: TimelineAnchor, limit: number): Window {
  const { connection } = store
  const { id } = held.conversation
  const found = (messages: HeldMessage[]): Window => ({ messages, anchored: true })
  switch (at.kind) {
    case 'newest':
      return found(withoutGap(newestMessages(connection, id, limit)).toReversed())
    case 'first-unread': {
      const first = messageIdAtOrdinal(connection, id, held.readOrdinal + 1)
      const anchor: TimelineAnchor = first ? { kind: 'around', messageId: first } : { kind: 'newest' }
      return windowAt(store, held, anchor, limit)
    }
    case 'around':
    case 'before':
    case 'after': {
      const anchor = messageById(connection, at.messageId)
      if (anchor?.conversationId !== id) return { messages: [], anchored: false }
      const older = at.kind === 'after' ? 0 : at.kind === 'before' ? limit : Math.ceil((limit - 1) / 2)
      const newer = at.kind === 'before' ? 0 : limit - older - (at.kind === 'around' ? 1 : 0)
      const before = withoutGap([anchor, ...messagesBefore(connection, id, anchor.id, older)])
        .slice(1)
        .toReversed()
      const after = withoutGap([anchor, ...messagesAfter(connection, id, anchor.id, newer)]).slice(1)
      if (at.kind !== 'around' && before.length + after.length === 0) return { messages: [], anchored: false }
      return found([...before, ...(at.kind === 'around' ? [anchor] : []), ...after])
    }
  }
}

function olderOf(
  { connection }: Store,
  { conversation, lastOrdinal }: Held,
  messages: readonly HeldMessage[],
): Beyond {
  const [first] = messages
  if (!first) return lastOrdinal === 0 ? 'none' : 'missing'
  if (first.ordinal === 1) return 'none'
  return beyond(messageIdAtOrdinal(connection, conversation.id, first.ordinal - 1))
}

function newerOf(
  { connection }: Store,
  { conversation, lastOrdinal }: Held,
  messages: readonly HeldMessage[],
): Beyond {
  const last = messages.at(-1)
  if (!last) return lastOrdinal === 0 ? 'none' : 'missing'
  if (last.ordinal >= lastOrdinal) return 'none'
  return beyond(messageIdAtOrdinal(connection, conversation.id, last.ordinal + 1))
}

const beyond = (id: MessageId | null): Beyond => (id === null ? 'missing' : 'held')

/** What was written here and is not yet among the messages, in the order in which it was written. */
function pendingOf(store: Store, key: ConversationKey | ConversationId) {
  const sealed = goesSealed(store, key)
  return store.operations
    .in(key)
    .flatMap((operation) =>
      operation.action.kind === 'send' ? [pendingView(store, operation, operation.action, sealed)] : [],
    )
}
