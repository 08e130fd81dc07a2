import { Refusal, invalidInput } from '@parley/domain/refusal'
import { Action, type OperationId } from '../actions.ts'
import { operationsMax } from '../limits.ts'
import { conversationMadeBy, heldConversation, heldDirect } from '../store/conversations.ts'
import { conversationOf, waitingIn, type Queued } from '../store/operations.ts'
import { dropDraft } from '../store/drafts.ts'
import { giveOutgoing, type Outgoing, outgoingById, outgoingOf } from '../store/outgoing.ts'
import type { Store, Touch } from '../store/store.ts'
import { giveBack } from './drafting.ts'
import { isLocal, localConversation, makerOf, makesConversation, renamed, withDependents } from './order.ts'
import type { Operation, Progress } from '../views.ts'

export const operationOf = (
  { connection }: Store,
  { id, action, state, problem, madeAt }: Queued,
): Operation => ({
  id,
  action,
  state,
  problem,
  madeAt,
  makes: makesConversation(action) ? localConversation(id) : null,
  upload: action.kind === 'send' && action.attachments?.length ? uploadOf(outgoingOf(connection, id)) : null,
})

const uploadOf = (files: readonly Outgoing[]): Progress =>
  files.reduce(
    ({ doneBytes, bytes }, file) => ({ doneBytes: doneBytes + file.sentBytes, bytes: bytes + file.bytes }),
    { doneBytes: 0, bytes: 0 },
  )

/**
 * Takes what a person wants into the outbox: it is on disk when this returns.
 * @throws Refusal `invalid-input`, `too-many`, `not-found` for what was to be sent and no longer is,
 * `attachment-missing`.
 */
export function accept(store: Store, wish: Action, id: OperationId, now: number): Operation {
  const checked = Action.safeParse(wish)
  if (!checked.success) throw invalidInput(checked.error)
  const action = checked.data
  return store.write((touch) => {
    const known = store.operations.get(id)
    if (known) return operationOf(store, known)
    if (store.operations.count >= operationsMax) {
      throw new Refusal('too-many', 'Too much waits to be sent already.')
    }
    const settled = withNamesGiven(store, action)
    const open = settled.kind === 'open-direct' ? heldDirect(store.connection, settled.accountId) : null
    if (open && settled.kind === 'open-direct') {
      const isAsWished =
        settled.sealed !== true || heldConversation(store.connection, open)?.conversation.sealed
      if (isAsWished)
        return { id, action: settled, state: 'sent', problem: null, madeAt: now, makes: open, upload: null }
      // Whoever asks for a sealed conversation gets no plain one, though there is one.
      const turn = { kind: 'turn-sealed', conversationId: open, history: 'everything' } as const
      return { ...accept(store, turn, id, now), makes: open }
    }
    if (settled.kind === 'mark-read') dropOvertaken(store, settled)
    const added = store.operations.add({
      id,
      action: settled,
      state: 'waiting',
      problem: null,
      madeAt: now,
      triedAtCursor: null,
      inDoubt: false,
      sentAs: null,
    })
    if (settled.kind === 'send') takeAttachments(store, settled, id)
    touchAll(touch, settled)
    if (makesConversation(settled)) touch(`conversation:${localConversation(id)}`)
    return operationOf(store, added)
  })
}

/** The files of a draft become the message's. */
function takeAttachments(
  { connection }: Store,
  send: Extract<Action, { kind: 'send' }>,
  id: OperationId,
): void {
  for (const attachment of send.attachments ?? []) {
    const file = outgoingById(connection, attachment)
    if (file?.operationId !== null) {
      throw new Refusal('attachment-missing', 'This file was not added, or was sent already.', {
        field: 'attachments',
      })
    }
    giveOutgoing(connection, attachment, id, send.conversationId)
  }
}

/** What an action names may have got its name from the server since the screen was drawn. */
function withNamesGiven(store: Store, action: Action): Action {
  if ('conversationId' in action && isLocal(action.conversationId)) {
    const maker = makerOf(action.conversationId)
    const waits = store.operations.get(maker) !== undefined
    const made = waits ? null : conversationMadeBy(store.connection, maker)
    if (!waits && !made) throw gone('conversationId')
    if (made) return withNamesGiven(store, Action.parse({ ...action, conversationId: made }))
  }
  let settled = action
  for (const id of waitingIn(action)) {
    const queued = store.operations.get(id)
    const name = queued ? queued.sentAs : sentMessage(store, id)
    if (!queued && name === null) throw gone('messageId')
    if (name !== null) settled = renamed(settled, id, { message: name })
  }
  return settled
}

const gone = (field: string) => new Refusal('not-found', 'What this was about was taken back.', { field })

/** Our own message of that client id, where it is among the newest that are held. */
const sentMessage = ({ connection, account }: Store, id: OperationId): number | null => {
  const found: unknown = connection
    .prepare<[string, string]>(
      `select id from (select id, authorId, json from message order by id desc limit 2000)
       where authorId = ? and json ->> 'clientMessageId' = ? limit 1`,
    )
    .pluck()
    .get(account.id, id)
  return typeof found === 'number' ? found : null
}

/** Markers that were not tried yet say less than the new one. */
function dropOvertaken(store: Store, action: Extract<Action, { kind: 'mark-read' }>): void {
  for (const { id, action: earlier, state, triedAtCursor } of store.operations.of('mark-read')) {
    const isOvertaken = conversationOf(earlier) === action.conversationId
    if (isOvertaken && state === 'waiting' && triedAtCursor === null) store.operations.remove(id)
  }
}

/** @returns whether there was one to retry. */
export function retry(store: Store, id: OperationId): boolean {
  return store.write((touch) => {
    const queued = store.operations.get(id)
    if (queued?.state !== 'refused') return false
    store.operations.change(queued, { state: 'waiting', problem: null })
    touchAll(touch, queued.action)
    return true
  })
}

/** Takes an operation back that the server has not got, with all that depends on it. A message is in the draft again. @returns false when it is too late. */
export function undo(store: Store, id: OperationId): boolean {
  return store.write((touch) => {
    const queued = store.operations.get(id)
    if (!queued || !canUndo(queued)) return false
    giveBack(store, touch, queued)
    for (const each of withDependents(store.operations, queued)) {
      store.operations.remove(each.id)
      touchAll(touch, each.action)
    }
    if (makesConversation(queued.action)) {
      dropDraft(store.connection, localConversation(id))
      touch(`conversation:${localConversation(id)}`)
    }
    return true
  })
}

const canUndo = ({ state, inDoubt }: Queued): boolean =>
  state === 'refused' || (state === 'waiting' && !inDoubt)

function touchAll(touch: Touch, action: Action): void {
  touch('outbox')
  const key = conversationOf(action)
  if (key !== null) {
    touch(`conversation:${key}`)
    touch(`members:${key}`)
  }
  touch('conversations')
  if (key === null || action.kind.includes('join')) touch('requests')
  if (action.kind === 'update-profile') {
    touch('me')
    touch('people')
  }
}
