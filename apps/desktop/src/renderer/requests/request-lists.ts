import type { Operation, Requests } from '../live/queries.ts'

type JoinRequest = Requests['mine'][number]
type Invitation = Requests['invitations'][number]

export interface RequestLists {
  /** The longest waiting first. */
  readonly toAnswer: readonly Asked[]
  /** What one asked for oneself: what waits first, then the newest answers. */
  readonly asked: readonly Asked[]
}

export type Asked =
  | { readonly kind: 'join'; readonly key: string; readonly at: number; readonly request: JoinRequest }
  | {
      readonly kind: 'invitation'
      readonly key: string
      readonly at: number
      readonly invitation: Invitation
    }

/** What is to be answered, and what became of what one asked oneself. What was taken back is no news. */
export function requestLists({ toDecide, mine, invitations }: Requests, meId: string): RequestLists {
  const join = (request: JoinRequest): Asked => ({
    kind: 'join',
    key: `${request.conversationId} ${request.accountId}`,
    at: request.decidedAt ?? request.askedAt,
    request,
  })
  const invitation = (each: Invitation): Asked => ({
    kind: 'invitation',
    key: `${each.fromId} ${each.toId}`,
    at: each.decidedAt ?? each.sentAt,
    invitation: each,
  })
  const isToAnswer = ({ toId, state }: Invitation) => toId === meId && state === 'waiting'
  const isNews = ({ fromId, state }: Invitation) => fromId === meId && state !== 'withdrawn'
  return {
    toAnswer: [...toDecide.map(join), ...invitations.filter(isToAnswer).map(invitation)].toSorted(
      (one, other) => one.at - other.at,
    ),
    asked: [
      ...mine.filter(({ state }) => state !== 'cancelled').map(join),
      ...invitations.filter(isNews).map(invitation),
    ].toSorted((one, other) => rankOf(one) - rankOf(other) || other.at - one.at),
  }
}

const rankOf = (asked: Asked) => (stateOf(asked) === 'waiting' ? 0 : 1)

export const stateOf = (asked: Asked) =>
  asked.kind === 'join' ? asked.request.state : asked.invitation.state

/** Whether it was decided, and nobody has said yet that they know. */
export function isUnseen(asked: Asked): boolean {
  const { state, seen } = asked.kind === 'join' ? asked.request : asked.invitation
  return state !== 'waiting' && seen !== true
}

/**
 * What of the outbox is worth a word: what was refused always, what waits while it cannot go out. Messages are shown
 * where they stand, and markers are nobody's concern.
 */
export function operationsToShow(outbox: readonly Operation[], isOnline: boolean): readonly Operation[] {
  return outbox
    .filter(({ action, state }) => {
      if (action.kind === 'mark-read') return false
      if (state === 'refused') return true
      return action.kind !== 'send' && state !== 'sent' && (!isOnline || state === 'unconfirmed')
    })
    .toSorted((one, other) => Number(other.state === 'refused') - Number(one.state === 'refused'))
}
