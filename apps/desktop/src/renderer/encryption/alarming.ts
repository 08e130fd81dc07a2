import type { SealedNotice } from '../live/queries.ts'

/** What somebody should know of before going on: it may be an attack. */
export type Alarming = Extract<SealedNotice, { kind: 'identity-changed' | 'lied' }>

const isAlarming = (notice: SealedNotice): notice is Alarming =>
  notice.kind === 'identity-changed' || notice.kind === 'lied'

/** The newest one after a position that was not one's own doing; null where there is none. */
export const newestAlarming = (
  notices: readonly SealedNotice[],
  seenUpTo: number,
  myId: string | null,
): Alarming | null =>
  notices
    .filter(isAlarming)
    .filter((notice) => notice.kind === 'lied' || notice.accountId !== myId)
    .findLast(({ position }) => position > seenUpTo) ?? null

/** Whether somebody's identity changed, as far as a conversation knows. */
export const hasChanged = (notices: readonly SealedNotice[], accountId: string): boolean =>
  notices.some((notice) => notice.kind === 'identity-changed' && notice.accountId === accountId)
