import { useEffect } from 'react'
import { act } from '../live/act.ts'
import type { ConversationView } from '../live/queries.ts'
import type { Paging } from './timeline/paging.ts'

/** Escape marks everything as read, unless something that lies over it takes the key for itself. */
export function useEscape({ id, unread, mentions, lastMessage }: ConversationView, paging: Paging): void {
  const newest = lastMessage?.id ?? null
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || (unread === 0 && mentions === 0)) return
      if (event.target instanceof Element && event.target.closest('[role=dialog], [role=menu]')) return
      event.preventDefault()
      paging.goToNewest()
      if (newest !== null) void act({ kind: 'mark-read', conversationId: id, messageId: newest })
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [id, unread, mentions, newest, paging])
}
