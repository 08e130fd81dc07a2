import { noticesBetween } from '../../encryption/notices-between.ts'
import type { SealedNotice, TimelineMessage } from '../../live/queries.ts'
import { isSameDay } from './times.ts'

/** Messages of one author within this time stand under one name. */
const groupMs = 5 * 60_000

/** A message, and what stands above it. */
export interface Row {
  readonly message: TimelineMessage
  /** Whether it shows its author; the ones after it by the same do not. */
  readonly opens: boolean
  /** Whether the day is said above it. */
  readonly day: boolean
  /** Whether the "New" line stands above it. */
  readonly isNew: boolean
  /** Whether the conversation begins with it. */
  readonly begins: boolean
  /** What happened to the keys of the conversation just before it, and after it where it is the last. */
  readonly noticesAbove: readonly SealedNotice[]
  readonly noticesBelow: readonly SealedNotice[]
}

interface Marks {
  /** The ordinal of the first message that was not read when the conversation was opened. */
  readonly newFrom: number | null
  /** Whether the first message here is the first of all. */
  readonly begins: boolean
  /** Whether the last message here is the newest. */
  readonly reachesNewest?: boolean
  readonly notices?: readonly SealedNotice[]
}

const noNotices: readonly SealedNotice[] = []

export function rowsOf(items: readonly TimelineMessage[], marks: Marks): readonly Row[] {
  const { begins, reachesNewest = false, notices = noNotices } = marks
  const placed = noticesBetween(items, notices, { begins, reachesNewest })
  return items.map((message, at) => {
    const before = items[at - 1]
    const day = !before || !isSameDay(before.sentAt, message.sentAt)
    const isNew = message.ordinal !== null && message.ordinal === marks.newFrom
    const noticesAbove = placed.above[at] ?? noNotices
    const breaks = day || isNew || noticesAbove.length > 0
    return {
      message,
      day,
      isNew,
      opens: breaks || !before || !follows(before, message),
      begins: at === 0 && begins,
      noticesAbove,
      noticesBelow: at === items.length - 1 ? placed.below : noNotices,
    }
  })
}

const follows = (before: TimelineMessage, message: TimelineMessage): boolean =>
  before.authorId === message.authorId &&
  message.sentAt - before.sentAt < groupMs &&
  message.replyTo === null &&
  before.content.kind !== 'deleted'
