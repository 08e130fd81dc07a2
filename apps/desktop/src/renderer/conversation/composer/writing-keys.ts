import type { KeyboardEvent } from 'react'
import { marked } from './formatting.ts'
import { apply, fieldOf } from './text-field.ts'

const marks: Readonly<Record<string, string>> = { b: '**', i: '*', e: '`', 'shift+x': '~~' }

/** Mod+B, I, E and Shift+X mark what is selected. @returns whether the key was one of them. */
export function markByKey(event: KeyboardEvent<HTMLTextAreaElement>): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return false
  const mark = marks[`${event.shiftKey ? 'shift+' : ''}${event.key.toLowerCase()}`]
  if (mark === undefined) return false
  const change = marked(fieldOf(event.currentTarget), mark)
  apply(event.currentTarget, change)
  return true
}

/** Enter that chooses among the words of an input method is not meant for us. */
export const isOfInputMethod = ({ nativeEvent }: KeyboardEvent): boolean =>
  nativeEvent.isComposing || nativeEvent.keyCode === 229
