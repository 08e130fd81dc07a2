import { useQuery } from '@tanstack/react-query'
import type { ConversationId } from '@parley/domain/ids'
import { portErrorOf } from '../../ports/caller.ts'
import { troubleText } from '../live/act.ts'
import { groupQuery } from '../live/queries.ts'
import { insets } from '../people/insets.ts'
import { Empty, Failed, Shape } from '../ui/states.tsx'
import { GroupRow } from './group-row.tsx'

/** A group that somebody was pointed to, listed or not. */
export function GroupById({ id }: { readonly id: ConversationId }) {
  const { data: group, error, refetch } = useQuery(groupQuery(id))
  if (group) {
    return (
      <ul aria-label="Groups" className={insets.screen.plain}>
        <li>
          <GroupRow group={group} />
        </li>
      </ul>
    )
  }
  if (!error) return <Shape lines={1} />
  return portErrorOf(error)?.kind === 'not-found' ? (
    <Empty title="There is no such group">
      <p>The link is of another server, or was copied in part.</p>
    </Empty>
  ) : (
    <Failed text={troubleText(error)} onRetry={() => void refetch()} />
  )
}
