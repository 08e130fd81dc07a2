/** Without those that are taken for one another when they are read aloud or copied by hand. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
const groups = 4
const lettersPerGroup = 5

/** A password that can be read out: 20 letters of 31 in four groups, some 99 bits. */
export function madeUpPassword(): string {
  return Array.from({ length: groups }, () =>
    Array.from({ length: lettersPerGroup }, () => letters[randomBelow(letters.length)] ?? '').join(''),
  ).join('-')
}

/** Each number as likely as any other: what would favour the low ones is drawn again. */
function randomBelow(end: number): number {
  const bytes = new Uint8Array(1)
  const fair = 256 - (256 % end)
  for (;;) {
    crypto.getRandomValues(bytes)
    const [byte = 255] = bytes
    if (byte < fair) return byte % end
  }
}
