import type { MessageId } from '@parley/domain/ids'
import { type RefObject, useLayoutEffect, useRef, useState } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { ConversationKey } from '../../live/queries.ts'
import type { Paging } from './paging.ts'
import type { Shown } from './shown.ts'
import { atEndPx, type Box, boxOf, leftBelow, wentUp } from './end.ts'
import { leaveAt } from './places.ts'
import { leave } from './visits.ts'

/** The next window is asked for when so few messages are left before its end. */
const nearItems = 30
/**
 * The list goes to a message by its index, over some frames in which it measures. What is put before it meanwhile moves
 * the index, so for so long it is gone to anew, unless the reader moves.
 */
const pinnedMs = 600
/** So many viewports before the end, sizes that are not measured yet do not matter to whether it is reached. */
const farViewports = 4
/** So few from the first message, what goes on above is worth a word. */
const atTopItems = 6

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
  const pinned = useRef<{ readonly goal: MessageGoal; readonly until: number } | null>(null)
  /** How the list stood at its end last, and whether the reader has done something since. */
  const end = useRef<{ readonly box: Box; readonly touched: boolean } | null>(null)
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

  const stick = () => {
    const element = scroller.current
    if (!element || !paging.atEnd || pinned.current) return
    element.scrollTop = element.scrollHeight
    end.current = { box: boxOf(element), touched: end.current?.touched ?? false }
  }

  const lookForEnd = (element: HTMLElement) => {
    const box = boxOf(element)
    const left = paging.snapshot().newer === 'none' ? leftBelow(box) : Infinity
    const before = paging.atEnd ? end.current : null
    const isThere = left <= atEndPx
    // Bars that come and go, and rows that get their height, do not take whoever is at the end away from it.
    if (!isThere && left < Infinity && before && !wentUp(before.box, box, before.touched)) return stick()
    paging.atEnd = isThere
    end.current = isThere ? { box, touched: before?.touched === true && left > 1 } : null
    setAtEnd(isThere)
  }

  const look = () => {
    const handle = list.current
    const box = scroller.current
    if (!handle || !box) return
    const below = handle.scrollSize - handle.scrollOffset
    // Far from the end there is no need to ask the page, which would have to lay itself out for the answer.
    if (paging.atEnd || below <= farViewports * handle.viewportSize) lookForEnd(box)
    else setAtEnd(false)
    const { items } = paging.snapshot()
    const first = handle.findItemIndex(handle.scrollOffset)
    const last = handle.findItemIndex(handle.scrollOffset + handle.viewportSize)
    setAtTop(first < atTopItems)
    if (first < nearItems) paging.near('older')
    if (last > items.length - nearItems) paging.near('newer')
    leaveAt(id, paging.atEnd ? null : place())
  }

  const goToPinned = () => {
    const goal = pinned.current?.goal
    const at = goal ? paging.snapshot().items.findIndex(({ id: each }) => each === goal.id) : -1
    if (!goal || at === -1) return
    const { offset } = goal
    list.current?.scrollToIndex(
      at,
      offset === undefined ? { align: 'center' } : { align: 'start', offset: -offset },
    )
  }

  const reveal = (index: number) => {
    const handle = list.current
    const box = scroller.current
    if (!handle || !box) return
    const top = handle.getItemOffset(index)
    const bottom = top + handle.getItemSize(index)
    if (top < box.scrollTop) box.scrollTop = top
    else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight
    // Before anything that gets its size meanwhile is taken for a reason to follow the end.
    lookForEnd(box)
  }

  useLayoutEffect(() => {
    const { goal } = shown
    if (goal && goal !== reached.current) {
      // The list may still be on its way to a message: it goes to one place at a time.
      if (goal.kind === 'end' && reached.current?.kind === 'message') {
        list.current?.scrollTo(scroller.current?.scrollHeight ?? 0)
      }
      reached.current = goal
      paging.atEnd = goal.kind === 'end'
      pinned.current = goal.kind === 'end' ? null : { goal, until: performance.now() + pinnedMs }
    }
    if (pinned.current && pinned.current.until < performance.now()) pinned.current = null
    if (pinned.current) goToPinned()
    else stick()
    paging.drawn()
    // What else is read here are the parts of the page, which are there by now.
  }, [shown, paging])

  useLayoutEffect(() => {
    const handle = list
    return () => leave(id, paging.snapshot(), paging.atEnd, handle.current?.cache ?? null)
  }, [id, paging])

  return {
    ...{ scroller, list, atEnd, atTop, place, reveal },
    touch() {
      paging.touched = true
      if (end.current) end.current = { ...end.current, touched: true }
      pinned.current = null
    },
    onScroll: look,
    onResize() {
      stick()
      look()
    },
  }
}
