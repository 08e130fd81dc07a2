import { useQuery } from '@tanstack/react-query'
import type { ConversationId } from '@parley/domain/ids'
import { engine } from '../live/clients.ts'
import { live } from '../live/live.ts'
import { type ConversationKey, membersQuery } from '../live/queries.ts'

const isOnServer = (id: ConversationKey): id is ConversationId => !id.startsWith('local-')

/** Brings all members of a group, where they are not held yet; tried again when there is a connection again. */
export function useAllMembers(id: ConversationKey): {
  readonly error: Error | null
  readonly retry: () => void
} {
  const { data: known } = useQuery(membersQuery(id))
  const { error, refetch } = useQuery({
    ...live('load-members', id, ['connection'], async () => {
      if (isOnServer(id)) await engine.conversations.loadMembers.mutate({ id })
      return true
    }),
    enabled: isOnServer(id) && known?.complete === false,
  })
  return { error: known?.complete === true ? null : error, retry: () => void refetch() }
}
