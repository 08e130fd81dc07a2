import { togglePane, usePlace, go, goBack, goForward } from '../state/place.ts'
import { closeOverlay, openOverlay, type Overlay, useOverlay } from '../state/overlay.ts'
import { queryClient } from '../live/live.ts'
import { conversationsQuery } from '../live/queries.ts'
import { toggleSidebar } from '../shell/layout.ts'
import { markRead } from '../sidebar/mark-read.ts'
import { goToNeighbour, goToPlace } from '../sidebar/order.ts'
import { wantsReading } from '../sidebar/sections.ts'
import { goToSection } from './focus-sections.ts'
import type { ShortcutId } from './shortcut-list.ts'

/** Does what a shortcut is for. @param index which of its keys it was, from 0 */
export function doShortcut(id: ShortcutId, index = 0): void {
  switch (id) {
    case 'palette':
    case 'shortcuts':
    case 'search':
      return toggleOverlay({ kind: id })
    case 'search-here':
      return inConversation(() => togglePane({ kind: 'search' }))
    case 'details':
      return inConversation(() => togglePane({ kind: 'about' }))
    case 'previous':
      return goToNeighbour(-1)
    case 'next':
      return goToNeighbour(1)
    case 'previous-unread':
      return goToNeighbour(-1, wantsReading)
    case 'next-unread':
      return goToNeighbour(1, wantsReading)
    case 'by-number':
      return goToPlace(index + 1)
    case 'back':
      return goBack()
    case 'forward':
      return goForward()
    case 'next-section':
      return goToSection(1)
    case 'previous-section':
      return goToSection(-1)
    case 'mark-read':
      return markOpenRead()
    case 'settings':
      return go({ kind: 'settings', section: 'profile' })
    case 'new-conversation':
      return go({ kind: 'people' })
    case 'new-group':
      return openOverlay({ kind: 'make-group' })
    case 'sidebar':
      return toggleSidebar()
  }
}

function toggleOverlay(overlay: Overlay): void {
  if (useOverlay.getState().overlay?.kind === overlay.kind) closeOverlay()
  else openOverlay(overlay)
}

function inConversation(run: () => void): void {
  if (usePlace.getState().place.kind === 'conversation') run()
}

function markOpenRead(): void {
  const { place } = usePlace.getState()
  if (place.kind !== 'conversation') return
  const view = queryClient.getQueryData(conversationsQuery.queryKey)?.find(({ id }) => id === place.id)
  if (view) markRead(view)
}

/** Marks every conversation as read. @returns how many there were to mark. */
export function markAllRead(): number {
  const unread = (queryClient.getQueryData(conversationsQuery.queryKey) ?? []).filter(
    (view) => view.unread > 0,
  )
  for (const view of unread) markRead(view)
  return unread.length
}
