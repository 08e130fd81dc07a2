import { labelled } from '@parley/domain/sealed/bytes'
import type { Primitives } from './primitives.ts'

/** Crockford's: without I, L, O and U. */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const bitsPerDigit = 5

interface CodeKind {
  readonly bytes: number
  readonly checkDigits: number
}

/** 256 bits: 14 groups of four. */
export const recoveryCode = { bytes: 32, checkDigits: 4 } as const satisfies CodeKind
/** 128 bits: 7 groups of four. */
export const linkCode = { bytes: 16, checkDigits: 2 } as const satisfies CodeKind

/** A code as it is shown: groups of four characters, with dashes between. */
export function writeCode(primitives: Primitives, kind: CodeKind, secret: Uint8Array): string {
  const body = encode(secret, Math.ceil((kind.bytes * 8) / bitsPerDigit))
  const all = body + checkOf(primitives, kind, secret)
  return all.match(/.{1,4}/g)?.join('-') ?? all
}

/** The secret of a code as somebody typed it: case, dashes and spaces do not matter. Null: it is mistyped. */
export function readCode(primitives: Primitives, kind: CodeKind, typed: string): Uint8Array | null {
  const text = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
  const bodyDigits = Math.ceil((kind.bytes * 8) / bitsPerDigit)
  if (text.length !== bodyDigits + kind.checkDigits) return null
  const secret = decode(text.slice(0, bodyDigits), kind.bytes)
  return secret && checkOf(primitives, kind, secret) === text.slice(bodyDigits) ? secret : null
}

const checkOf = (primitives: Primitives, { checkDigits }: CodeKind, secret: Uint8Array): string =>
  encode(primitives.sha256(labelled('code', secret)), checkDigits)

/** The first digits of bytes, the most significant bit first; zero bits at the end. */
function encode(bytes: Uint8Array, count: number): string {
  return Array.from({ length: count }, (_, at) => {
    let value = 0
    for (let bit = at * bitsPerDigit; bit < (at + 1) * bitsPerDigit; bit += 1)
      value = value * 2 + bitOf(bytes, bit)
    return digits.charAt(value)
  }).join('')
}

const bitOf = (bytes: Uint8Array, bit: number): number => ((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1

/** Null where a character is no digit, or bits are set that belong to none of the bytes. */
function decode(text: string, bytes: number): Uint8Array | null {
  const all = new Uint8Array(bytes)
  for (let at = 0; at < text.length; at += 1) {
    const value = digits.indexOf(text.charAt(at))
    if (value === -1) return null
    for (let bit = 0; bit < bitsPerDigit; bit += 1) {
      if (((value >> (bitsPerDigit - 1 - bit)) & 1) === 0) continue
      const place = at * bitsPerDigit + bit
      if (place >= bytes * 8) return null
      all[place >> 3] = (all[place >> 3] ?? 0) | (1 << (7 - (place & 7)))
    }
  }
  return all
}
