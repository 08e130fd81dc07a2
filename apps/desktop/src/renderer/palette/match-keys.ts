import { type Shortcut, shortcuts } from './shortcut-list.ts'

/** A key that was pressed: a part of the browser's own event. */
export type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/**
 * The shortcut that was pressed, with its place among the shortcut's keys; null when it was none.
 * @param isMac whether `Mod` is ⌘ rather than Ctrl
 */
export function shortcutOf(pressed: Pressed, isMac: boolean): { shortcut: Shortcut; index: number } | null {
  for (const shortcut of shortcuts) {
    const keys = (isMac ? shortcut.macKeys : undefined) ?? shortcut.keys
    const index = keys.findIndex((each) => matches(each, pressed, isMac))
    if (index !== -1) return { shortcut, index }
  }
  return null
}

export function matches(keys: string, pressed: Pressed, isMac: boolean): boolean {
  const parts = keys.split('+')
  const key = parts.at(-1) ?? ''
  const mod = isMac ? pressed.metaKey : pressed.ctrlKey
  const other = isMac ? pressed.ctrlKey : pressed.metaKey
  if (other || mod !== parts.includes('Mod') || pressed.altKey !== parts.includes('Alt')) return false
  // Where a sign is on a key depends on the layout: `/` is Shift+7 on a German one.
  const isSign = /^[^\p{L}\p{N}]$/u.test(key)
  if (!isSign && pressed.shiftKey !== parts.includes('Shift')) return false
  return isKey(key, pressed)
}

function isKey(key: string, pressed: Pressed): boolean {
  if (pressed.key.toLowerCase() === key.toLowerCase()) return true
  // Digits lie under Shift on a French layout.
  if (/^\d$/.test(key)) return pressed.code === `Digit${key}`
  // Layouts of other scripts have no Latin letters: there the place of the key counts.
  return /^[A-Z]$/.test(key) && !/^[\x20-\x7e]$/.test(pressed.key) && pressed.code === `Key${key}`
}
