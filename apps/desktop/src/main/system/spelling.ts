import type { Session } from 'electron'
import { bestMatch } from './best-match.ts'

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
