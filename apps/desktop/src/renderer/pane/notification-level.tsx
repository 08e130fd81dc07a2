import { useQuery } from '@tanstack/react-query'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { type ConversationView, usualLevelsQuery } from '../live/queries.ts'
import { Choice } from '../ui/choice.tsx'
import { type Level, levels, levelWords, usualWords } from './level-words.ts'

const options = levels.map((value) => ({ value, label: levelWords[value] }))

/** What of a conversation this device tells of. */
export function NotificationLevel({ view }: { readonly view: ConversationView }) {
  const { data: usual } = useQuery(usualLevelsQuery)
  const { id, notificationLevel, isUsualLevel, conversation } = view
  // Nothing comes of a conversation before the server has made it.
  if (id.startsWith('local-') || !usual) return null
  return (
    <Choice<Level | 'usual'>
      label="Notify me of"
      value={isUsualLevel ? 'usual' : notificationLevel}
      options={[
        { value: 'usual', label: 'What is usual', hint: usualWords(conversation.kind, usual) },
        ...options,
      ]}
      onChange={(level) =>
        void engine.notifications.setLevel
          .mutate({ conversationId: id, level: level === 'usual' ? null : level })
          .catch(complain)
      }
    />
  )
}
