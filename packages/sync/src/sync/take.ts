import type { Conversation, MyConversation, ReadMarker } from '@parley/domain/conversations'
import type { ConversationId } from '@parley/domain/ids'
import type { Message } from '@parley/domain/messages'
import { OperationId } from '../actions.ts'
import { localConversation, renamed } from '../outbox/order.ts'
import {
  changeConversation,
  changeEnds,
  type Held,
  heldConversation,
  putConversation,
} from '../store/conversations.ts'
import { moveDraft } from '../store/drafts.ts'
import {
  isMentioned,
  mentionsHeldAfter,
  ordinalOfMessage,
  ordinalUpTo,
  putMessage,
} from '../store/messages.ts'
import type { Store, Touch } from '../store/store.ts'

// What a server says, taken into the store. Each holds whatever was held before, and doing it twice does no harm.

/** A message of a conversation that is held. One of our own that is still in the outbox is confirmed by it. */
export function takeMessage(store: Store, touch: Touch, message: Message): void {
  const { connection, account } = store
  putMessage(connection, message, account.id)
  touch(`conversation:${message.conversationId}`)
  if (message.authorId === account.id) confirmSent(store, touch, message.clientMessageId, message.id)
}

/** The server has named a message: what waits for that name can go on, and the operation is over. */
export function confirmSent(store: Store, touch: Touch, id: OperationId, messageId: Message['id']): void {
  const queued = store.operations.get(id)
  if (queued?.action.kind !== 'send') return
  renameDependents(store, id, { message: messageId })
  store.operations.remove(id)
  touch('outbox')
}

/** What names what the operation makes or sends goes by the server's name for it from now on. */
export function renameDependents(
  { operations }: Store,
  from: OperationId,
  to: { conversation: ConversationId } | { message: Message['id'] },
): void {
  const name = 'conversation' in to ? localConversation(from) : from
  const dependents = 'conversation' in to ? operations.in(localConversation(from)) : operations.naming(from)
  for (const queued of dependents) operations.change(queued, { action: renamed(queued.action, name, to) })
}

/** A conversation that this device made has its real id: what was done in it goes on there. */
export function confirmMade(store: Store, touch: Touch, id: OperationId, made: ConversationId): void {
  const local = localConversation(id)
  renameDependents(store, id, { conversation: made })
  moveDraft(store.connection, local, made)
  store.operations.remove(id)
  for (const topic of ['outbox', 'conversations', `conversation:${local}`, `conversation:${made}`] as const)
    touch(topic)
}

/** A group that waits to be made is known by the name under which this device asks for it: it has been made. */
export function settleFounded(store: Store, touch: Touch, conversation: Conversation): void {
  const { id, clientConversationId, founderId } = conversation
  if (clientConversationId === undefined || founderId !== store.account.id) return
  const maker = store.operations.get(OperationId.parse(clientConversationId))
  if (maker?.action.kind !== 'make-group') return
  changeConversation(store.connection, id, () => ({ madeBy: maker.id }))
  confirmMade(store, touch, maker.id, id)
}

/**
 * What is read, once the end is known that it was counted from: until then, `readOrdinal` is by how much it lies before
 * the end.
 */
const readBefore = ({ readOrdinal }: Pick<Held, 'readOrdinal'>, end: number): number => readOrdinal + end

/** Moves a conversation's end on to a message that is being said, by what the stream brings. */
export function takeNewest(store: Store, touch: Touch, message: Message): void {
  const { connection, account } = store
  changeEnds(connection, message.conversationId, (held) => {
    const isNew = message.ordinal > held.lastOrdinal
    const isOwn = message.authorId === account.id
    const readOrdinal = held.lastOrdinal === 0 ? readBefore(held, message.ordinal - 1) : held.readOrdinal
    // Whoever writes has read so far; the server says so to nobody, as every device sees the message.
    const read = isOwn && message.ordinal > readOrdinal
    return {
      readOrdinal,
      ...(isNew && { lastOrdinal: message.ordinal, lastMessageId: message.id }),
      ...(isNew && isMentioned(message, account.id) && { mentions: held.mentions + 1 }),
      ...(read && {
        readOrdinal: message.ordinal,
        readUpTo: Math.max(held.readUpTo, message.id),
        mentions: mentionsHeldAfter(connection, message.conversationId, message.id),
      }),
    }
  })
  touch('conversations')
  touch(`conversation:${message.conversationId}`)
}

