import { pageCharsMax } from '@parley/domain/limits'

/** How many of the texts, from the first on, a page of at most `limit` takes: one in any case, or nobody got on. */
export const fitting = (
  texts: readonly (string | null)[],
  limit: number,
  charsMax = pageCharsMax,
): number => {
  let chars = 0
  let count = 0
  for (const text of texts) {
    chars += text?.length ?? 0
    if (count === limit || (count > 0 && chars > charsMax)) break
    count += 1
  }
  return count
}
