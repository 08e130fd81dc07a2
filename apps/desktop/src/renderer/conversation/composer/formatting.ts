/** A text field as it is: what is selected lies from `start` up to before `end`. */
export interface Field {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** Puts `insert` in the place of what lies between two places, and selects some of what came of it. */
export interface Change {
  readonly from: number
  readonly to: number
  readonly insert: string
  readonly selectFrom: number
  readonly selectTo: number
}

/** Marks what is selected, or takes the marks off where they are; without a selection the caret stands between them. */
export function marked({ text, start, end }: Field, mark: string): Change {
  const size = mark.length
  const selected = text.slice(start, end)
  const isWithin = text.slice(start - size, start) === mark && text.slice(end, end + size) === mark
  if (isWithin && !isPartOfLonger(text, start - size, end + size, mark)) {
    const from = start - size
    return { from, to: end + size, insert: selected, selectFrom: from, selectTo: from + selected.length }
  }
  if (selected.length >= 2 * size && selected.startsWith(mark) && selected.endsWith(mark)) {
    const bare = selected.slice(size, -size)
    if (!isPartOfLonger(text, start, end, mark) && !bare.startsWith(mark)) {
      return { from: start, to: end, insert: bare, selectFrom: start, selectTo: start + bare.length }
    }
  }
  // Marks beside a space mark nothing.
  const [, before = '', words = '', after = ''] = /^(\s*)([^]*?)(\s*)$/.exec(selected) ?? []
  const from = start + before.length + size
  return {
    from: start,
    to: end,
    insert: `${before}${mark}${words}${mark}${after}`,
    selectFrom: from,
    selectTo: from + words.length,
  }
}

/** The single mark of `*a*` is not half of that of `**a**`. */
const isPartOfLonger = (text: string, from: number, to: number, mark: string): boolean =>
  mark.length === 1 && text[from - 1] === mark && text[to] === mark && text[from - 2] !== mark

/** What was pasted is an address, and something is selected: a link of it. Null where it is not so. */
export function linked({ text, start, end }: Field, pasted: string): Change | null {
  const address = pasted.trim()
  const words = text.slice(start, end)
  if (words.trim() === '' || words.includes('\n') || isAddress(words.trim()) || !isAddress(address))
    return null
  const insert = `[${words.replaceAll(/([[\]])/g, '\\$1')}](${address.replaceAll('(', '%28').replaceAll(')', '%29')})`
  const at = start + insert.length
  return { from: start, to: end, insert, selectFrom: at, selectTo: at }
}

const isAddress = (text: string): boolean =>
  /^(?:https?|mailto|parley):\S+$/i.test(text) && URL.canParse(text)