/** Counts anew who is mentioned in what is not read, where the server cannot. */
export function recountMentions({ connection }: Store, id: ConversationId): void {
  changeConversation(connection, id, ({ conversation, readUpTo, mentions }) => ({
    mentions: conversation.sealed ? mentionsHeldAfter(connection, id, readUpTo) : mentions,
  }))
}

/**
 * The end of a conversation as its newest page has it, which says nothing of what is read. Where no end was known, the
 * one that was counted from is that of the cursor: whatever was said after it has not come by the stream yet.
 */
export function takeEnd(store: Store, touch: Touch, page: readonly Message[]): void {
  const [first, last] = [page[0], page.at(-1)]
  if (!first || !last) return
  const { connection, standing } = store
  const { conversationId, ordinal, id } = last
  changeConversation(connection, conversationId, (held) => {
    if (ordinal <= held.lastOrdinal) return {}
    const end = { lastOrdinal: ordinal, lastMessageId: id }
    if (held.lastOrdinal > 0) return end
    const known = ordinalUpTo(connection, conversationId, standing?.cursor ?? 0) ?? first.ordinal - 1
    return { ...end, readOrdinal: readBefore(held, known) }
  })
  touch('conversations')
}

/**
 * A marker never moves back: an older one that comes late says nothing. It counts what is unread from the end that the
 * conversation had at its position, which may not be the end by now. An answer has no position; the stream brings its
 * marker too, and sets right what was made of it.
 */
export function takeMarker(store: Store, touch: Touch, marker: ReadMarker, position: number | null): void {
  const { connection } = store
  const { conversationId, readUpTo, unread, mentions } = marker
  changeConversation(connection, conversationId, (held) => {
    if (readUpTo < held.readUpTo || (readUpTo === held.readUpTo && position === null)) return {}
    const end = position === null ? null : ordinalUpTo(connection, conversationId, position)
    const ordinal =
      ordinalOfMessage(connection, conversationId, readUpTo) ?? (end ?? held.lastOrdinal) - unread
    return {
      readUpTo,
      readOrdinal: end === null && held.lastOrdinal > 0 ? Math.max(held.readOrdinal, ordinal) : ordinal,
      // Of what is sealed the server does not know whom it mentions.
      mentions: held.conversation.sealed
        ? mentionsHeldAfter(connection, conversationId, readUpTo)
        : Math.min(mentions, Math.max(0, held.lastOrdinal - ordinal)),
    }
  })
  touch('conversations')
  touch(`conversation:${conversationId}`)
}

/** A conversation as a snapshot has it. */
export function takeMine(store: Store, touch: Touch, mine: MyConversation, snapshot: number): void {
  const { connection } = store
  const { conversation, role, grant, memberCount, lastMessage, readUpTo, unread, mentions } = mine
  const known = heldConversation(connection, conversation.id)
  const lastOrdinal = lastMessage?.ordinal ?? 0
  putConversation(connection, {
    ...fresh(snapshot),
    madeBy: known?.madeBy ?? null,
    conversation,
    role,
    grant: grant ?? null,
    memberCount,
    lastOrdinal,
    lastMessageId: lastMessage?.id ?? 0,
    readUpTo,
    readOrdinal: lastOrdinal - unread,
    mentions,
  })
  if (lastMessage) takeMessage(store, touch, lastMessage)
  settleFounded(store, touch, conversation)
  touch(`conversation:${conversation.id}`)
  touch(`members:${conversation.id}`)
}

/** What nothing is known of yet. */
export const fresh = (snapshot: number) =>
  ({
    lastOrdinal: 0,
    lastMessageId: 0,
    readUpTo: 0,
    readOrdinal: 0,
    mentions: 0,
    snapshot,
    filled: 0,
    membersHeld: 0,
    madeBy: null,
  }) as const satisfies Partial<Held>
