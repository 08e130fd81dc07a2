import { type KeyboardEvent, type RefObject, useId, useState } from 'react'
import type { ConversationView } from '../../live/queries.ts'
import { wantedAt } from './completing.ts'
import { insertAt } from './text-field.ts'
import { type Choice, useCandidates } from './use-candidates.ts'

export interface Completing {
  readonly id: string
  readonly choices: readonly Choice[]
  readonly active: number
  readonly take: (choice: Choice) => void
  /** @returns whether the key was meant for the suggestions. */
  readonly onKey: (event: KeyboardEvent) => boolean
}

/** Suggestions for what stands before the caret; null when there are none, or they were sent away. */
export function useCompletion(
  view: ConversationView,
  field: RefObject<HTMLTextAreaElement | null>,
  text: string,
  caret: number | null,
): Completing | null {
  const id = useId()
  const wanted = caret === null ? null : wantedAt(text, caret)
  const choices = useCandidates(view, wanted)
  const about = wanted && `${String(wanted.start)}${wanted.sign}${wanted.begun}`
  const [chosen, setChosen] = useState({ about, active: 0 })
  const [sentAway, setSentAway] = useState<number | null>(null)
  if (!wanted || choices.length === 0 || sentAway === wanted.start) return null

  // The best one is active again whenever something else is asked for.
  const active = chosen.about === about ? Math.min(chosen.active, choices.length - 1) : 0
  const move = (by: number) => setChosen({ about, active: (active + by + choices.length) % choices.length })
  const take = (choice: Choice) => {
    if (field.current) insertAt(field.current, wanted.start, wanted.end, choice.insert)
  }
  const onKey = (event: KeyboardEvent): boolean => {
    if (event.ctrlKey || event.metaKey || event.altKey) return false
    switch (event.key) {
      case 'ArrowDown':
        move(1)
        return true
      case 'ArrowUp':
        move(-1)
        return true
      case 'Escape':
        setSentAway(wanted.start)
        return true
      case 'Enter':
      case 'Tab': {
        const choice = choices[active]
        if (event.shiftKey || !choice) return false
        take(choice)
        return true
      }
      default:
        return false
    }
  }
  return { id, choices, active, take, onKey }
}
