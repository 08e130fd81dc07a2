import { create } from 'zustand'
import type { ConversationId } from '@parley/domain/ids'
import type { ConversationKey } from '../live/queries.ts'

/** `parley://join…`, as the main process read it. */
export interface JoinLink {
  readonly server: string
  readonly conversationId: ConversationId | null
  readonly secret: string
}

/** What lies over the window; one at a time. */
export type Overlay =
  | { readonly kind: 'palette' }
  | { readonly kind: 'shortcuts' }
  /** `words`: what is looked for from the start. */
  | { readonly kind: 'search'; readonly words?: string | undefined }
  | { readonly kind: 'sign-out' }
  /** Another account beside the one that is open. `besides`: its key; once another one is shown, this is done. */
  | { readonly kind: 'add-account'; readonly besides: string }
  /** Somebody followed a link that leads into a group or to a server. */
  | { readonly kind: 'join'; readonly link: JoinLink }
  | { readonly kind: 'make-group' }
  | { readonly kind: 'add-members'; readonly id: ConversationKey }
  | { readonly kind: 'edit-group'; readonly id: ConversationKey }
  | { readonly kind: 'make-recovery-code' }
  /** Takes this device in: by the code that another one shows, or by the recovery code. */
  | { readonly kind: 'enter-code'; readonly code: 'link' | 'recovery' }
  | { readonly kind: 'begin-again' }
  /** Makes a plain conversation an encrypted one. */
  | { readonly kind: 'turn-sealed'; readonly id: ConversationKey }

export const useOverlay = create<{ readonly overlay: Overlay | null }>(() => ({ overlay: null }))

export function openOverlay(overlay: Overlay): void {
  useOverlay.setState({ overlay })
}

export function closeOverlay(): void {
  useOverlay.setState({ overlay: null })
}
