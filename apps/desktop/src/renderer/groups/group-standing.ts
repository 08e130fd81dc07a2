import type { ConversationId } from '@parley/domain/ids'
import type { ConversationView, Operation, Requests } from '../live/queries.ts'

/** How one stands to a group, with what waits in the outbox counted as wished. */
export type GroupStanding =
  | { readonly kind: 'member' }
  | { readonly kind: 'outside' }
  /** Going in, as soon as the server has heard of it. */
  | { readonly kind: 'joining'; readonly operation: Operation }
  /** The server said no; `operation` says why. */
  | { readonly kind: 'refused'; readonly operation: Operation }
  /** The request itself waits to be sent. */
  | { readonly kind: 'asking'; readonly operation: Operation }
  /** An admin has to decide. */
  | { readonly kind: 'asked' }
  | { readonly kind: 'declined' }

export interface StandingSources {
  readonly conversations: readonly Pick<ConversationView, 'id'>[]
  readonly requests: Pick<Requests, 'mine'>
  readonly outbox: readonly Operation[]
}

export function standingTo(
  id: ConversationId,
  { conversations, requests, outbox }: StandingSources,
): GroupStanding {
  if (conversations.some((view) => view.id === id)) return { kind: 'member' }
  const operation = outbox.findLast(
    ({ action }) => (action.kind === 'join' || action.kind === 'ask-to-join') && action.conversationId === id,
  )
  if (operation?.state === 'refused') return { kind: 'refused', operation }
  if (operation) return { kind: operation.action.kind === 'join' ? 'joining' : 'asking', operation }
  const request = requests.mine.find(({ conversationId }) => conversationId === id)
  if (request?.state === 'waiting') return { kind: 'asked' }
  if (request?.state === 'declined') return { kind: 'declined' }
  return { kind: 'outside' }
}
