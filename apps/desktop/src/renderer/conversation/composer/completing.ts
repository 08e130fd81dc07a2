/** What is being completed: the sign, what follows it so far, and where in the text it stands. */
export interface Wanted {
  readonly sign: '@' | '#' | ':'
  readonly start: number
  readonly end: number
  /** In lower case. */
  readonly begun: string
}

const wantedAtEnd = /(?:^|[\s([{"'*_~>])([@#:])([^\s@#:`]{0,40})$/u
const begunOf = { '@': /^[\w.-]*$/, '#': /^[\p{L}\p{N}_-]*$/u, ':': /^[a-z0-9_+-]{2,}$/i } as const

/** What stands before the caret to be completed; null where nothing does. */
export function wantedAt(text: string, caret: number): Wanted | null {
  const found = wantedAtEnd.exec(text.slice(Math.max(0, caret - 60), caret))
  const [, sign, begun] = found ?? []
  if ((sign !== '@' && sign !== '#' && sign !== ':') || begun === undefined) return null
  if (!begunOf[sign].test(begun)) return null
  return { sign, start: caret - begun.length - 1, end: caret, begun: begun.toLowerCase() }
}

/** A `:name:` that was just finished before the caret. */
export function finishedEmojiAt(
  text: string,
  caret: number,
): { readonly start: number; readonly name: string } | null {
  const name = /(?:^|[\s([{"'])(:[a-z0-9_+-]{2,40}:)$/i.exec(text.slice(Math.max(0, caret - 60), caret))?.[1]
  return name ? { start: caret - name.length, name: name.slice(1, -1).toLowerCase() } : null
}

export interface Candidate {
  readonly key: string
  /** What is put in the place of what was begun. */
  readonly insert: string
  readonly label: string
  readonly hint: string
  /** What it is found by, the most telling first, in lower case. */
  readonly words: readonly string[]
  /** Goes before others that fit as well. */
  readonly near: boolean
}

const shownMax = 8

/** Those that fit what was begun, the best first: whose name begins so, then whose words do, then where it is within. */
export function matching<Each extends Candidate>(
  candidates: readonly Each[],
  begun: string,
): readonly Each[] {
  const scored: { readonly candidate: Each; readonly score: number }[] = []
  for (const candidate of candidates) {
    const score = scoreOf(candidate, begun)
    if (score > 0) scored.push({ candidate, score })
  }
  // Sorting is stable: what came first stays first among equals.
  return scored
    .toSorted((a, b) => b.score - a.score)
    .slice(0, shownMax)
    .map(({ candidate }) => candidate)
}

function scoreOf({ words, near }: Candidate, begun: string): number {
  const nearness = near ? 1 : 0
  if (begun === '') return 1 + nearness
  const [first = '', ...others] = words
  if (first === begun) return 9 + nearness
  if (first.startsWith(begun)) return 7 + nearness
  if (others.some((word) => word.startsWith(begun))) return 5 + nearness
  if (words.some((word) => word.split(/[\s._-]+/).some((part) => part.startsWith(begun)))) return 3 + nearness
  return begun.length > 1 && words.some((word) => word.includes(begun)) ? 1 + nearness : 0
}
