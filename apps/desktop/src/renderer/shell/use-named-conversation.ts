import { skipToken, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { conversationQuery } from '../live/queries.ts'
import { type Place, replacePlace } from '../state/place.ts'

/** A conversation that is made here is opened by this device's name for it, and goes on by the server's once that is known. */
export function useNamedConversation(place: Place): void {
  const id = place.kind === 'conversation' ? place.id : null
  const local = id?.startsWith('local-') === true
  const { data: view } = useQuery(
    local && id !== null
      ? conversationQuery(id)
      : { queryKey: ['no-conversation'], queryFn: skipToken, meta: { topics: [] } },
  )
  const named = local && view && view.id !== id ? view.id : null
  useEffect(() => {
    if (named !== null) replacePlace({ kind: 'conversation', id: named })
  }, [named])
}
