import { mentionsPerMessageMax, messageTextCharsMax } from '@parley/domain/limits'

/** From here on the characters that are left are shown. */
const countedCharsLeft = 1_000

/** How many characters are left where that begins to matter, otherwise null. */
export function charsLeft(text: string): number | null {
  const left = messageTextCharsMax - text.trim().length
  return left < countedCharsLeft ? left : null
}

/** Why a text is not sent, in words for who wrote it; null when it is. */
export function unsayable(text: string, mentions: number): string | null {
  const over = text.trim().length - messageTextCharsMax
  if (over > 0) {
    return `A message has ${messageTextCharsMax.toLocaleString()} characters at most: this one has ${over.toLocaleString()} too many.`
  }
  if (mentions > mentionsPerMessageMax) {
    return `A message mentions ${mentionsPerMessageMax.toLocaleString()} people at most. Mention @everyone instead.`
  }
  return null
}

/** What nobody sees and the server refuses comes along with what is pasted. */
export const cleaned = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
    .trim()
