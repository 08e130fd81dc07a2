import type { ConversationKey } from '../live/queries.ts'
import { isNamed } from '../search/is-named.ts'
import { SearchPanel } from '../search/search-panel.tsx'

/** Searches in one conversation, beside it, so that what was found can be read where it was said. */
export function SearchPane({ conversationId }: { readonly conversationId: ConversationKey }) {
  return isNamed(conversationId) ? (
    <SearchPanel within={conversationId} words="" />
  ) : (
    <p className="p-4 text-dim">Nothing was said here yet.</p>
  )
}
