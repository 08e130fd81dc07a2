import { wordsOf } from '../folding.ts'

// Beside its words, a message is indexed under its conversation and its author. These begin with a character that no
// word has, so that nobody can search for them, nor with them.

export const conversationToken = (number: number) => `\u{e000}c${number}`
export const authorToken = (number: number) => `\u{e000}a${number}`

/** What somebody looks for: whole words, and, where the last one ended in `*`, how a word begins. */
export interface Sought {
  readonly words: readonly string[]
  readonly beginning: string | null
}

const beginningCharsMin = 2

export const soughtIn = (text: string): Sought => {
  const words = wordsOf(text)
  const last = words.at(-1)
  if (last === undefined || !text.trimEnd().endsWith('*') || last.length < beginningCharsMin) {
    return { words: [...new Set(words)], beginning: null }
  }
  return { words: [...new Set(words.slice(0, -1))], beginning: last }
}

/** Whether a text holds all that is sought: the index may be a little behind, the text is not. */
export const holds = (text: string, sought: Sought): boolean => {
  const said = new Set(wordsOf(text))
  const { words, beginning } = sought
  return (
    words.every((word) => said.has(word)) &&
    (beginning === null || [...said].some((word) => word.startsWith(beginning)))
  )
}

/** The expression for FTS5. Words are letters and digits, and stand in quotes: none of them is taken for syntax. */
export const matchOf = (
  sought: Sought,
  wordsMax: number,
  filters: readonly (readonly string[])[],
): string => {
  const terms = sought.words.slice(0, wordsMax).map((word) => `"${word}"`)
  if (sought.beginning !== null) terms.push(`"${sought.beginning}"*`)
  for (const tokens of filters) terms.push(`(${tokens.map((token) => `"${token}"`).join(' OR ')})`)
  return terms.join(' AND ')
}
