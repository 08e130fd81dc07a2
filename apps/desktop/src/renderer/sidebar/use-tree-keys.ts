import { type FocusEvent, type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { focusWhenThere } from './focus-when-there.ts'
import { keyOf, type Line, type Sortable } from './sections.ts'
import { treeKeys, treeMove } from './tree-move.ts'

interface TreeOptions<View extends Sortable> {
  readonly lines: readonly Line<View>[]
  /** The line that Tab comes to before any was moved to. */
  readonly first: string | null
  readonly list: RefObject<VirtualizerHandle | null>
  readonly onChoose: (line: Line<View>) => void
  readonly onFold: (line: Line<View>) => void
}

/** The key of the line that something happened in. */
export function lineAt(target: EventTarget): string | null {
  return target instanceof Element
    ? (target.closest<HTMLElement>('[data-line]')?.dataset['line'] ?? null)
    : null
}

/**
 * The one line that Tab comes to, and the arrow keys that move among them: focus roves, and its line stays mounted. The
 * tree hears for its lines, so that a line is drawn again only when something of it has changed.
 */
export function useTreeKeys<View extends Sortable>(options: TreeOptions<View>) {
  const { lines, first, list, onChoose, onFold } = options
  const [active, setActive] = useState<string | null>(null)
  /** Has the focus until the active line can take it. */
  const [focused, setFocused] = useState<string | null>(null)
  const wanted = useRef<string | null>(null)
  const tree = useRef<HTMLDivElement>(null)
  const indexOf = (key: string | null) => lines.findIndex((line) => keyOf(line) === key)
  const at = Math.max(0, indexOf(indexOf(active) === -1 ? first : active))
  const reached = lines[at] ? keyOf(lines[at]) : null

  useEffect(() => {
    const key = wanted.current
    if (key === null) return
    wanted.current = null
    return focusWhenThere(() => tree.current?.querySelector(`[data-line=${CSS.escape(key)}]`) ?? null)
  }, [active])

  const moveTo = (index: number) => {
    const line = lines[index]
    if (!line) return
    wanted.current = keyOf(line)
    setActive(keyOf(line))
    list.current?.scrollToIndex(index, { align: 'nearest' })
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const key = treeKeys.find((each) => each === event.key)
    const line = lines[at]
    if (!key || !line || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const move = treeMove(lines, at, key)
    if (move.kind === 'to') moveTo(move.index)
    else if (move.kind === 'fold') onFold(line)
    else if (move.kind === 'choose') onChoose(line)
  }

  const onFocus = (event: FocusEvent) => {
    const key = lineAt(event.target)
    if (key === null) return
    setActive(key)
    setFocused(key)
  }

  const keepMounted = [...new Set([at, indexOf(focused)])].filter((index) => index !== -1)
  return { tree, keepMounted, reached, onKeyDown, onFocus }
}
