/** Where the focus was last in each part of the window. */
const lastFocus = new WeakMap<Element, HTMLElement>()

const tabbable =
  'a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), [contenteditable="true"], [tabindex]:not([tabindex="-1"])'

/** Notes where the focus is, so that one comes back to it. @returns what stops it. */
export function followFocus(): () => void {
  const note = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement)) return
    const section = target.closest('[data-section]')
    if (section) lastFocus.set(section, target)
  }
  document.addEventListener('focusin', note)
  return () => document.removeEventListener('focusin', note)
}

/** Goes to the next part of the window (1), or to the one before (-1), and round at the ends. */
export function goToSection(step: 1 | -1): void {
  // A part that is made of parts is gone round by these.
  const sections = [...document.querySelectorAll<HTMLElement>('[data-section]')].filter(
    (each) => each.checkVisibility() && !each.querySelector('[data-section]'),
  )
  const at = sections.findIndex((section) => section.contains(document.activeElement))
  const from = at === -1 && step === -1 ? 0 : at
  const section = sections[(from + step + sections.length) % sections.length]
  if (section) focusIn(section)
}

function focusIn(section: HTMLElement): void {
  const last = lastFocus.get(section)
  const wished = section.querySelector<HTMLElement>('[data-section-start]')
  const target =
    last && section.contains(last)
      ? last
      : section.matches(tabbable)
        ? section
        : (wished ?? section.querySelector<HTMLElement>(tabbable))
  if (target) return target.focus()
  section.tabIndex = -1
  section.focus()
}
