import type { MessageId } from '@parley/domain/ids'
import { type RefObject, useLayoutEffect, useRef, useState } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { ConversationKey } from '../../live/queries.ts'
import type { Paging, Shown } from './paging.ts'
import { leaveAt } from './places.ts'

/** Pixels from the end at which the end is still followed. */
const atEndPx = 40
/** The next window is asked for when so few messages are left before its end. */
const nearItems = 30
/** A goal is held on to for so long, as rows get their sizes and others come before them, unless the reader moves. */
const pinnedMs = 600
/** So few from the first message, what goes on above is worth a word. */
const atTopItems = 6

/**
 * The list goes to a message by its index, over some frames in which it measures. What is put before it meanwhile moves
 * the index, so it is gone to anew.
 */
const goingMs = 400

export interface Place {
  readonly id: MessageId
  readonly offset: number
}

export interface Scrolling {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly list: RefObject<VirtualizerHandle | null>
  readonly atEnd: boolean
  readonly atTop: boolean
  /** The first message to be seen, to come back to. */
  readonly place: () => Place | null
  /** Brings a row into view, if it is not there. */
  readonly reveal: (index: number) => void
  /** The reader does something: from then on nothing is moved on its own. */
  readonly touch: () => void
  readonly onScroll: () => void
  readonly onResize: () => void
}

type MessageGoal = Extract<NonNullable<Shown['goal']>, { kind: 'message' }>

/** Keeps the list where the reader is: at the end while that is followed, at a goal once, and else where it was. */
export function useScrolling(id: ConversationKey, paging: Paging, shown: Shown): Scrolling {
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<VirtualizerHandle>(null)
  const reached = useRef<Shown['goal']>(null)
  const goingSince = useRef(-goingMs)
  const pinned = useRef<{ readonly goal: MessageGoal; readonly until: number } | null>(null)
  const [atEnd, setAtEnd] = useState(true)
  const [atTop, setAtTop] = useState(false)

  const place = (): Place | null => {
    const handle = list.current
    if (!handle) return null
    const { items } = paging.snapshot()
    for (let at = handle.findItemIndex(handle.scrollOffset); at < items.length; at++) {
      const message = items[at]
      if (message?.id && message.ordinal !== null) {
        return { id: message.id, offset: Math.round(handle.getItemOffset(at) - handle.scrollOffset) }
      }
    }
    return null
  }

  const look = () => {
    const handle = list.current
    const box = scroller.current
    if (!handle || !box) return
    const { items, newer } = paging.snapshot()
    const left = box.scrollHeight - box.scrollTop - box.clientHeight
    paging.atEnd = newer === 'none' && left <= atEndPx
    setAtEnd(paging.atEnd)
    const first = handle.findItemIndex(handle.scrollOffset)
    const last = handle.findItemIndex(handle.scrollOffset + handle.viewportSize)
    setAtTop(first < atTopItems)
    if (first < nearItems) paging.near('older')
    if (last > items.length - nearItems) paging.near('newer')
    leaveAt(id, paging.atEnd ? null : place())
  }

  const pin = ({ id: target, offset }: MessageGoal) => {
    const handle = list.current
    const box = scroller.current
    const at = paging.snapshot().items.findIndex((message) => message.id === target)
    if (!handle || !box || at === -1) return
    const above = offset ?? (handle.viewportSize - handle.getItemSize(at)) / 2
    box.scrollTop = handle.getItemOffset(at) - above
  }

  const stick = () => {
    const box = scroller.current
    if (pinned.current && pinned.current.until < performance.now()) pinned.current = null
    if (pinned.current) pin(pinned.current.goal)
    else if (box && paging.atEnd) box.scrollTop = box.scrollHeight
  }

  const reveal = (index: number) => {
    const handle = list.current
    const box = scroller.current
    if (!handle || !box) return
    const top = handle.getItemOffset(index)
    const bottom = top + handle.getItemSize(index)
    if (top < box.scrollTop) box.scrollTop = top
    else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight
  }

  useLayoutEffect(() => {
    const { goal } = shown
    if (goal && goal !== reached.current) {
      reached.current = goal
      paging.atEnd = goal.kind === 'end'
      pinned.current = goal.kind === 'end' ? null : { goal, until: performance.now() + pinnedMs }
    }
    stick()
    paging.drawn()
    // What else is read here are the parts of the page, which are there by now.
  }, [shown, paging])

  return {
    ...{ scroller, list, atEnd, atTop, place, reveal },
    touch() {
      paging.touched = true
      pinned.current = null
    },
    onScroll: look,
    onResize() {
      stick()
      look()
    },
  }
}
