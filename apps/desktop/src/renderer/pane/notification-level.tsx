import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import type { Asked, ConversationView } from '../live/queries.ts'
import { Choice } from '../ui/choice.tsx'

type Level = NonNullable<Asked['notifications']['setLevel']['level']>

const levels: readonly { readonly value: Level; readonly label: string }[] = [
  { value: 'all', label: 'Every message' },
  { value: 'mentions', label: 'When I am mentioned' },
  { value: 'nothing', label: 'Nothing' },
]

/** What of a conversation this device tells of. */
export function NotificationLevel({ view }: { readonly view: ConversationView }) {
  const { id, notificationLevel } = view
  // Nothing comes of a conversation before the server has made it.
  if (id.startsWith('local-')) return null
  return (
    <Choice
      label="Notify me of"
      value={notificationLevel}
      options={levels}
      onChange={(level) =>
        void engine.notifications.setLevel.mutate({ conversationId: id, level }).catch(complain)
      }
    />
  )
}
