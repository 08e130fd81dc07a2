import { useEffect, useState, useSyncExternalStore } from 'react'
import { engine } from '../../live/clients.ts'
import { onTopics, queryClient } from '../../live/live.ts'
import { conversationsQuery, type ConversationKey } from '../../live/queries.ts'
import { useWithEarly } from '../composer/early.ts'
import { Paging } from './paging.ts'
import type { Shown, Source } from './shown.ts'
import { connected } from './connected.ts'
import { placeLeft, takeHandedOver } from './places.ts'
import { lastVisit } from './visits.ts'

export const isLocal = (id: ConversationKey): boolean => id.startsWith('local-')

/** A conversation that was made here goes by another name once the server has given it one. */
async function nameNow(id: ConversationKey): Promise<ConversationKey> {
  if (!isLocal(id)) return id
  const view = await engine.conversations.get.query({ id })
  return view?.id ?? id
}

const sourceOf = (id: ConversationKey): Source => ({
  async ask(at, limit) {
    return engine.messages.timeline.query({ conversationId: await nameNow(id), at, limit })
  },
  async bringUnread() {
    const view = await engine.conversations.get.query({ id })
    if (!view || isLocal(view.id)) return
    await connected()
    // Any position will do to look around; nothing of it was read where it is 0.
    const at = { kind: 'around', messageId: Math.max(1, view.readUpTo) } as const
    await engine.messages.fill.mutate({ conversationId: view.id, at })
  },
  async bring(at) {
    if (isLocal(id)) return
    await connected()
    await engine.messages.fill.mutate({ conversationId: id, at })
  },
})

/** The messages of a conversation around the reader, kept up to date while it is open. */
export function usePaging(id: ConversationKey, messageId: number | undefined): readonly [Paging, Shown] {
  const [paging] = useState(() => opened(id, messageId))
  useEffect(() => {
    const stop = onTopics(['app', `conversation:${id}`], paging.refresh)
    return stop
  }, [id, paging])
  const shown = useSyncExternalStore(paging.subscribe, paging.snapshot)
  return [paging, useWithEarly(id, shown)]
}

function opened(id: ConversationKey, messageId: number | undefined): Paging {
  const handed = takeHandedOver(id)
  const visit = handed || messageId !== undefined || placeLeft(id) || hasNew(id) ? null : lastVisit(id)
  const paging = new Paging(sourceOf(id), handed ?? visit?.shown, visit?.sizes)
  // What was seen last is drawn before the engine has said what is there now.
  if (handed || visit) paging.refresh()
  // Going to a message is for whoever shows them: it may have to be brought first.
  else if (messageId === undefined) openWhereLeft(paging, id)
  return paging
}

const viewOf = (id: ConversationKey) =>
  queryClient.getQueryData(conversationsQuery.queryKey)?.find((view) => view.id === id)

const hasNew = (id: ConversationKey): boolean => viewOf(id)?.unread !== 0

/** At what is new; where reading was left, if nothing is; else at the end. */
export function openWhereLeft(paging: Paging, id: ConversationKey): void {
  const known = viewOf(id)
  const place = placeLeft(id)
  if (known?.unread === 0 && place) {
    paging.atEnd = false
    paging.open(
      { kind: 'around', messageId: place.id },
      { kind: 'message', id: place.id, offset: place.offset },
    )
  } else if (known?.unread === 0) paging.open({ kind: 'newest' }, { kind: 'end' })
  else paging.open({ kind: 'first-unread' }, { kind: 'end' })
}
