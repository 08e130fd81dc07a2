const letterCaseAside = (text: string) => text.normalize('NFC').toLowerCase()

/** Letter case and accents aside, as whoever searches seldom types them. */
const folded = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()

/** The words of a text, as people and groups are found by them. */
export const wordsOf = (text: string): string[] => folded(text).match(/[\p{L}\p{N}]+/gu) ?? []

/** What tells whole names apart: letter case does not. */
export const wholeNameKey = letterCaseAside

const listingKeyCharsMax = 100

/** Groups are listed in the order of this, and found by the beginnings of its words. */
export const listingKey = (name: string) => wordsOf(name).join(' ').slice(0, listingKeyCharsMax)

/** Sorts after all that begin as `beginning` does, in the order of SQLite, which is that of UTF-8. */
export const beyond = (beginning: string) => `${beginning}\u{10ffff}`
