import type { Member } from '@parley/domain/conversations'
import type { AccountId } from '@parley/domain/ids'
import type { ActionKind, ConversationKey } from '../actions.ts'
import { operationOf } from '../outbox/acting.ts'
import { isLocal } from '../outbox/order.ts'
import { type MemberBefore, membersAfter } from '../overlay/members.ts'
import { profileAfter } from '../overlay/profile.ts'
import type { Presence } from '../presence.ts'
import { heldConversation } from '../store/conversations.ts'
import { heldMembers, heldPeople, heldPerson, type HeldPerson } from '../store/people.ts'
import { heldRequests } from '../store/requests.ts'
import type { Store } from '../store/store.ts'
import type { MeView, MembersView, MemberView, PersonView, RequestsView } from '../views.ts'

/** One's own account, with everything that waits done already. */
export const meView = ({ me, operations }: Store): MeView | null =>
  me && profileAfter(me, operations.of('update-profile'))

const viewOf = (store: Store, presence: Presence, { person, lastSeenAt }: HeldPerson): PersonView => ({
  ...(person.id === store.me?.id ? profileAfter(person, store.operations.of('update-profile')) : person),
  online: presence.isOnline(person.id),
  lastSeenAt,
})

/** By the names that are shown. */
export const peopleList = (store: Store, presence: Presence): PersonView[] =>
  heldPeople(store.connection)
    .map((held) => viewOf(store, presence, held))
    .toSorted((one, other) => one.displayName.localeCompare(other.displayName))

export function personById(store: Store, presence: Presence, id: AccountId): PersonView | null {
  const held = heldPerson(store.connection, id)
  return held && viewOf(store, presence, held)
}

/** Who is in a conversation, with everything that waits done already. */
export function membersView(store: Store, presence: Presence, key: ConversationKey): MembersView {
  if (store.me === null || isLocal(key)) return { members: [], complete: false }
  const { connection, account } = store
  const queued = store.operations.in(key)
  const held: readonly Member[] = heldMembers(connection, key)
  const shown = queued
    .filter(({ state }) => state !== 'refused')
    .reduce<readonly (Member | MemberBefore)[]>(
      (members, { action }) => membersAfter(members, action, account.id),
      held,
    )
  const pendingOf = (id: AccountId) =>
    queued.filter(({ action }) => {
      if (action.kind === 'add-members') return action.accountIds.includes(id)
      return 'accountId' in action && action.accountId === id
    })
  const members = shown.map((member): MemberView => ({
    ...member,
    person: personById(store, presence, member.accountId),
    pending: pendingOf(member.accountId).map(({ id }) => id),
  }))
  return { members, complete: heldConversation(connection, key)?.membersHeld === 1 }
}

/** What waits for an answer, and what became of what was asked; answers given here count as given. */
export function requestsView(store: Store): RequestsView {
  if (store.me === null) return { toDecide: [], mine: [], invitations: [], pending: [] }
  const { toDecide, mine, invitations } = heldRequests(store.connection, store.account.id)
  const pending = kinds
    .flatMap((kind) => store.operations.of(kind))
    .toSorted((one, other) => one.number - other.number)
  const valid = pending.filter(({ state }) => state !== 'refused').map(({ action }) => action)
  return {
    toDecide: toDecide.filter(
      (request) =>
        !valid.some(
          (action) =>
            (action.kind === 'approve-join' || action.kind === 'decline-join') &&
            action.conversationId === request.conversationId &&
            action.accountId === request.accountId,
        ),
    ),
    mine: mine.map((request) =>
      valid.some(
        ({ kind, ...of }) =>
          kind === 'cancel-join-request' &&
          'conversationId' in of &&
          of.conversationId === request.conversationId,
      )
        ? { ...request, state: 'cancelled' }
        : request,
    ),
    invitations: invitations.filter(
      (invitation) =>
        !valid.some((action) => {
          if (action.kind === 'withdraw-invitation') {
            return invitation.fromId === store.account.id && action.accountId === invitation.toId
          }
          return (
            (action.kind === 'accept-invitation' || action.kind === 'decline-invitation') &&
            action.fromId === invitation.fromId
          )
        }),
    ),
    pending: pending.map((queued) => operationOf(store, queued)),
  }
}

const kinds: readonly ActionKind[] = [
  'join',
  'ask-to-join',
  'cancel-join-request',
  'approve-join',
  'decline-join',
  'invite',
  'withdraw-invitation',
  'accept-invitation',
  'decline-invitation',
]
