import { create } from 'zustand'
import type { MarkdownSurroundings } from './markdown.ts'

type Render = (text: string, surroundings: MarkdownSurroundings) => string

/** The reader of Markdown and the sanitiser are as large as half of all else that a first look needs. */
export const useRendering = create<{ readonly render: Render | null }>(() => ({ render: null }))

let loading = false

/** Called when something is to be shown that needs them, and before: they are mostly there when messages are. */
export function loadRendering(): void {
  if (loading) return
  loading = true
  void import('./rendered.ts').then(({ renderedHtml }) => useRendering.setState({ render: renderedHtml }))
}
