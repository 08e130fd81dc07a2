import type { Person } from '@parley/domain/accounts'
import type { AccountId } from '@parley/domain/ids'
import type { ActionOf, ConversationKey } from '../actions.ts'
import { isLocal, localConversation, makerOf, makesConversation } from '../outbox/order.ts'
import { conversationAfter } from '../overlay/conversations.ts'
import { conversationMadeBy, type Held, heldConversation, heldConversations } from '../store/conversations.ts'
import { type KnownLevel, levelOf, levelsOf, usualLevels } from '../store/levels.ts'
import { lastMessages, mentionsHeldAfter, messageById, ordinalOfMessage } from '../store/messages.ts'
import type { Queued } from '../store/operations.ts'
import { heldPerson } from '../store/people.ts'
import { allRoomFacts, noFacts, roomFacts } from '../store/sealed.ts'
import type { Store } from '../store/store.ts'
import type { ConversationView, DraftView, SealingView, TimelineMessage } from '../views.ts'
import { draftOf, draftsOf } from './drafts.ts'
import { confirmedView, goesSealed, pendingView } from './timeline-message.ts'

/** The sidebar: the one in which something was said last comes first. */
export function conversationList(store: Store): ConversationView[] {
  if (store.me === null) return []
  const { connection, operations } = store
  const draft = draftsOf(store)
  const level = levelsOf(connection)
  const lasts = lastMessages(connection)
  const facts = allRoomFacts(connection)
  const held = heldConversations(connection).map((each) => {
    const { id } = each.conversation
    const last = lasts.get(id) ?? null
    const queued = operations.in(id)
    return viewOf(store, each, {
      queued,
      draft: draft(id),
      level: level(each.conversation),
      sealing: (facts.get(id) ?? noFacts).view,
      last: last && confirmedView(store, last),
    })
  })
  const makers = [...operations.of('make-group'), ...operations.of('open-direct')]
  const made = makers
    .toSorted((one, other) => one.number - other.number)
    .flatMap((maker) => {
      const key = localConversation(maker.id)
      return madeHere(store, maker, operations.in(key), draft(key))
    })
  return [...made, ...held]
    .filter((view) => view !== null)
    .toSorted((one, other) => newsOf(other) - newsOf(one))
}

const newsOf = ({ lastMessage, conversation }: ConversationView): number =>
  Math.max(lastMessage?.sentAt ?? 0, conversation.createdAt)

/** By a name of this device, once the server has named it, it is found under the server's. */
export function conversationByKey(store: Store, key: ConversationKey): ConversationView | null {
  if (store.me === null) return null
  const { connection, operations } = store
  const queued = operations.in(key)
  const draft = draftOf(store, key)
  if (isLocal(key)) {
    const maker = operations.get(makerOf(key))
    if (maker) return madeHere(store, maker, queued, draft)[0] ?? null
    const made = conversationMadeBy(connection, makerOf(key))
    return made && conversationByKey(store, made)
  }
  const held = heldConversation(connection, key)
  if (!held) return null
  const last = held.lastMessageId === 0 ? null : messageById(connection, held.lastMessageId)
  const level = levelOf(connection, held.conversation)
  const { view: sealing } = roomFacts(connection, key) ?? noFacts
  return viewOf(store, held, {
    ...{ queued, draft, level, sealing },
    last: last && confirmedView(store, last),
  })
}

interface Around {
  readonly queued: readonly Queued[]
  readonly draft: DraftView | null
  readonly level: KnownLevel
  readonly last: TimelineMessage | null
  readonly sealing: SealingView
}

/** Null for one that the account is about to leave. */
function viewOf(
  store: Store,
  held: Held,
  { queued, draft, level: { level, isUsual }, last, sealing }: Around,
): ConversationView | null {
  const valid = queued.filter(({ state }) => state !== 'refused')
  if (valid.some(({ action }) => action.kind === 'leave')) return null
  const { id, ...rest } = held.conversation
  const conversation = valid.reduce(
    (shown, { action, madeAt }) => conversationAfter(shown, action, madeAt),
    rest,
  )
  const otherId = rest.directWith?.find((each) => each !== store.account.id) ?? null
  return {
    id,
    conversation,
    role: valid.some(({ action }) => action.kind === 'hand-over') ? 'admin' : held.role,
    memberCount: held.memberCount,
    otherId,
    other: personOf(store, otherId),
    lastMessage: lastSaid(store, queued) ?? last,
    ...unreadOf(store, held, valid),
    draft,
    ...troubleOf(queued),
    notificationLevel: level,
    isUsualLevel: isUsual,
    muted: level === 'nothing',
    sealing: rest.sealed ? sealing : null,
  }
}

