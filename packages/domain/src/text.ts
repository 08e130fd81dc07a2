import { z } from 'zod'

const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

const wellFormed = (text: string) => text.isWellFormed() && !controlCharacters.test(text)

/** Text of several lines: well-formed Unicode, and no control characters but tab and line ends. */
export const textOf = (charsMax: number) =>
  z.string().max(charsMax).refine(wellFormed, 'must be well-formed Unicode without control characters')

/** Text of one line, with the white space at its ends taken off. */
export const lineOf = (charsMax: number, charsMin = 0) =>
  z
    .string()
    .max(charsMax * 2)
    .trim()
    .min(charsMin)
    .max(charsMax)
    .refine(
      (text) => wellFormed(text) && !/[\t\n\r\u0085\u2028\u2029]/.test(text),
      'must be one line of text',
    )

/** Bytes that mean something to clients only, as base64url without padding; the server passes them on untouched. */
export const opaqueOf = (bytesMax: number) =>
  z
    .string()
    .max(Math.ceil((bytesMax * 4) / 3))
    .regex(/^[A-Za-z0-9_-]*$/, 'must be base64url without padding')

export const pageLimit = (itemsDefault: number, itemsMax: number) =>
  z.int().min(1).max(itemsMax).default(itemsDefault)
