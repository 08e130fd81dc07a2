import {
  Action,
  type ActionKind,
  type ConversationKey,
  LocalConversationId,
  OperationId,
} from '../actions.ts'
import {
  carriesFiles,
  conversationOf,
  type Lane,
  waitingIn,
  type Operations,
  type Queued,
} from '../store/operations.ts'

/** The name under which the conversation goes that an operation makes, until the server has named it. */
export const localConversation = (id: OperationId): LocalConversationId =>
  LocalConversationId.parse(`local-${id}`)

/** The operation that makes the conversation of that name. */
export const makerOf = (key: LocalConversationId): OperationId =>
  OperationId.parse(key.slice('local-'.length))

export const isLocal = (key: ConversationKey): key is LocalConversationId => key.startsWith('local-')

export const makesConversation = (action: Action): boolean =>
  action.kind === 'make-group' || action.kind === 'open-direct'

const makes = (queued: Queued, key: ConversationKey | null): boolean =>
  key !== null && isLocal(key) && makesConversation(queued.action) && localConversation(queued.id) === key

/** What an operation needs the name of: what makes its conversation, what sends its message. */
function needsOf(operations: Operations, { action, number }: Queued): Queued[] {
  const key = conversationOf(action)
  const maker = key !== null && isLocal(key) ? operations.get(makerOf(key)) : undefined
  return [
    ...waitingIn(action).map((id) => operations.get(id)),
    ...(maker && makes(maker, key) ? [maker] : []),
  ]
    .filter((other) => other !== undefined)
    .filter((other) => other.number < number && other.state !== 'sent')
}

/** An operation and everything that cannot be without it, first to last. */
export function withDependents(operations: Operations, root: Queued): Queued[] {
  const found = new Set([root])
  // A set is gone through to its end, also by what is added meanwhile.
  for (const each of found) {
    const inMade = makesConversation(each.action) ? operations.in(localConversation(each.id)) : []
    for (const dependent of [...operations.naming(each.id), ...inMade]) {
      // A dependent always comes later than what it depends on.
      if (dependent.number > each.number) found.add(dependent)
    }
  }
  return [...found].toSorted((one, other) => one.number - other.number)
}

/** What lets others hear what was said before, changes for whom it is, or ends the saying: it comes after all that was said. */
const endsSaying: ReadonlySet<ActionKind> = new Set<ActionKind>([
  'add-members',
  'approve-join',
  'close',
  'leave',
  'set-history',
  'set-join-policy',
  'turn-sealed',
])

/** What one look at the outbox has found out so far. */
interface Look {
  readonly operations: Operations
  /** Whether files of a message are not on the server yet. */
  readonly isUploading: (queued: Queued) => boolean
  /** What is refused, or waits for it, and what does not. */
  readonly stuck: Map<OperationId, boolean>
  /** What waits for files. */
  readonly late: Set<OperationId>
}

function isStuck(look: Look, queued: Queued): boolean {
  const known = look.stuck.get(queued.id)
  if (known !== undefined) return known
  const stuck =
    queued.state === 'refused' || needsOf(look.operations, queued).some((other) => isStuck(look, other))
  look.stuck.set(queued.id, stuck)
  return stuck
}

/**
 * What may be sent now: of each lane the first operation that is neither decided nor held up by a refused one, if all
 * that it names has its name from the server. A message whose files are on their way, and what waits for that message, is
 * gone past by what was said later. Nobody looks further into a lane than that.
 */
export function* sendable(
  operations: Operations,
  isUploading: Look['isUploading'],
  lanes: Iterable<Lane> = operations.lanes,
): Generator<Queued, void, undefined> {
  const look: Look = { operations, isUploading, stuck: new Map(), late: new Set() }
  for (const lane of lanes) yield* sendableIn(look, lane)
}

function* sendableIn(look: Look, lane: Lane): Generator<Queued, void, undefined> {
  let isLateLane = false
  for (const queued of look.operations.inLane(lane)) {
    if (isStuck(look, queued)) continue
    const { action } = queued
    const needs = needsOf(look.operations, queued)
    // Files go in order among themselves.
    const isBehind = isLateLane && (carriesFiles(action) || endsSaying.has(action.kind))
    if (!isBehind && needs.length === 0) yield queued
    const isLate =
      (isBehind && carriesFiles(action)) ||
      look.isUploading(queued) ||
      needs.some((other) => look.late.has(other.id))
    if (!isLate) return
    look.late.add(queued.id)
    isLateLane = true
  }
}

/** An action with a name of the outbox replaced by the one that the server gave. */
export function renamed(
  action: Action,
  from: string,
  to: { conversation: ConversationKey } | { message: number },
): Action {
  const changed: Record<string, unknown> = { ...action }
  if ('conversation' in to) {
    if (changed['conversationId'] === from) changed['conversationId'] = to.conversation
  } else {
    for (const field of ['messageId', 'replyTo']) if (changed[field] === from) changed[field] = to.message
  }
  return Action.parse(changed)
}
