/** A part of a text, and whether it is what was looked for. */
export interface Part {
  readonly text: string
  readonly found: boolean
}

/** The words of a search, as the index takes them: letters and digits, the rest parts them. */
export const wordsIn = (typed: string): readonly string[] => typed.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []

/**
 * Marks the words that were looked for. The last one is the beginning of a word, from two letters on, as it may still be
 * written on.
 */
export function highlighted(text: string, typed: string): readonly Part[] {
  const wanted = wordsIn(typed).map(fold)
  const last = wanted.at(-1)
  if (last === undefined) return [{ text, found: false }]
  const isFound = (word: string) =>
    wanted.includes(fold(word)) || (last.length > 1 && fold(word).startsWith(last))
  const parts: Part[] = []
  let from = 0
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    if (!isFound(word)) continue
    if (index > from) parts.push({ text: text.slice(from, index), found: false })
    parts.push({ text: word, found: true })
    from = index + word.length
  }
  if (from < text.length) parts.push({ text: text.slice(from), found: false })
  return parts
}

/**
 * The part of a text around the first word that was found, so that it is to be seen in two lines.
 * @param charsMax of what is left, an ellipsis at either end apart
 */
export function excerpt(text: string, typed: string, charsMax: number): string {
  if (text.length <= charsMax) return text
  let at = 0
  for (const part of highlighted(text, typed)) {
    if (part.found) break
    at += part.text.length
  }
  if (at >= text.length) at = 0
  const lead = Math.floor(charsMax / 4)
  const from = at <= lead ? 0 : wordStart(text, at - lead)
  const to = Math.min(text.length, from + charsMax)
  return `${from > 0 ? '… ' : ''}${text.slice(from, to).trim()}${to < text.length ? ' …' : ''}`
}

/** The next beginning of a word, unless it is far. */
function wordStart(text: string, from: number): number {
  const space = text.indexOf(' ', from)
  return space === -1 || space - from > 20 ? from : space + 1
}

/** As the index compares: without case and accents. */
const fold = (word: string) => word.normalize('NFD').replaceAll(/\p{M}/gu, '').toLocaleLowerCase()
