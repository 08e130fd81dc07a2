import { type KeyboardEvent, useEffect, useState } from 'react'
import type { Here } from '../here.ts'
import { edit, mayDelete, reply } from './doing.ts'
import type { Items } from './merge.ts'
import type { Paging } from './paging.ts'
import { askForReaction } from './reacting.ts'
import type { Scrolling } from './use-scrolling.ts'

interface KeysOf {
  readonly items: Items
  readonly scrolling: Scrolling
  readonly paging: Paging
  readonly here: Here | null
}

interface Keys {
  /** Rows that stay in the page however far they are: the one with the focus. */
  readonly kept: readonly number[]
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
}

/** Arrow keys go from message to message; letters do something with the one that has the focus. */
export function useKeys({ items, scrolling, paging, here }: KeysOf): Keys {
  const { scroller, list } = scrolling
  const [key, setKey] = useState<string | null>(null)
  const [turn, setTurn] = useState(0)
  const at = key === null ? -1 : items.findIndex((message) => message.key === key)

  useEffect(() => {
    if (turn === 0 || key === null) return
    const row = scroller.current?.querySelector<HTMLElement>(`[data-key=${CSS.escape(key)}]`)
    row?.focus({ preventScroll: true })
    // Each press of a key is a turn, also where it leads to the same row.
  }, [turn, key, scroller])

  const goTo = (index: number) => {
    const message = items[Math.max(0, Math.min(items.length - 1, index))]
    if (!message) return
    setKey(message.key)
    setTurn((before) => before + 1)
    list.current?.scrollToIndex(items.indexOf(message), { align: 'nearest' })
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
    const focused = target?.dataset['key'] ?? null
    const isRow = focused !== null
    // Buttons and links within a row have keys of their own.
    if (!isRow && target !== scroller.current) return
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const from = isRow ? items.findIndex((message) => message.key === focused) : -1
    const message = items[from]
    const done = move(event, from) || (message && here ? doWith(event.key, message, here) : false)
    if (done) event.preventDefault()
  }

  return { kept: at === -1 ? [] : [at], onKeyDown }
}

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
