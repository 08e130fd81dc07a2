/** About what a line holds where text is widest. */
const lineChars = 80
/** A message that is higher than this is folded; how high a folded one is stands in `content.css`. */
const foldedAboveLines = 34

/** Whether a text has nothing in it that Markdown, links or names are made of: most messages. */
export const isPlain = (text: string): boolean =>
  !/[*_~`@#[\]\\]|:\/\/|mailto:|\w\.[a-z]|\n\s*\n|^\s*(?:[-+>]|\d+[.)])\s/im.test(text)

const jumbo = /^\s*(?:\p{RGI_Emoji}\s*){1,3}$/v

/** One to three emoji and nothing else, which are shown large. */
export const isJumbo = (text: string): boolean => text.length < 100 && jumbo.test(text)

/** Said before it is laid out, so that nothing moves once it is. */
export function isLong(text: string): boolean {
  if (text.length < foldedAboveLines) return false
  let lines = 0
  for (const line of text.split('\n')) lines += Math.max(1, Math.ceil(line.length / lineChars))
  return lines > foldedAboveLines
}

/** A text in one line, without its markup: for the quoted line. */
export function lineOf(text: string): string {
  return text
    .slice(0, 400)
    .replaceAll(/^```[^\n]*$/gm, '')
    .replaceAll(/^\s*(?:[-+*>]|#{1,6}|\d+[.)])\s+/gm, '')
    .replaceAll(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replaceAll(/(\*\*|__|~~|`+|(?<!\w)[*_]|[*_](?!\w))/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
