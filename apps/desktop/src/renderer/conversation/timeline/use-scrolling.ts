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
  readonly onScroll: () => void
  readonly onResize: () => void
}

/** Keeps the list where the reader is: at the end while that is followed, at a goal once, and else where it was. */
export function useScrolling(id: ConversationKey, paging: Paging, shown: Shown): Scrolling {
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<VirtualizerHandle>(null)
  const reached = useRef<Shown['goal']>(null)
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

  const stick = () => {
    const box = scroller.current
    if (box && paging.atEnd) box.scrollTop = box.scrollHeight
  }

  useLayoutEffect(() => {
    const { goal, items } = shown
    if (goal && goal !== reached.current) {
      reached.current = goal
      paging.atEnd = goal.kind === 'end'
      if (goal.kind === 'message') {
        const at = items.findIndex((message) => message.id === goal.id)
        const { offset } = goal
        if (at !== -1) {
          list.current?.scrollToIndex(
            at,
            offset === undefined ? { align: 'center' } : { align: 'start', offset: -offset },
          )
        }
      }
    }
    stick()
    paging.drawn()
  }, [shown, paging])

  return {
    ...{ scroller, list, atEnd, atTop, place },
    onScroll: look,
    onResize() {
      stick()
      look()
    },
  }
}
