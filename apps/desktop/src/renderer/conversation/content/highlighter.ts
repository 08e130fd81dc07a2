import { create } from 'zustand'
import type { Highlight } from './markdown.ts'

/** Loaded when the first block of code is shown, after it is shown. */
export const useHighlighter = create<{ readonly highlight: Highlight | null }>(() => ({ highlight: null }))

let loading = false

export function loadHighlighter(): void {
  if (loading) return
  loading = true
  requestIdleCallback(() => {
    void import('./languages.ts').then(({ highlight }) => useHighlighter.setState({ highlight }))
  })
}
