/** Everything that a key does on its own. */
export type ShortcutId =
  | 'palette'
  | 'search'
  | 'search-here'
  | 'previous'
  | 'next'
  | 'previous-unread'
  | 'next-unread'
  | 'by-number'
  | 'back'
  | 'forward'
  | 'next-section'
  | 'previous-section'
  | 'mark-read'
  | 'settings'
  | 'new-conversation'
  | 'new-group'
  | 'details'
  | 'sidebar'
  | 'shortcuts'

export interface Shortcut {
  readonly id: ShortcutId
  readonly label: string
  /** As they are matched, such as `Mod+Shift+K`, where `Mod` is ⌘ or Ctrl. The first is the one that is shown. */
  readonly keys: readonly string[]
  /** Where the system's own habit is another. */
  readonly macKeys?: readonly string[]
  /** Shown instead of the first of the keys. */
  readonly shown?: string
  /** Works over the palette and the search too, which it takes the place of. */
  readonly overOverlays?: true
}

/** A key that belongs to a part of the window, which hears it itself; the list names it. */
export interface NamedKey {
  readonly label: string
  readonly shown: string
}

export interface ShortcutGroup {
  readonly title: string
  readonly shortcuts: readonly (Shortcut | NamedKey)[]
}

/** One table, which both the keys and the list of them go by. */
export const shortcutGroups: readonly ShortcutGroup[] = [
  {
    title: 'Moving about',
    shortcuts: [
      {
        id: 'palette',
        label: 'Go anywhere',
        keys: ['Mod+K'],
        overOverlays: true,
      },
      { id: 'previous', label: 'Conversation above', keys: ['Alt+ArrowUp'], shown: 'Alt+↑' },
      { id: 'next', label: 'Conversation below', keys: ['Alt+ArrowDown'], shown: 'Alt+↓' },
      { id: 'previous-unread', label: 'Unread above', keys: ['Alt+Shift+ArrowUp'], shown: 'Alt+Shift+↑' },
      { id: 'next-unread', label: 'Unread below', keys: ['Alt+Shift+ArrowDown'], shown: 'Alt+Shift+↓' },
      {
        id: 'by-number',
        label: 'The first nine conversations',
        keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((digit) => `Mod+${digit}`),
        shown: 'Mod+1 … 9',
      },
      { id: 'back', label: 'Back', keys: ['Alt+ArrowLeft'], macKeys: ['Mod+['], shown: 'Alt+←' },
      { id: 'forward', label: 'Forward', keys: ['Alt+ArrowRight'], macKeys: ['Mod+]'], shown: 'Alt+→' },
      { id: 'next-section', label: 'Next part of the window', keys: ['F6'] },
      { id: 'previous-section', label: 'Part of the window before', keys: ['Shift+F6'] },
    ],
  },
  {
    title: 'Finding and reading',
    shortcuts: [
      { id: 'search', label: 'Search everywhere', keys: ['Mod+F'], overOverlays: true },
      { id: 'search-here', label: 'Search in this conversation', keys: ['Mod+Shift+F'] },
      { id: 'mark-read', label: 'Mark this conversation as read', keys: ['Escape'], shown: 'Esc' },
      { id: 'details', label: 'Details of this conversation', keys: ['Mod+Shift+D'] },
    ],
  },
  {
    title: 'Writing',
    shortcuts: [
      { label: 'Send', shown: 'Enter' },
      { label: 'New line', shown: 'Shift+Enter' },
      { label: 'Edit your last message', shown: '↑' },
      { label: 'Complete a name, a group, an emoji', shown: '@ # :' },
    ],
  },
  {
    title: 'The app',
    shortcuts: [
      { id: 'new-conversation', label: 'Message somebody', keys: ['Mod+N'] },
      { id: 'new-group', label: 'New group', keys: ['Mod+Shift+N'] },
      { id: 'sidebar', label: 'Fold the sidebar', keys: ['Mod+Shift+B'] },
      { id: 'settings', label: 'Settings', keys: ['Mod+,'] },
      { id: 'shortcuts', label: 'These shortcuts', keys: ['Mod+/'], overOverlays: true },
      { label: 'Larger, smaller, as designed', shown: 'Mod+plus − 0' },
    ],
  },
]

export const shortcuts: readonly Shortcut[] = shortcutGroups.flatMap((group) =>
  group.shortcuts.filter((each) => 'id' in each),
)

export const shownKeys = (shortcut: Shortcut | NamedKey, isMac: boolean): string => {
  if (!('id' in shortcut)) return shortcut.shown
  if (isMac && shortcut.macKeys) return shortcut.macKeys[0] ?? ''
  return shortcut.shown ?? shortcut.keys[0] ?? ''
}
