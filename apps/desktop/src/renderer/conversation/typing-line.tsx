import { useQuery } from '@tanstack/react-query'
import { type ConversationKey, typingQuery } from '../live/queries.ts'
import { useNameOf } from './names.ts'

/** Who is writing just now. Its room is always there, so that nothing moves when somebody begins. */
export function TypingLine({ id }: { readonly id: ConversationKey }) {
  const { data: writing } = useQuery(typingQuery(id))
  const nameOf = useNameOf()
  const [one, other, ...more] = writing ?? []
  const text = !one
    ? ''
    : !other
      ? `${nameOf(one)} is writing …`
      : more.length === 0
        ? `${nameOf(one)} and ${nameOf(other)} are writing …`
        : 'Several people are writing …'
  return (
    <p aria-live="off" className="h-4 shrink-0 truncate px-4 text-small text-dim">
      {text}
    </p>
  )
}
