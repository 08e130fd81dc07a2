import type { MessageId } from '@parley/domain/ids'
import { useEffect, useRef, useState } from 'react'
import { act } from '../../live/act.ts'
import type { ConversationView } from '../../live/queries.ts'
import type { Items } from './merge.ts'

/** What is seen for less was not read; and whoever reads on says so once in this time. */
const seenMs = 400
const againMs = 1_500

/** Whether somebody looks at this window. */
export function useLookedAt(): boolean {
  const [looked, setLooked] = useState(() => document.hasFocus())
  useEffect(() => {
    const look = () => setLooked(document.hasFocus() && document.visibilityState === 'visible')
    const signs = ['focus', 'blur'] as const
    for (const sign of signs) window.addEventListener(sign, look)
    document.addEventListener('visibilitychange', look)
    return () => {
      for (const sign of signs) window.removeEventListener(sign, look)
      document.removeEventListener('visibilitychange', look)
    }
  }, [])
  return looked
}

export const newestId = (items: Items): MessageId | null =>
  items.findLast(({ ordinal, id }) => ordinal !== null && id !== null)?.id ?? null

/** Marks as read up to the newest message once that was really seen: at the end of the list, in a window that is looked at. */
export function useReading(view: ConversationView, newest: MessageId | null, isSeen: boolean): void {
  const markedAt = useRef(0)
  const { id, unread, readUpTo } = view
  const due = isSeen && newest !== null && (unread > 0 || view.mentions > 0) && newest > readUpTo
  useEffect(() => {
    if (!due || newest === null) return
    const wait = Math.max(seenMs, markedAt.current + againMs - Date.now())
    const timer = setTimeout(() => {
      markedAt.current = Date.now()
      void act({ kind: 'mark-read', conversationId: id, messageId: newest })
    }, wait)
    return () => clearTimeout(timer)
  }, [due, newest, id])
}
