import type { Session } from 'electron'

/** @param languages null for those of the system that there are dictionaries for */
export function setSpelling(
  session: Session,
  languages: readonly string[] | null,
  ofSystem: readonly string[],
): void {
  const available = session.availableSpellCheckerLanguages
  const wanted = languages ?? ofSystem
  const known = wanted.map((tag) => bestMatch(tag, available)).filter((tag) => tag !== null)
  session.setSpellCheckerEnabled(languages === null || known.length > 0)
  // macOS finds the language by itself, and has no list.
  if (process.platform !== 'darwin' && known.length > 0) session.setSpellCheckerLanguages([...new Set(known)])
}

/** `de-CH` where there is such a dictionary, otherwise `de`, otherwise another German one. */
export function bestMatch(tag: string, available: readonly string[]): string | null {
  const [language = tag] = tag.split('-')
  return (
    available.find((each) => each === tag) ??
    available.find((each) => each === language) ??
    available.find((each) => each.startsWith(`${language}-`)) ??
    null
  )
}
