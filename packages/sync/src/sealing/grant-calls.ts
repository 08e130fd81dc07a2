import { grantsPerCallMax } from '@parley/domain/limits'

/** What of grants fits a frame along with the rest: one of a single epoch has some 320 characters, of 256 epochs some 11,000. */
const charsPerCall = 160 * 1024

/** Whether there are as many as go in one call. */
export const fillACall = (grants: readonly string[]): boolean =>
  grants.length >= grantsPerCallMax || grants.reduce((chars, { length }) => chars + length, 0) >= charsPerCall

/** All of them in their order, in parts that fit a call. */
export function* callsOf(grants: readonly string[]): Generator<string[]> {
  let part: string[] = []
  let chars = 0
  for (const grant of grants) {
    if (part.length > 0 && (chars + grant.length > charsPerCall || part.length >= grantsPerCallMax)) {
      yield part
      part = []
      chars = 0
    }
    part.push(grant)
    chars += grant.length
  }
  if (part.length > 0) yield part
}
