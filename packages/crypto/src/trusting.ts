import type { Primitives } from './primitives.ts'

/** For lists and chains that were checked when they were stored, in a store that nobody else writes into: hashes still have to fit. */
export const trusting = (primitives: Primitives): Primitives => ({ ...primitives, verify: () => true })
