import { useEffect, useLayoutEffect, useRef } from 'react'
import { queryClient } from '../live/live.ts'
import { conversationQuery, type ConversationView, draftQuery } from '../live/queries.ts'
import { replacePlace, usePlace } from '../state/place.ts'
import { writtenIn } from './composer/use-kept-draft.ts'
import { useSaid } from './composing.ts'
import type { Paging } from './timeline/paging.ts'
import type { Shown } from './timeline/shown.ts'
import { handOver } from './timeline/places.ts'

/** Follows what one does: to the end after writing, and to the id that the server gave a conversation made here. */
export function useFollowing(view: ConversationView, paging: Paging, shown: Shown): void {
  const said = useSaid()
  const before = useRef(said)
  useEffect(() => {
    if (said !== before.current) paging.goToNewest()
    before.current = said
  }, [said, paging])

  const { place } = usePlace.getState()
  const asked = place.kind === 'conversation' ? place.id : null
  const named = asked?.startsWith('local-') === true && asked !== view.id ? asked : null
  useLayoutEffect(() => {
    if (named === null) return
    queryClient.setQueryData(conversationQuery(view.id).queryKey, view)
    // What is being written goes along, so that the composer is there at once, as it was.
    const written = writtenIn(named)
    const attachments = view.draft?.attachments ?? []
    queryClient.setQueryData(draftQuery(view.id).queryKey, written ? { ...written, attachments } : view.draft)
    if (shown.ready) handOver(view.id, shown)
    replacePlace({ kind: 'conversation', id: view.id })
  }, [named, view, shown])
}
