import { useQuery } from '@tanstack/react-query'
import { type ConversationKey, type Operation, outboxQuery } from '../live/queries.ts'
import { OperationLine } from '../requests/operation-line.tsx'
import { useNames } from '../requests/use-names.ts'

interface RefusedHereProps {
  readonly id: ConversationKey
  readonly kinds: readonly Operation['action']['kind'][]
}

/** What the server did not do of what was wanted here, and why. */
export function RefusedHere({ id, kinds }: RefusedHereProps) {
  const { data: outbox = [] } = useQuery(outboxQuery)
  const names = useNames()
  const refused = outbox.filter(
    ({ state, action }) =>
      state === 'refused' &&
      kinds.includes(action.kind) &&
      'conversationId' in action &&
      action.conversationId === id,
  )
  if (refused.length === 0) return null
  return (
    <ul aria-label="Not done" className="flex flex-col gap-2 rounded-medium bg-danger-ground p-2.5">
      {refused.map((operation) => (
        <li key={operation.id}>
          <OperationLine operation={operation} names={names} />
        </li>
      ))}
    </ul>
  )
}
