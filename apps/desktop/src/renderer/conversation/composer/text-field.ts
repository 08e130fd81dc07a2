import type { Change, Field } from './formatting.ts'

export const fieldOf = ({ value, selectionStart, selectionEnd }: HTMLTextAreaElement): Field => ({
  text: value,
  start: selectionStart,
  end: selectionEnd,
})

/** Changes the text as if it had been typed, so that it can be undone like it. */
export function apply(field: HTMLTextAreaElement, { from, to, insert, selectFrom, selectTo }: Change): void {
  field.focus()
  field.setSelectionRange(from, to)
  // There is no other way to change a field that its undo knows of.
  document.execCommand(insert === '' ? 'delete' : 'insertText', false, insert)
  field.setSelectionRange(selectFrom, selectTo)
}

export function insertAt(field: HTMLTextAreaElement, from: number, to: number, insert: string): void {
  const caret = from + insert.length
  apply(field, { from, to, insert, selectFrom: caret, selectTo: caret })
}

export function caretAtEnd(field: HTMLTextAreaElement): void {
  field.focus()
  field.setSelectionRange(field.value.length, field.value.length)
  field.scrollTop = field.scrollHeight
}
