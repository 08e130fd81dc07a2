import type { Message } from '@parley/domain/messages'
import type { ActionOf, ConversationKey, MessageKey } from '../actions.ts'
import { changedBy } from '../overlay/messages.ts'
import { type HeldMessage, isMentioned, messageById, type Seal } from '../store/messages.ts'
import { conversationOf, type Queued } from '../store/operations.ts'
import type { Store } from '../store/store.ts'
import { isLocal, makerOf } from '../outbox/order.ts'
import { heals } from '../sealing/heals.ts'
import { heldConversation } from '../store/conversations.ts'
import { holdsCopy } from '../attachments/wire.ts'
import { outgoingOf } from '../store/outgoing.ts'
import type { AttachmentView, ContentView, Delivery, OperationState, TimelineMessage } from '../views.ts'

/** A message of the server, with what waits to be done to it done already. */
export function confirmedView(store: Store, message: HeldMessage): TimelineMessage {
  const { account } = store
  const mine = changesOf(store, message.id, message.conversationId)
  const shown = withChanges(message, mine, store)
  return {
    key: `${message.authorId} ${message.clientMessageId}`,
    id: message.id,
    operationId: null,
    delivery: 'confirmed',
    problem: null,
    ...shownParts(store, shown, message.conversationId),
    sealed: message.content.kind === 'sealed' || message.sealed !== undefined,
    attachments: (shown.attachments ?? []).map((attachment) => ({
      ...attachment,
      sentBytes: null,
      held: holdsCopy(store.connection, attachment.id, message),
    })),
    authorId: message.authorId,
    sentAt: message.sentAt,
    ordinal: message.ordinal,
    mentionsMe: isMentioned(shown, account.id),
    ...pendingParts(mine),
  }
}

/**
 * A message that is still in the outbox.
 * @param sealed whether it will go sealed
 */
export function pendingView(
  store: Store,
  operation: Queued,
  send: ActionOf<'send'>,
  sealed: boolean,
): TimelineMessage {
  const { account } = store
  const mine = changesOf(store, operation.id, send.conversationId)
  const shown = withChanges<Parts>(
    {
      content: send.content,
      replyTo: send.replyTo,
      mentions: send.mentions,
      mentionsEveryone: send.mentionsEveryone ? true : undefined,
    },
    mine,
    store,
  )
  return {
    key: `${account.id} ${operation.id}`,
    id: operation.sentAs,
    operationId: operation.id,
    delivery: deliveries[operation.state],
    problem: operation.problem,
    ...shownParts(store, shown, send.conversationId),
    sealed,
    attachments: shown.content.kind === 'deleted' ? [] : waitingAttachments(store, operation, send),
    authorId: account.id,
    sentAt: operation.madeAt,
    ordinal: null,
    mentionsMe: false,
    ...pendingParts(mine),
  }
}

const deliveries = {
  waiting: 'sending',
  sending: 'sending',
  unconfirmed: 'unconfirmed',
  sent: 'sent',
  refused: 'failed',
} as const satisfies Record<OperationState, Delivery>

const waitingAttachments = (
  { connection }: Store,
  { id }: Queued,
  { attachments }: ActionOf<'send'>,
): AttachmentView[] =>
  attachments?.length
    ? outgoingOf(connection, id).map(({ id: key, name, mediaType, bytes, sentBytes }) => ({
        id: key,
        name,
        mediaType,
        bytes,
        sentBytes,
        held: true,
      }))
    : []

type Parts = Pick<
  Message,
  'content' | 'mentions' | 'mentionsEveryone' | 'attachments' | 'reactions' | 'editedAt'
> & {
  readonly replyTo?: MessageKey | undefined
  readonly sealed?: Seal | undefined
}

/** What waits to be done to a message. */
const changesOf = ({ operations }: Store, id: MessageKey, key: ConversationKey): readonly Queued[] =>
  operations.naming(id).filter(({ action }) => isChange(action) && conversationOf(action) === key)

const isChange = ({ kind }: Queued['action']): boolean =>
  kind === 'edit' || kind === 'delete' || kind === 'react'

/** What was refused is not shown as if it were so. */
function withChanges<M extends Parts>(message: M, changes: readonly Queued[], { account }: Store): M {
  return changes
    .filter(({ state }) => state !== 'refused')
    .reduce((shown, { action, madeAt }) => changedBy(shown, action, account.id, madeAt), message)
}

/** What is quoted is of the same conversation: a message of another one is none of those who are in this one. */
function shownParts({ connection }: Store, shown: Parts, conversationId: ConversationKey) {
  const named = typeof shown.replyTo === 'number' ? messageById(connection, shown.replyTo) : null
  const repliedTo = named?.conversationId === conversationId ? named : null
  return {
    content: contentOf(shown),
    replyTo: shown.replyTo ?? null,
    repliedTo: repliedTo && {
      id: repliedTo.id,
      authorId: repliedTo.authorId,
      content: contentOf(repliedTo),
    },
    mentions: shown.mentions ?? [],
    mentionsEveryone: shown.mentionsEveryone === true,
    reactions: shown.reactions ?? [],
    editedAt: shown.editedAt ?? null,
  }
}

/** What came sealed and is not open says why. */
const contentOf = ({ content, sealed }: Pick<Parts, 'content' | 'sealed'>): ContentView =>
  content.kind === 'sealed' && sealed?.cause
    ? { kind: 'closed', cause: sealed.cause, heals: heals(sealed.cause) }
    : content

/** Whether what is said in it goes sealed, as far as is known here. */
export function goesSealed({ connection, operations }: Store, conversationId: ConversationKey): boolean {
  if (!isLocal(conversationId))
    return heldConversation(connection, conversationId)?.conversation.sealed === true
  const maker = operations.get(makerOf(conversationId))?.action
  return maker !== undefined && 'sealed' in maker && maker.sealed === true
}

const pendingParts = (changes: readonly Queued[]) => ({
  pending: changes.map(({ id }) => id),
  pendingProblem: changes.find(({ problem }) => problem !== null)?.problem ?? null,
})
