import type { Conversation } from '@parley/domain/conversations'
import type { Entry } from '@parley/domain/stream'
import { changedBy } from '../overlay/messages.ts'
import { conversationAfter } from '../overlay/conversations.ts'
import {
  changeConversation,
  forgetConversation,
  heldConversation,
  putConversation,
} from '../store/conversations.ts'
import { holdsMessage, messageById } from '../store/messages.ts'
import type { Queued } from '../store/operations.ts'
import type { Store, Touch } from '../store/store.ts'
import { apply } from '../sync/apply.ts'
import { confirmMade, confirmSent, fresh, renameDependents, takeMarker, takeMessage } from '../sync/take.ts'
import type { Call, Done } from './calls.ts'

/**
 * The server has done it. The store takes over what the operation showed until now, so that nothing flickers until the
 * stream says the same; what the stream brought meanwhile is newer, and is taken again on top. Where that was too much to
 * keep, the store is left to the stream.
 */
export function settle(
  store: Store,
  touch: Touch,
  {
    queued,
    call,
    done,
    meanwhile,
  }: { queued: Queued; call: Call; done: Done; meanwhile: readonly Entry[] | null },
): void {
  touch('outbox')
  if (done.kind === 'sent') {
    settleSent(store, touch, queued, done.sent.messageId)
    return
  }
  if (done.kind === 'conversation' && (call.kind === 'make-group' || call.kind === 'open-direct')) {
    settleMade(store, touch, queued, done.conversation, meanwhile)
    return
  }
  store.operations.remove(queued.id)
  touchOf(touch, call)
  if (meanwhile === null) return
  takeOver(store, touch, call, done, queued.madeAt)
  for (const entry of meanwhile) apply(store, touch, entry)
}

/** The message stays in the outbox until the stream brings it: in the conversation nothing stands before its turn. */
function settleSent(store: Store, touch: Touch, queued: Queued, messageId: Queued['sentAs'] & number): void {
  touchOf(touch, queued.action)
  if (messageId <= (store.standing?.cursor ?? 0) || holdsMessage(store.connection, messageId)) {
    confirmSent(store, touch, queued.id, messageId)
    return
  }
  const current = store.operations.get(queued.id)
  if (!current) return
  renameDependents(store, queued.id, { message: messageId })
  store.operations.change(current, { state: 'sent', sentAs: messageId, problem: null })
}

function settleMade(
  store: Store,
  touch: Touch,
  queued: Queued,
  conversation: Conversation,
  meanwhile: readonly Entry[] | null,
): void {
  const { connection, standing } = store
  const known = heldConversation(connection, conversation.id)
  // The stream may have brought it, and may have taken it away again.
  const passed =
    meanwhile === null ||
    meanwhile.some((entry) => entry.kind === 'left' && entry.conversationId === conversation.id)
  if (known) putConversation(connection, { ...known, madeBy: queued.id })
  else if (!passed) {
    putConversation(connection, {
      ...fresh(standing?.snapshot ?? 0),
      conversation,
      role: conversation.founderId === store.account.id ? 'founder' : 'member',
      grant: null,
      memberCount: queued.action.kind === 'make-group' ? 1 + queued.action.members.length : 2,
      madeBy: queued.id,
    })
  }
  confirmMade(store, touch, queued.id, conversation.id)
}

function takeOver(store: Store, touch: Touch, call: Call, done: Done, at: number): void {
  const { connection, account } = store
  if (done.kind === 'message') {
    if (holdsMessage(connection, done.message.id)) takeMessage(store, touch, done.message)
  } else if (done.kind === 'read') {
    takeMarker(store, touch, done.marker, null)
  } else if (done.kind === 'conversation') {
    changeConversation(connection, done.conversation.id, () => ({ conversation: done.conversation }))
  } else if (call.kind === 'delete' || call.kind === 'react') {
    const message = messageById(connection, call.messageId)
    if (message) takeMessage(store, touch, changedBy(message, call, account.id, at))
  } else if (call.kind === 'leave') {
    forgetConversation(connection, call.conversationId)
  } else if (call.kind === 'close') {
    changeConversation(connection, call.conversationId, ({ conversation }) => ({
      conversation: conversationAfter(conversation, call, at),
    }))
  }
}

/** What an action shows while it waits, and does not show any more once it was refused. */
export function touchOf(touch: Touch, action: Queued['action'] | Call): void {
  touch('conversations')
  touch('requests')
  if (action.kind === 'update-profile') {
    touch('me')
    touch('people')
  }
  if (!('conversationId' in action)) return
  touch(`conversation:${action.conversationId}`)
  touch(`members:${action.conversationId}`)
}
