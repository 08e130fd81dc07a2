import { useQuery } from '@tanstack/react-query'
import { DoorOpen, KeyRound, UserRoundCheck, UserRoundPlus } from 'lucide-react'
import { conversationsQuery, type GroupAbout, outboxQuery, requestsQuery } from '../live/queries.ts'
import { wordsFor } from '../live/trouble-words.ts'
import { Avatar } from '../ui/avatar.tsx'
import { GroupActions } from './group-actions.tsx'
import { type GroupStanding, standingTo } from './group-standing.ts'
import { type JoinPolicy, memberWords, policyWords } from './policy-words.ts'

interface GroupRowProps {
  readonly group: GroupAbout & { readonly memberCount?: number }
}

const marks: Readonly<Record<JoinPolicy, typeof DoorOpen>> = {
  open: DoorOpen,
  password: KeyRound,
  approval: UserRoundCheck,
  closed: UserRoundPlus,
}

/** A group as somebody sees it who may join it. */
export function GroupRow({ group }: GroupRowProps) {
  const { id, name, description, joinPolicy, memberCount } = group
  const { data: conversations = [] } = useQuery(conversationsQuery)
  const { data: requests } = useQuery(requestsQuery)
  const { data: outbox = [] } = useQuery(outboxQuery)
  const standing = standingTo(id, { conversations, requests: requests ?? { mine: [] }, outbox })
  const Mark = marks[joinPolicy]
  return (
    <article
      aria-labelledby={`group-${id}`}
      className="flex min-h-[60px] items-center gap-3 border-b border-line px-2 py-2.5"
    >
      <Avatar seed={id} name={name} size={36} shape="group" />
      <div className="flex min-w-0 flex-1 flex-col">
        <h2 id={`group-${id}`} className="truncate font-medium">
          {name}
        </h2>
        {description !== '' && <p className="max-w-[72ch] truncate text-soft">{description}</p>}
        <p className="flex items-center gap-1.5 text-small text-dim">
          <Mark aria-hidden size={16} className="-ml-px shrink-0" />
          <span className="truncate">
            {policyWords[joinPolicy].mark}
            {memberCount !== undefined && ` · ${memberWords(memberCount)}`}
          </span>
        </p>
        <Said standing={standing} />
      </div>
      <GroupActions group={group} standing={standing} />
    </article>
  )
}

/** What became of asking, where that is not said by the button already. */
function Said({ standing }: { readonly standing: GroupStanding }) {
  if (standing.kind === 'declined') return <p className="text-small text-dim">Your request was declined.</p>
  if (standing.kind !== 'refused') return null
  const { problem } = standing.operation
  return (
    <p role="alert" className="text-small text-danger">
      {problem ? wordsFor(problem.kind, problem.message) : 'The server said no.'}
    </p>
  )
}
