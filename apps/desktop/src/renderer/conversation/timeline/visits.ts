import type { CacheSnapshot } from 'virtua'
import type { ConversationKey } from '../../live/queries.ts'
import type { Items } from './merge.ts'
import { openItems } from './paging.ts'
import type { Shown } from './shown.ts'

/** How high the rows of these items are, as the list keeps it. */
export interface Sizes {
  readonly items: Items
  readonly cache: CacheSnapshot
}

interface Visit {
  readonly shown: Shown
  readonly sizes: Sizes | null
}

/** Conversations of which the end is remembered; the one left longest ago is forgotten first. */
const visitsMax = 20
const visits = new Map<ConversationKey, Visit>()

/** The end of a conversation as it was left there. What has changed since is for the engine to say. */
export const lastVisit = (id: ConversationKey): Visit | null => visits.get(id) ?? null

/** Remembers how a conversation is left, where that is at its end. */
export function leave(id: ConversationKey, shown: Shown, atEnd: boolean, cache: CacheSnapshot | null): void {
  visits.delete(id)
  if (!shown.ready || !atEnd || shown.newer !== 'none' || shown.items.length === 0) return
  const isLong = shown.items.length > openItems
  const items = isLong ? shown.items.slice(-openItems) : shown.items
  visits.set(id, {
    shown: {
      ...shown,
      items,
      older: isLong ? 'held' : shown.older,
      goal: { kind: 'end' },
      atStart: false,
      filling: null,
      fault: null,
    },
    sizes: isLong || cache === null ? null : { items, cache },
  })
  const [oldest] = visits.keys()
  if (visits.size > visitsMax && oldest !== undefined) visits.delete(oldest)
}

/** Another account is open: what was seen of the one before it is not shown. */
export function forgetVisits(): void {
  visits.clear()
}
