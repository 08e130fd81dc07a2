import type { Conversation, ReadMarker } from '@parley/domain/conversations'
import type { AttachmentId, ConversationId, MessageId } from '@parley/domain/ids'
import type { Message, Sent } from '@parley/domain/messages'
import type { Action, ActionKind, OperationId } from '../actions.ts'

/** An action of which every reference is the server's own by now. */
export type Call = {
  [Kind in ActionKind]: Settled<Extract<Action, { kind: Kind }>>
}[ActionKind] & {
  readonly operationId: OperationId
  /** What a message carries, by the names that the server gave. */
  readonly attachmentIds?: readonly AttachmentId[]
}

type Settled<A> = {
  readonly [Field in keyof A]: Field extends 'conversationId'
    ? ConversationId
    : Field extends 'messageId' | 'replyTo'
      ? MessageId | Extract<A[Field], undefined>
      : A[Field]
}

/** What the server answered, as far as the engine makes something of it. */
export type Done =
  | { readonly kind: 'sent'; readonly sent: Sent }
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'conversation'; readonly conversation: Conversation }
  | { readonly kind: 'read'; readonly marker: ReadMarker }
  | { readonly kind: 'done' }

/**
 * What to ask the server for; null while something that the action names has no name of the server yet.
 * @param attachmentIds of the files that go with it, null of those that are not uploaded yet
 */
export function callOf(
  action: Action,
  operationId: OperationId,
  attachmentIds: readonly (AttachmentId | null)[],
): Call | null {
  const uploaded = attachmentIds.filter((id) => id !== null)
  if (uploaded.length < attachmentIds.length) return null
  const named = { ...action, operationId, ...(uploaded.length > 0 && { attachmentIds: uploaded }) }
  return isSettled(named) ? named : null
}

type Named = Action & Pick<Call, 'operationId' | 'attachmentIds'>

function isSettled(named: Named): named is Named & Call {
  if ('conversationId' in named && named.conversationId.startsWith('local-')) return false
  if ('messageId' in named && typeof named.messageId === 'string') return false
  return named.kind !== 'send' || typeof named.replyTo !== 'string'
}
