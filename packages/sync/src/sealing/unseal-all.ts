import type { Primitives } from '@parley/crypto/primitives'
import { type SealedContent, unseal } from '@parley/crypto/unsealing'
import { SealedError } from '@parley/domain/sealed/causes'
import type { Unsealed } from './unsealing-batch.ts'

/** Each content for itself: one that stays closed holds up none beside it. */
export const unsealAll = (primitives: Primitives, contents: Iterable<SealedContent>): Unsealed[] =>
  Array.from(contents, (content) => {
    try {
      return { kind: 'unsealed', text: unseal(primitives, content) }
    } catch (error) {
      if (error instanceof SealedError) return { kind: 'closed', cause: error.kind }
      throw error
    }
  })
