import type { Primitives } from '@parley/crypto/primitives'
import { type SealedContent, unseal } from '@parley/crypto/unsealing'
import { SealedError } from '@parley/domain/sealed/causes'
import type { Unsealed } from './unsealing-batch.ts'

/** Each content for itself: one that stays closed holds up none beside it. */
export const unsealAll = (primitives: Primitives, contents: readonly SealedContent[]): Unsealed[] =>
  contents.map((content) => {
    try {
      return unseal(primitives, content)
    } catch (error) {
      if (error instanceof SealedError) return { cause: error.kind }
      throw error
    }
  })
