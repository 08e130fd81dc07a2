import { type KeyboardEvent, useState } from 'react'

interface ActiveRow {
  /** -1 where there is nothing to choose. */
  readonly active: number
  readonly setActive: (index: number) => void
  /** For the field that has the focus while one moves about the list. */
  readonly onKeyDown: (event: KeyboardEvent) => void
}

interface ActiveRowOptions {
  readonly count: number
  /** Headings cannot be chosen. */
  readonly isChoosable: (index: number) => boolean
  readonly onChoose: (index: number) => void
  /** Whatever makes it another list, such as the words it was narrowed down by: the first row is active again. */
  readonly of: string
}

const pageRows = 8

/** Which row of a list the arrow keys are at, while the focus stays in a field. */
export function useActiveRow({ count, isChoosable, onChoose, of }: ActiveRowOptions): ActiveRow {
  const [chosen, setChosen] = useState({ index: 0, of })
  const from = chosen.of === of ? Math.min(chosen.index, count - 1) : 0
  const active = count === 0 ? -1 : (stepTo(from, 1) ?? stepTo(from, -1) ?? -1)
  const setActive = (index: number) => setChosen({ index, of })

  /** The nearest row that can be chosen, from one on in a direction. */
  function stepTo(index: number, direction: 1 | -1): number | null {
    for (let at = index; at >= 0 && at < count; at += direction) if (isChoosable(at)) return at
    return null
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.altKey || event.shiftKey) return
    const wanted = rowWanted(event, active, count)
    if (wanted) {
      event.preventDefault()
      const index = stepTo(wanted.index, wanted.direction) ?? active
      setActive(index)
    } else if (event.key === 'Enter' && active >= 0) {
      event.preventDefault()
      onChoose(active)
    }
  }
  return { active, setActive, onKeyDown }
}

function rowWanted(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>,
  active: number,
  count: number,
): { readonly index: number; readonly direction: 1 | -1 } | null {
  const within = (index: number) => Math.max(0, Math.min(count - 1, index))
  const far = event.ctrlKey || event.metaKey
  if (count === 0) return null
  if (event.key === 'ArrowDown') return { index: within(active + 1), direction: 1 }
  if (event.key === 'ArrowUp') return { index: within(active - 1), direction: -1 }
  if (event.key === 'PageDown') return { index: within(active + pageRows), direction: -1 }
  if (event.key === 'PageUp') return { index: within(active - pageRows), direction: 1 }
  if (event.key === 'Home' && far) return { index: 0, direction: 1 }
  if (event.key === 'End' && far) return { index: count - 1, direction: -1 }
  return null
}
