import { z } from 'zod'

// What a note lets clients put into a message or a key is any text, and must come back byte for byte; Parley carries
// what it does not read as base64url.

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text of a note's client that nobody here reads. A lone surrogate has no bytes that it could come back as. */
export const opaqueText = (bytesMax: number) =>
  z
    .string()
    .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
    .refine((text) => Buffer.byteLength(text) <= bytesMax, `must have at most ${bytesMax} bytes`)

export const toOpaque = (text: string): string => Buffer.from(text, 'utf8').toString('base64url')

/** What was put in; what is no such text, as it comes from programs of other kinds, stays as it is. */
export function fromOpaque(opaque: string): string {
  try {
    return decoder.decode(Buffer.from(opaque, 'base64url'))
  } catch {
    return opaque
  }
}