/** A conversation that waits to be made, or was refused. */
function madeHere(
  store: Store,
  maker: Queued,
  queued: readonly Queued[],
  draft: DraftView | null,
): ConversationView[] {
  const { account } = store
  const { action, id, madeAt } = maker
  if (!makesConversation(action) || (action.kind !== 'make-group' && action.kind !== 'open-direct')) return []
  const otherId = action.kind === 'open-direct' ? action.accountId : null
  const group = action.kind === 'make-group' ? action : null
  const sealed = action.sealed === true
  const conversation = {
    kind: group ? 'group' : 'direct',
    name: group?.name ?? '',
    description: group?.description ?? '',
    joinPolicy: group?.joinPolicy ?? 'closed',
    listed: group?.listed ?? false,
    sealed,
    founderId: group ? account.id : null,
    createdAt: madeAt,
    closedAt: null,
  } as const
  const trouble = troubleOf(queued)
  const usual = usualLevels(store.connection)[conversation.kind]
  return [
    {
      id: localConversation(id),
      conversation: queued.reduce(
        (shown, each) => conversationAfter(shown, each.action, each.madeAt),
        conversation,
      ),
      role: group ? 'founder' : 'member',
      memberCount: group ? 1 + new Set(group.members).size : 2,
      otherId,
      other: personOf(store, otherId),
      lastMessage: lastSaid(store, queued),
      readUpTo: 0,
      unread: 0,
      mentions: 0,
      draft,
      pending: [id, ...trouble.pending],
      problems: trouble.problems + (maker.state === 'refused' ? 1 : 0),
      notificationLevel: usual,
      isUsualLevel: true,
      muted: usual === 'nothing',
      sealing: sealed ? toBeSealed(action) : null,
    },
  ]
}

const toBeSealed = (action: ActionOf<'make-group' | 'open-direct'>): SealingView => ({
  state: 'open',
  cause: null,
  verified: false,
  history: action.kind === 'make-group' ? (action.history ?? 'joining') : 'everything',
})

function personOf({ connection }: Store, id: AccountId | null): Person | null {
  return id === null ? null : (heldPerson(connection, id)?.person ?? null)
}

function lastSaid(store: Store, queued: readonly Queued[]): TimelineMessage | null {
  const said = queued.findLast(({ action }) => action.kind === 'send')
  return said?.action.kind === 'send'
    ? pendingView(store, said, said.action, goesSealed(store, said.action.conversationId))
    : null
}

/** Whoever marks as read, or writes, sees it as read at once. */
export function unreadOf({ connection }: Store, held: Held, valid: readonly Queued[]) {
  const { id } = held.conversation
  let { readUpTo, readOrdinal, mentions } = held
  // Of all that was written each says the same.
  const read = valid.flatMap(({ action }) =>
    action.kind === 'mark-read' ? [action.messageId] : action.kind === 'send' ? [held.lastMessageId] : [],
  )
  for (const upTo of new Set(read)) {
    if (upTo <= readUpTo) continue
    const ordinal = ordinalOfMessage(connection, id, upTo)
    if (ordinal === null) continue
    readUpTo = upTo
    readOrdinal = Math.max(readOrdinal, ordinal)
    mentions = Math.min(mentions, mentionsHeldAfter(connection, id, upTo))
  }
  const unread = Math.max(0, held.lastOrdinal - readOrdinal)
  return { readUpTo, unread, mentions: unread === 0 ? 0 : mentions }
}

const troubleOf = (queued: readonly Queued[]) => ({
  pending: queued
    .filter(({ action }) => !('messageId' in action) && action.kind !== 'send')
    .map(({ id }) => id),
  problems: queued.filter(({ state }) => state === 'refused').length,
})
