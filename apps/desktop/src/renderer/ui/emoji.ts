import { useEffect } from 'react'
import { create } from 'zustand'

export interface Emoji {
  readonly emoji: string
  /** As written between colons, the usual one first. */
  readonly names: readonly string[]
  readonly tags: readonly string[]
  readonly about: string
  readonly category: string
}

interface AllEmoji {
  readonly all: readonly Emoji[] | null
  readonly byName: ReadonlyMap<string, string>
}

/** Some 1,900 of them: they are loaded when they are first asked for. */
const useAllEmoji = create<AllEmoji>(() => ({ all: null, byName: new Map() }))

let loading = false

function loadEmoji(): void {
  if (loading) return
  loading = true
  void import('gemoji').then(({ gemoji }) => {
    const all = gemoji.map(({ emoji, names, tags, description, category }) => ({
      emoji,
      names,
      tags,
      about: description,
      category,
    }))
    const byName = new Map(all.flatMap(({ names, emoji }) => names.map((name) => [name, emoji] as const)))
    useAllEmoji.setState({ all, byName })
  })
}

/** All emoji; null until they are loaded, and while they are not wanted. */
export function useEmoji(wanted: boolean): readonly Emoji[] | null {
  const all = useAllEmoji((state) => state.all)
  useEffect(() => {
    if (wanted) loadEmoji()
  }, [wanted])
  return wanted ? all : null
}

/** The emoji of a `:name:`, where they are loaded. */
export const emojiNamed = (name: string): string | null => useAllEmoji.getState().byName.get(name) ?? null
