import {
  Action,
  type ActionKind,
  type ConversationKey,
  LocalConversationId,
  OperationId,
} from '../actions.ts'
import { conversationOf, type Queued } from '../store/operations.ts'

/** The name under which the conversation goes that an operation makes, until the server has named it. */
export const localConversation = (id: OperationId): LocalConversationId =>
  LocalConversationId.parse(`local-${id}`)

/** The operation that makes the conversation of that name. */
export const makerOf = (key: LocalConversationId): OperationId =>
  OperationId.parse(key.slice('local-'.length))

export const isLocal = (key: ConversationKey): key is LocalConversationId => key.startsWith('local-')

export const makesConversation = (action: Action): boolean =>
  action.kind === 'make-group' || action.kind === 'open-direct'

/** The operations of a lane go one after the other, in the order in which they were done; lanes do not wait for each other. */
const laneOf = (action: Action): string => conversationOf(action) ?? 'account'

/** The operations whose outcome an action names: what makes its conversation, what sends its message. */
export function dependenciesOf(action: Action): OperationId[] {
  const needs: OperationId[] = []
  if ('messageId' in action && typeof action.messageId === 'string') needs.push(action.messageId)
  if (action.kind === 'send' && typeof action.replyTo === 'string') needs.push(action.replyTo)
  return needs
}

const dependsOn = (action: Action, other: Queued): boolean =>
  dependenciesOf(action).includes(other.id) ||
  (makesConversation(other.action) && conversationOf(action) === localConversation(other.id))

/** An operation and everything that cannot be without it, first to last. */
export function withDependents(queue: readonly Queued[], root: Queued): Queued[] {
  const found = [root]
  // A dependent always comes later than what it depends on.
  for (const queued of queue) {
    if (queued.number > root.number && found.some((other) => dependsOn(queued.action, other)))
      found.push(queued)
  }
  return found
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

const carriesFiles = (action: Action): boolean =>
  action.kind === 'send' && (action.attachments?.length ?? 0) > 0

/**
 * What may be sent now: of each lane the first operation that is neither decided nor held up by a refused one, if all
 * that it names has its name from the server. A message whose files are on their way, and what waits for that message, is
 * gone past by what was said later.
 * @param isUploading whether files of a message are not on the server yet
 */
export function sendable(queue: readonly Queued[], isUploading: (queued: Queued) => boolean): Queued[] {
  const lanes = new Set<string>()
  const stuck = new Set<Queued>()
  /** What waits for files, and the lanes in which something does. */
  const late = new Set<Queued>()
  const lateLanes = new Set<string>()
  const ready: Queued[] = []
  const unsettled: Queued[] = []
  for (const queued of queue) {
    const { action, state } = queued
    const needs = unsettled.filter((other) => dependsOn(action, other))
    if (state === 'refused' || needs.some((other) => stuck.has(other))) {
      stuck.add(queued)
      unsettled.push(queued)
      continue
    }
    if (state === 'sent') continue
    unsettled.push(queued)
    const lane = laneOf(action)
    // Files go in order among themselves.
    const isBehind = lateLanes.has(lane) && (carriesFiles(action) || endsSaying.has(action.kind))
    const isHead = !lanes.has(lane) && !isBehind
    if (isHead && needs.length === 0) ready.push(queued)
    const isLate =
      (isBehind && carriesFiles(action)) || isUploading(queued) || needs.some((other) => late.has(other))
    if (isLate) {
      late.add(queued)
      lateLanes.add(lane)
    } else lanes.add(lane)
  }
  return ready
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
