import { create } from 'zustand'
import type { ConversationKey } from '../live/queries.ts'

/** What lies over the window; one at a time. */
export type Overlay =
  | { readonly kind: 'palette' }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'search' }
  | { readonly kind: 'make-group' }
  | { readonly kind: 'add-members'; readonly id: ConversationKey }
  | { readonly kind: 'edit-group'; readonly id: ConversationKey }

export const useOverlay = create<{ readonly overlay: Overlay | null }>(() => ({ overlay: null }))

export function openOverlay(overlay: Overlay): void {
  useOverlay.setState({ overlay })
}

export function closeOverlay(): void {
  useOverlay.setState({ overlay: null })
}
