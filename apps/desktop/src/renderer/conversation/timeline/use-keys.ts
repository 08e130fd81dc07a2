import { type FocusEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { Here } from '../here.ts'
import { edit, mayDelete, reply } from './doing.ts'
import type { Items } from './merge.ts'
import type { Paging } from './paging.ts'
import { askForReaction } from './reacting.ts'
import type { Scrolling } from './use-scrolling.ts'

/** Frames in which a row is waited for. */
const focusTriesMax = 10

interface KeysOf {
  readonly items: Items
  readonly scrolling: Scrolling
  readonly paging: Paging
  readonly here: Here | null
}

interface Keys {
  /** Rows that stay in the page however far they are: the one with the focus, and the one that it goes to. */
  readonly kept: readonly number[]
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
}

/** Arrow keys go from message to message; letters do something with the one that has the focus. */
export function useKeys({ items, scrolling, paging, here }: KeysOf): Keys {
  const { scroller, list } = scrolling
  const [key, setKey] = useState<string | null>(null)
  const [turn, setTurn] = useState(0)
  const [held, setHeld] = useState<string | null>(null)
  // Where the focus goes, while it is not there yet: the next key leads on from there.
  const going = useRef<string | null>(null)
  const kept = items.flatMap((message, at) => (message.key === key || message.key === held ? [at] : []))

  useEffect(() => {
    if (turn === 0 || key === null) return
    let frame = 0
    // A row that has just come cannot take the focus before it was measured.
    const focus = (tries: number) => {
      const row = scroller.current?.querySelector<HTMLElement>(`[data-key=${CSS.escape(key)}]`)
      row?.focus({ preventScroll: true })
      if (row === document.activeElement || tries === 0) going.current = null
      else frame = requestAnimationFrame(() => focus(tries - 1))
    }
    focus(focusTriesMax)
    return () => cancelAnimationFrame(frame)
    // Each press of a key is a turn, also where it leads to the same row.
  }, [turn, key, scroller])

  const goTo = (index: number) => {
    const message = items[Math.max(0, Math.min(items.length - 1, index))]
    if (!message) return
    going.current = message.key
    setKey(message.key)
    setTurn((before) => before + 1)
    scrolling.reveal(items.indexOf(message))
  }

  const move = (event: KeyboardEvent<HTMLElement>, from: number): boolean => {
    const handle = list.current
    switch (event.key) {
      case 'ArrowUp':
        goTo(from === -1 ? items.length - 1 : from - 1)
        return true
      case 'ArrowDown':
        if (from === -1 && handle) goTo(handle.findItemIndex(handle.scrollOffset))
        else goTo(from + 1)
        return true
      case 'Home':
        goTo(0)
        return true
      case 'End':
        paging.goToNewest()
        return true
      default:
        return false
    }
  }

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target instanceof HTMLElement ? event.target : null
    // What hangs out of a row, such as its menu, has keys of its own, and is no part of the list.
    if (!target || !scroller.current?.contains(target)) return
    const focused = target.closest<HTMLElement>('[data-key]')?.dataset['key']
    const isRow = target.dataset['key'] !== undefined
    if (!isRow && target !== scroller.current && !isArrow(event.key)) return
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const from = items.findIndex((message) => message.key === (going.current ?? focused))
    const message = isRow ? items[from] : undefined
    const done = move(event, from) || (message && here ? doWith(event.key, message, here) : false)
    if (done) event.preventDefault()
  }

  const onFocus = (event: FocusEvent<HTMLElement>) => {
    setHeld(event.target.closest<HTMLElement>('[data-key]')?.dataset['key'] ?? null)
  }

  return { kept, onKeyDown, onFocus }
}

/** They lead on from the buttons of a row too. */
const isArrow = (key: string) => key === 'ArrowUp' || key === 'ArrowDown'

function doWith(key: string, message: Items[number], here: Here): boolean {
  switch (key) {
    case 'r':
      reply(message, here)
      return true
    case 'e':
      edit(message, here)
      return true
    case '+':
      askForReaction(message.key)
      return true
    case 'Delete':
      if (mayDelete(message, here)) here.askToDelete(message)
      return true
    default:
      return false
  }
}
