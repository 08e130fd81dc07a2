import { searchItemsDefault, searchItemsMax } from '../limits.ts'
import { matchOf, searchHeld } from '../store/search.ts'
import type { Store } from '../store/store.ts'
import type { SearchPage, SearchQuery } from '../views.ts'

export const limitOf = ({ limit }: SearchQuery): number =>
  Math.min(Math.max(limit ?? searchItemsDefault, 1), searchItemsMax)

/** Looks through what is held. */
export function search(store: Store, query: SearchQuery): SearchPage {
  const match = matchOf(query.words)
  if (match === null) return { messages: [], next: null, scope: 'held' }
  const limit = limitOf(query)
  const messages = searchHeld(store.connection, {
    match,
    conversationId: query.conversationId ?? null,
    authorId: query.authorId ?? null,
    sentAfter: query.sentAfter ?? 0,
    sentBefore: query.sentBefore ?? Number.MAX_SAFE_INTEGER,
    before: query.before ?? Number.MAX_SAFE_INTEGER,
    limit,
  })
  return { messages, next: messages.length === limit ? (messages.at(-1)?.id ?? null) : null, scope: 'held' }
}
