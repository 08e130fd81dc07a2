import { useEffect } from 'react'
import { useOverlay } from '../state/overlay.ts'
import { doShortcut } from './do-shortcut.ts'
import { followFocus } from './focus-sections.ts'
import { shortcutOf } from './match-keys.ts'
import type { Shortcut } from './shortcut-list.ts'

const isMac = navigator.userAgent.includes('Mac OS')

/** Hears the app's shortcuts, after everybody who has a use of their own for a key. */
export function useShortcuts(): void {
  useEffect(() => {
    const stop = followFocus()
    window.addEventListener('keydown', hear)
    return () => {
      stop()
      window.removeEventListener('keydown', hear)
    }
  }, [])
}

function hear(event: KeyboardEvent): void {
  // Whoever handled a key has said so. Keys that compose a letter are nobody's but the input method's.
  if (event.defaultPrevented || event.isComposing) return
  const found = shortcutOf(event, isMac)
  if (!found || !mayNow(found.shortcut, event)) return
  // Also keeps the menu bar from doing the same once more.
  event.preventDefault()
  doShortcut(found.shortcut.id, found.index)
}

function mayNow({ id, overOverlays }: Shortcut, { target, repeat }: KeyboardEvent): boolean {
  if (repeat && (id === 'palette' || id === 'search' || id === 'shortcuts')) return false
  // In a field Escape is the field's own; the composer has said so already where it had a use for it.
  if (id === 'mark-read' && target instanceof HTMLInputElement) return false
  const { overlay } = useOverlay.getState()
  if (overlay?.kind === 'palette' || overlay?.kind === 'shortcuts' || overlay?.kind === 'search') {
    return overOverlays === true
  }
  // Behind a dialog or a menu nothing moves.
  return overlay === null && !document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]')
}
