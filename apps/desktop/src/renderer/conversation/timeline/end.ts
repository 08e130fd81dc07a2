/** Pixels from the end at which the end is still followed. */
export const atEndPx = 40

/** What of a scroller's measures the end is known by. */
export interface Box {
  readonly scrollTop: number
  readonly scrollHeight: number
  readonly clientHeight: number
}

export const boxOf = ({ scrollTop, scrollHeight, clientHeight }: Box): Box => ({
  scrollTop,
  scrollHeight,
  clientHeight,
})

/** Pixels of the list below what is to be seen. */
export const leftBelow = ({ scrollTop, scrollHeight, clientHeight }: Box): number =>
  scrollHeight - scrollTop - clientHeight

/**
 * Whether the reader has gone up from where the list stood at its end. What stands there can come to be further from the
 * end without them: because less room is left for the list, or because it has become longer.
 *
 * @param touched whether the reader did anything since; else a list of other heights was moved by nobody
 */
export function wentUp(before: Box, now: Box, touched: boolean): boolean {
  const isSame = now.scrollHeight === before.scrollHeight && now.clientHeight === before.clientHeight
  return now.scrollTop < before.scrollTop - 1 && (touched || isSame)
}
