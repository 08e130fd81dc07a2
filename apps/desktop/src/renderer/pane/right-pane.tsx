import type { ConversationKey } from '../live/queries.ts'
import type { Pane } from '../state/place.ts'

export function RightPane({ pane }: { readonly conversationId: ConversationKey; readonly pane: Pane }) {
  return <aside aria-label="Details">{pane.kind}</aside>
}
