import { useEffect, useRef, useState } from 'react'
import { useNameOf } from '../names.ts'
import type { Items } from './merge.ts'

/** Characters of a message that are read out. */
const saidCharsMax = 240

interface AnnouncerProps {
  readonly items: Items
  /** Whether the newest message is among them. */
  readonly reachesNewest: boolean
}

/**
 * Reads out what comes in, and nothing else: the list itself changes also when history loads or is scrolled through, and
 * so is silent.
 */
export function Announcer({ items, reachesNewest }: AnnouncerProps) {
  const nameOf = useNameOf()
  const heard = useRef<number | null>(null)
  const [said, setSaid] = useState('')
  const newest = items.findLast(({ ordinal }) => ordinal !== null)
  useEffect(() => {
    if (!reachesNewest || !newest || newest.ordinal === null) return
    const before = heard.current
    heard.current = newest.ordinal
    if (before === null || newest.ordinal <= before || newest.content.kind !== 'plain') return
    setSaid(`${nameOf(newest.authorId)}: ${newest.content.text.slice(0, saidCharsMax)}`)
    // Names that come later need not be read out again.
  }, [newest, reachesNewest])
  return (
    <div aria-live="polite" className="sr-only">
      {said}
    </div>
  )
}
