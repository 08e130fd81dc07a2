import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import { engine } from '../live/clients.ts'
import { sharedGroupsQuery } from '../live/queries.ts'
import { go } from '../state/place.ts'
import { Avatar } from '../ui/avatar.tsx'

/** How many groups the server is asked about for one person. */
const askedMax = 20

/** The groups that one is in together with somebody. */
export function CommonGroups({ id }: { readonly id: AccountId }) {
  const { data: shared } = useQuery(sharedGroupsQuery(id))
  useFilled(shared?.unknown)
  if (!shared || shared.groups.length === 0) return null
  return (
    <section aria-labelledby="common-groups" className="flex flex-col gap-1">
      <h3 id="common-groups" className="text-small font-medium text-dim">
        Groups you share
      </h3>
      <ul className="-mx-2 flex flex-col">
        {shared.groups.map((group) => (
          <li key={group.id}>
            <button
              type="button"
              onClick={() => go({ kind: 'conversation', id: group.id })}
              className="flex w-full items-center gap-2.5 rounded-medium px-2 py-1.5 text-left hover:bg-hover"
            >
              <Avatar seed={group.id} name={group.name} size={24} shape="group" />
              <span className="truncate">{group.name}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Asks for the members of groups of which they are not held; without a connection another time will do. */
function useFilled(unknown: readonly ConversationId[] | undefined): void {
  const ids = unknown?.slice(0, askedMax).join(' ') ?? ''
  useEffect(() => {
    let stopped = false
    const fill = async () => {
      for (const id of unknown?.slice(0, askedMax) ?? []) {
        if (stopped) return
        await engine.conversations.loadMembers.mutate({ id })
      }
    }
    fill().catch(() => {})
    return () => {
      stopped = true
    }
  }, [ids])
}
