import type { AccountId } from '@parley/domain/ids'
import type { ConversationView } from '../live/queries.ts'
import { PersonDetails } from '../people/person-details.tsx'

interface PersonPaneProps {
  readonly view: ConversationView
  readonly id: AccountId
}

/** Somebody of this conversation. */
export function PersonPane({ view, id }: PersonPaneProps) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-4">
      <PersonDetails id={id} isOpen={view.otherId === id} conversationId={view.id} />
    </div>
  )
}
