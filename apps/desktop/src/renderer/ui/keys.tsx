const isMac = navigator.userAgent.includes('Mac OS')

const macSigns: Readonly<Record<string, string>> = { Mod: '⌘', Alt: '⌥', Shift: '⇧', Ctrl: '⌃' }

/** A shortcut as this system writes it, from `Mod+Shift+K`, where `Mod` is ⌘ or Ctrl. */
export function Keys({ keys }: { readonly keys: string }) {
  // The plus sign itself may be the key.
  const names = (keys === '+' ? [keys] : keys.split('+')).map((key) =>
    isMac ? (macSigns[key] ?? key) : key === 'Mod' ? 'Ctrl' : key,
  )
  return (
    <kbd className="inline-flex gap-0.5 font-sans text-small text-dim">
      {names.map((name) => (
        <span
          key={name}
          className="inline-flex min-w-4 items-center justify-center rounded-small border border-line px-1"
        >
          {name}
        </span>
      ))}
    </kbd>
  )
}
