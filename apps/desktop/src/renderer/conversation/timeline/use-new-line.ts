import { useState } from 'react'
import type { Shown } from './shown.ts'

/**
 * The ordinal of the message above which "New" stands: the first one that was not read when the conversation was opened.
 * It stays there. What comes while nobody looks at the window moves it, as one finds that on coming back.
 */
export function useNewLine(shown: Shown, unread: number | null, lookedAt: boolean): number | null {
  const [line, setLine] = useState<number | null | undefined>(undefined)
  if (!shown.ready || unread === null) return line ?? null
  if (line === undefined || (!lookedAt && unread > 0 && shown.newer === 'none')) {
    const from = unread > 0 ? firstUnread(shown, unread) : null
    if (from !== line) setLine(from)
    return from
  }
  return line
}

function firstUnread({ items, older, newer, firstUnreadId }: Shown, unread: number): number | null {
  const at = items.findIndex(({ id }) => id !== null && id === firstUnreadId)
  const first = items[at]
  if (!first) return null
  if (at > 0 || older === 'none') return first.ordinal
  // What is not read begins before what is here: it is counted from the newest, where that is here.
  const newest = items.findLast(({ ordinal }) => ordinal !== null)?.ordinal ?? null
  return newer === 'none' && newest !== null ? newest - unread + 1 : null
}
