import type { SealedNotice, TimelineMessage } from '../live/queries.ts'
import { hasChanged } from './alarming.ts'

type Item = Pick<TimelineMessage, 'id'>

interface Ends {
  /** Whether the first item is the first of all, so that nothing lies before it elsewhere. */
  readonly begins: boolean
  /** Whether the last one is the newest. */
  readonly reachesNewest: boolean
}

/** What stands above each item, and what below the last. */
export interface PlacedNotices {
  readonly above: readonly (readonly SealedNotice[])[]
  readonly below: readonly SealedNotice[]
}

/** The same object each time, so that rows without notices are not drawn again. */
const none: readonly SealedNotice[] = []

/**
 * Puts notices where they happened, between the messages of a window. What happened before the window begins belongs to
 * the window before it. Messages that wait have no place yet: what happened last stands above them.
 */
export function noticesBetween(
  items: readonly Item[],
  notices: readonly SealedNotice[],
  { begins, reachesNewest }: Ends,
): PlacedNotices {
  if (notices.length === 0) return { above: items.map(() => none), below: none }
  let from = begins ? 0 : (items[0]?.id ?? 0)
  const above = items.map(({ id }) => {
    // Above the first one that waits; the others after it find nothing left.
    const to = id ?? (reachesNewest ? Infinity : from)
    const here = notices.filter(({ position }) => position > from && position < to)
    from = Math.max(from, to)
    return here.length === 0 ? none : here
  })
  const last = reachesNewest ? notices.filter(({ position }) => position > from) : none
  return { above, below: last.length === 0 ? none : last }
}

/** So many of one place are shown one by one. */
const oneByOneMax = 4

export type NoticeLine =
  | { readonly kind: 'one'; readonly notice: SealedNotice }
  /** Of devices that came or went, which say little each. */
  | { readonly kind: 'devices'; readonly count: number; readonly at: number; readonly position: number }

const isOfDevice = ({ kind }: SealedNotice) => kind === 'device-added' || kind === 'device-revoked'

/** New keys are met when they are made, and again when somebody lets them in: that is one thing to know. */
const isSaidBefore = (notice: SealedNotice, at: number, all: readonly SealedNotice[]): boolean =>
  notice.kind === 'identity-changed' && hasChanged(all.slice(0, at), notice.accountId)

/** The lines of one place: many devices are one of them. */
export function linesOfNotices(placed: readonly SealedNotice[]): readonly NoticeLine[] {
  const notices = placed.filter((notice, at) => !isSaidBefore(notice, at, placed))
  const ofDevices = notices.filter(isOfDevice)
  const [first] = ofDevices
  if (!first || ofDevices.length <= oneByOneMax) return notices.map((notice) => ({ kind: 'one', notice }))
  const { at, position } = first
  return notices
    .filter((notice) => !isOfDevice(notice) || notice === first)
    .map((notice) =>
      notice === first ? { kind: 'devices', count: ofDevices.length, at, position } : { kind: 'one', notice },
    )
}
