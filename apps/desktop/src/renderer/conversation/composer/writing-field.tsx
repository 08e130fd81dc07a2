import { messageTextCharsMax } from '@parley/domain/limits'
import { type ChangeEvent, type ClipboardEvent, type KeyboardEvent, type RefObject, useRef } from 'react'
import type { ConversationKey } from '../../live/queries.ts'
import { emojiNamed } from '../../ui/emoji.ts'
import { composingOf, startNew } from '../composing.ts'
import { finishedEmojiAt } from './completing.ts'
import { linked } from './formatting.ts'
import { apply, fieldOf, insertAt } from './text-field.ts'
import type { Completing } from './use-completion.ts'
import { editLast } from './use-editing.ts'
import { isOfInputMethod, markByKey } from './writing-keys.ts'

interface WritingFieldProps {
  readonly ref: RefObject<HTMLTextAreaElement | null>
  readonly conversationId: ConversationKey
  readonly label: string
  readonly placeholder: string
  readonly me: string | null
  readonly text: string
  readonly completing: Completing | null
  readonly onText: (text: string) => void
  /** Where the caret stands; null while something is selected. */
  readonly onCaret: (caret: number | null) => void
  readonly onSend: () => void
  readonly onFiles: (files: readonly File[]) => void
}

/** One may write more than is sent: so much is kept, and what is too much is said. */
const fieldCharsMax = 2 * messageTextCharsMax

/** Grows from one line to twelve. Enter sends, Shift+Enter breaks the line. */
export function WritingField({ ref, completing, onText, onCaret, ...props }: WritingFieldProps) {
  const isPlainPaste = useRef(false)
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    isPlainPaste.current = event.shiftKey
    if (isOfInputMethod(event)) return
    if (completing?.onKey(event) || runKey(event, props) || markByKey(event)) {
      event.preventDefault()
      event.stopPropagation()
    }
  }
  const onChange = ({ currentTarget: field }: ChangeEvent<HTMLTextAreaElement>) => {
    onText(field.value)
    const { start, end } = fieldOf(field)
    onCaret(start === end ? start : null)
    const finished = finishedEmojiAt(field.value, end)
    const emoji = finished && emojiNamed(finished.name)
    if (finished && emoji !== null) insertAt(field, finished.start, end, emoji)
  }
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    if (isPlainPaste.current) return
    const pasted = event.clipboardData.getData('text/plain')
    const change = linked(fieldOf(event.currentTarget), pasted)
    if (change) apply(event.currentTarget, change)
    // Documents are pasted as text, though they bring a picture of themselves along.
    else if (pasted === '' && event.clipboardData.files.length > 0)
      props.onFiles([...event.clipboardData.files])
    else return
    event.preventDefault()
  }
  return (
    <textarea
      ref={ref}
      aria-label={props.label}
      aria-autocomplete="list"
      aria-haspopup="listbox"
      aria-controls={completing?.id}
      aria-activedescendant={completing ? `${completing.id}-${String(completing.active)}` : undefined}
      placeholder={props.placeholder}
      rows={1}
      maxLength={fieldCharsMax}
      spellCheck
      autoCapitalize="sentences"
      autoComplete="off"
      value={props.text}
      onChange={onChange}
      onSelect={({ currentTarget }) => {
        const { start, end } = fieldOf(currentTarget)
        onCaret(start === end ? start : null)
      }}
      onBlur={() => onCaret(null)}
      onKeyDown={onKeyDown}
      onPaste={onPaste}
      className="field-sizing-content max-h-63 min-h-8 flex-1 resize-none bg-transparent px-2 py-1.5 text-text outline-none select-text placeholder:truncate placeholder:text-dim"
    />
  )
}

/** @returns whether the key was one of the field's own. */
function runKey(
  event: KeyboardEvent<HTMLTextAreaElement>,
  { conversationId, me, onSend }: Pick<WritingFieldProps, 'conversationId' | 'me' | 'onSend'>,
): boolean {
  const composing = composingOf(conversationId)
  const hasModifier = event.shiftKey || event.altKey || event.ctrlKey || event.metaKey
  switch (event.key) {
    case 'Enter':
      if (event.shiftKey || event.altKey) return false
      onSend()
      return true
    case 'Escape':
      if (composing.kind === 'new') return false
      startNew(conversationId)
      return true
    case 'ArrowUp':
      if (hasModifier || me === null || composing.kind !== 'new' || event.currentTarget.value !== '')
        return false
      void editLast(conversationId, me)
      return true
    default:
      return false
  }
}
