const combiningMarks = /\p{M}+/gu
/** A word; of writings that put no space between words, each character. */
const word = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]|[[\p{L}\p{N}]--[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]]+/gv

/** Letter case and accents aside, as whoever searches seldom types them. */
const folded = (text: string) => text.normalize('NFKD').replace(combiningMarks, '').toLowerCase()

/** The words of a text, as people, groups and messages are found by them. */
export const wordsOf = (text: string): string[] => folded(text).match(word) ?? []

/** What tells whole names apart: letter case does not. */
export const wholeNameKey = (name: string) => name.normalize('NFC').toLowerCase()

const listingKeyCharsMax = 100

/** Groups are listed in the order of this, and found by the beginnings of its words. */
export const listingKey = (name: string) => wordsOf(name).join(' ').slice(0, listingKeyCharsMax)

/** Sorts after all that begin as `beginning` does, in the order of SQLite, which is that of UTF-8. */
export const beyond = (beginning: string) => `${beginning}\u{10ffff}`
