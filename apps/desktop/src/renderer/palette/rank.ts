/** Something that can be gone to or done. */
export interface Findable {
  /** What it is called. */
  readonly title: string
  /** What else it is found by, such as a username. */
  readonly also?: string
  /** From 0 to 1: what is used or waits is put before what fits as well. */
  readonly weight: number
}

/** Without case and accents, so that `zoe` finds Zoë. */
export const folded = (text: string): string =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLocaleLowerCase()

/** Above it every letter counts; a weight alone never puts a worse fit before a better one by much. */
const weightShare = 0.12

/** The best first, at most `max`; whatever does not have every word that was typed is left out. */
export function ranked<Item extends Findable>(items: readonly Item[], typed: string, max: number): Item[] {
  const words = folded(typed).split(/\s+/).filter(Boolean)
  return items
    .flatMap((item) => {
      const fit = fitOf(item, words)
      return fit > 0 ? [{ item, score: fit + item.weight * weightShare }] : []
    })
    .toSorted((one, other) => other.score - one.score)
    .slice(0, max)
    .map(({ item }) => item)
}

/** How well words fit something, from 0, not at all, to 1. */
export function fitOf({ title, also = '' }: Omit<Findable, 'weight'>, words: readonly string[]): number {
  if (words.length === 0) return 1
  const name = folded(title)
  const others = folded(also)
  let sum = 0
  for (const [index, word] of words.entries()) {
    // The beginning of a name counts for the first word that was typed: people type names from their beginning.
    const fit = Math.max(fitIn(name, word, index === 0), fitIn(others, word, index === 0) * 0.8)
    if (fit === 0) return 0
    sum += fit
  }
  const whole = name === words.join(' ') ? 0.1 : 0
  return (sum / words.length) * 0.9 + whole
}

function fitIn(text: string, word: string, first: boolean): number {
  const at = wordStartOf(text, word)
  if (at === -1) return text.includes(word) ? 0.6 : scattered(text, word)
  const whole = endsWord(text, at + word.length) ? 0.03 : 0
  return (at === 0 ? (first ? 0.97 : 0.92) : 0.87) + whole
}

/** Where a word of the text begins with what was typed; -1 where none does. */
function wordStartOf(text: string, word: string): number {
  let at = text.indexOf(word)
  while (at !== -1 && !startsWord(text, at)) at = text.indexOf(word, at + 1)
  return at
}

const endsWord = (text: string, at: number): boolean => !/[\p{L}\p{N}]/u.test(text[at] ?? ' ')

const startsWord = (text: string, at: number): boolean => !/[\p{L}\p{N}]/u.test(text[at - 1] ?? ' ')

/**
 * Letters that come one after the other with others between, from the beginning of a word on; best where each begins a
 * word or follows at once, as in `gh` for Grace Hopper.
 */
function scattered(text: string, word: string): number {
  let at = -1
  let begins = 0
  for (const letter of word) {
    const next = nextOf(text, letter, at + 1)
    if (next === -1 || (at === -1 && !startsWord(text, next))) return 0
    if (next === at + 1 || startsWord(text, next)) begins += 1
    at = next
  }
  return begins === word.length ? 0.5 : begins / word.length >= 0.6 ? 0.25 : 0
}

/** Where a letter begins a word, if it does so any more; else where it comes next. */
function nextOf(text: string, letter: string, from: number): number {
  if (text[from] === letter) return from
  for (let at = text.indexOf(letter, from); at !== -1; at = text.indexOf(letter, at + 1)) {
    if (startsWord(text, at)) return at
  }
  return text.indexOf(letter, from)
}
