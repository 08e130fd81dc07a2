import type { Snapshot } from '@parley/domain/stream'
import type { MinePage } from '@parley/domain/conversations'
import type { ServerPort } from '../ports.ts'
import { conversationsBefore, forgetAllMembers, forgetConversation } from '../store/conversations.ts'
import { forgetAllMessages } from '../store/messages.ts'
import type { Standing } from '../store/meta.ts'
import { replaceRequests } from '../store/requests.ts'
import type { Store, Touch } from '../store/store.ts'
import type { Questions } from './meanwhile.ts'
import { takeMine } from './take.ts'

/**
 * A start from nothing, or anew where the log does not lead on from here. The list of conversations can be used after
 * the first page. The outbox is kept; the messages are not, as nobody says which of them were changed or deleted since.
 * Ended in between, it starts again: the store follows no log before the last page is in it.
 */
export async function takeSnapshot(store: Store, server: ServerPort, questions: Questions): Promise<void> {
  const snapshot = await server.snapshot()
  questions.void()
  store.write((touch) => begin(store, touch, snapshot))
  let next = snapshot.next
  while (next !== null) {
    const page: MinePage = await server.mine(next)
    next = page.next
    store.write((touch) => goOn(store, touch, page))
  }
}

function begin(
  store: Store,
  touch: Touch,
  { cursor, logId, me, conversations, next, requests }: Snapshot,
): void {
  const { connection, standing: before } = store
  const standing: Standing = {
    cursor,
    logId,
    snapshot: (before?.snapshot ?? 0) + 1,
    whole: false,
    peopleHeld: false,
    restores: (before?.restores ?? 0) + (before && wasPutBack(before, { cursor, logId }) ? 1 : 0),
  }
  store.putMe(me)
  if (before) {
    forgetAllMessages(connection)
    forgetAllMembers(connection)
  }
  store.putStanding(standing)
  replaceRequests(connection, requests)
  doubtSent(store, before)
  for (const mine of conversations) takeMine(store, touch, mine, standing.snapshot)
  if (next === null) finish(store, touch)
  for (const topic of ['me', 'conversations', 'requests', 'outbox', 'people'] as const) touch(topic)
}

const wasPutBack = (before: Standing, now: Pick<Standing, 'cursor' | 'logId'>): boolean =>
  before.logId !== now.logId || now.cursor < before.cursor

function goOn(store: Store, touch: Touch, page: MinePage): void {
  const { standing } = store
  if (!standing) throw new Error('A page came before its snapshot')
  for (const mine of page.conversations) takeMine(store, touch, mine, standing.snapshot)
  if (page.next === null) finish(store, touch)
  touch('conversations')
}

/** Everything is there: what the account is no longer in is forgotten. */
function finish(store: Store, touch: Touch): void {
  const { connection, standing } = store
  if (!standing) return
  for (const id of conversationsBefore(connection, standing.snapshot)) {
    forgetConversation(connection, id)
    touch(`conversation:${id}`)
    touch(`members:${id}`)
  }
  store.putStanding({ ...standing, whole: true })
}

/**
 * What the server had taken is in the snapshot. But a server with another log may have been put back to an older state,
 * and has lost it: it is sent again under its name, which does no harm where it is known.
 */
function doubtSent(store: Store, before: Standing | null): void {
  const { standing } = store
  for (const queued of store.operations.inState('sent')) {
    if (before && standing && before.logId !== standing.logId) {
      store.operations.change(queued, { state: 'unconfirmed', sentAs: null, inDoubt: true })
    } else if (queued.sentAs !== null && queued.sentAs <= (standing?.cursor ?? 0)) {
      store.operations.remove(queued.id)
    }
  }
}
