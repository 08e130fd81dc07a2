import { useQuery } from '@tanstack/react-query'
import { type ConversationView, meQuery, outboxQuery } from '../live/queries.ts'
import { PersonLine } from '../people/person-line.tsx'
import { useNow } from '../people/use-now.ts'
import { usePeopleById } from '../people/use-people.ts'

/** Who will be in a group that the server has not made yet. */
export function MembersToBe({ view }: { readonly view: ConversationView }) {
  const { data: outbox = [] } = useQuery(outboxQuery)
  const { data: me } = useQuery(meQuery)
  const people = usePeopleById()
  const now = useNow()
  const ids = outbox.flatMap(({ action, makes }) => {
    if (action.kind === 'make-group' && makes === view.id) return action.members
    if (action.kind === 'add-members' && action.conversationId === view.id) return action.accountIds
    return []
  })
  const shown = [...new Set([...(me ? [me.id] : []), ...ids])].flatMap((id) => people?.get(id) ?? [])
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-2 overflow-y-auto px-4 pb-4">
      <p className="text-small text-dim">They are in it as soon as the server has made the group.</p>
      <ul aria-label="Members to be" className="flex flex-col">
        {shown.map((person) => (
          <li key={person.id} className="px-2 py-1.5">
            <PersonLine person={person} now={now} mark={person.id === me?.id ? 'you' : undefined} />
          </li>
        ))}
      </ul>
    </div>
  )
}
