import { passwordCharsMin } from '@parley/domain/limits'

export type Strength = 'short' | 'weak' | 'fair' | 'good'

/** Guesses that an attacker needs, as a power of two, for each step. */
const fairBits = 45
const goodBits = 65

/**
 * How hard a secret is to guess, roughly: what its kinds of characters allow, of which repeats and runs such as `aaaa` and
 * `1234` count little. It is a hint and no promise; words that everybody tries first look better here than they are.
 */
export function strengthOf(secret: string): Strength {
  const chars = Array.from(secret)
  if (chars.length < passwordCharsMin) return 'short'
  const bits = effectiveLength(chars) * Math.log2(poolOf(secret))
  if (bits < fairBits) return 'weak'
  return bits < goodBits ? 'fair' : 'good'
}

function effectiveLength(chars: readonly string[]): number {
  let length = 0
  let before: number | null = null
  for (const char of chars) {
    const code = char.codePointAt(0) ?? 0
    const expected = before !== null && Math.abs(code - before) <= 1
    length += expected ? 0.25 : 1
    before = code
  }
  // Whoever uses few different characters uses them again.
  return Math.min(length, new Set(chars).size * 2)
}

function poolOf(secret: string): number {
  let pool = 1
  if (/\p{Ll}/u.test(secret)) pool += 10
  if (/\p{Lu}/u.test(secret)) pool += 10
  if (/\p{N}/u.test(secret)) pool += 8
  if (/[^\p{L}\p{N}]/u.test(secret)) pool += 8
  return pool
}
