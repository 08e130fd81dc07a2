import type { ContextMenuParams, MenuItemConstructorOptions } from 'electron'

export const suggestionsMax = 6

/** What can be done with what is under the pointer. */
export interface ContextMenuActions {
  replaceWord(word: string): void
  learnWord(word: string): void
  copy(text: string): void
}

type Under = Pick<
  ContextMenuParams,
  'dictionarySuggestions' | 'editFlags' | 'isEditable' | 'linkURL' | 'misspelledWord' | 'selectionText'
>

/** @returns nothing to show where nothing can be done */
export function contextMenuTemplate(under: Under, actions: ContextMenuActions): MenuItemConstructorOptions[] {
  const groups = [spelling(under, actions), link(under, actions), editing(under)]
  return groups
    .filter((group) => group.length > 0)
    .flatMap((group, index): MenuItemConstructorOptions[] =>
      index === 0 ? group : [{ type: 'separator' }, ...group],
    )
}

function spelling(under: Under, actions: ContextMenuActions): MenuItemConstructorOptions[] {
  const { misspelledWord, dictionarySuggestions } = under
  if (!under.isEditable || !misspelledWord) return []
  const suggestions = dictionarySuggestions.slice(0, suggestionsMax).map((word) => ({
    label: word,
    click: () => actions.replaceWord(word),
  }))
  return [
    ...(suggestions.length > 0 ? suggestions : [{ label: 'No suggestions', enabled: false }]),
    { type: 'separator' },
    { label: 'Add to Dictionary', click: () => actions.learnWord(misspelledWord) },
  ]
}

function link({ linkURL }: Under, actions: ContextMenuActions): MenuItemConstructorOptions[] {
  return /^(https?|mailto):/.test(linkURL) ? [{ label: 'Copy Link', click: () => actions.copy(linkURL) }] : []
}

function editing({ isEditable, editFlags, selectionText }: Under): MenuItemConstructorOptions[] {
  if (!isEditable) return selectionText.trim() ? [{ role: 'copy' }] : []
  return [
    { role: 'cut', enabled: editFlags.canCut },
    { role: 'copy', enabled: editFlags.canCopy },
    { role: 'paste', enabled: editFlags.canPaste },
    { role: 'pasteAndMatchStyle', enabled: editFlags.canPaste },
    { type: 'separator' },
    { role: 'selectAll', enabled: editFlags.canSelectAll },
  ]
}
