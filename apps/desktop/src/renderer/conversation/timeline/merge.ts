import { replaceEqualDeep } from '@tanstack/react-query'
import type { TimelineMessage } from '../../live/queries.ts'

export type Items = readonly TimelineMessage[]

/** What came, with everything that did not change being the very object it was: rows that stay are not drawn again. */
export function shared(before: Items, now: Items): Items {
  const known = new Map(before.map((message) => [message.key, message]))
  const items = now.map((message) => {
    const same = known.get(message.key)
    return same ? replaceEqualDeep(same, message) : message
  })
  const unchanged = items.length === before.length && items.every((message, at) => message === before[at])
  return unchanged ? before : items
}

/** A state of the list on its way to another. */
export interface Step {
  readonly items: Items
  /** Whether what came or went did so before the first one. */
  readonly atStart: boolean
}

/**
 * The way from one list to another in which each step changes one end only: a virtual list that keeps sizes by index can
 * hold on to the other end then, so that nothing moves under the reader.
 * @returns null where the two have nothing in common.
 */
export function stepsBetween(before: Items, now: Items): readonly Step[] | null {
  if (before === now) return []
  const places = new Map(now.map(({ key }, at) => [key, at]))
  const dropped = before.findIndex(({ key }) => places.has(key))
  const first = before[dropped]
  if (!first) return null
  const added = places.get(first.key) ?? 0
  const steps: Step[] = []
  const kept = before.slice(dropped)
  if (dropped > 0) steps.push({ items: kept, atStart: true })
  if (added > 0) steps.push({ items: [...now.slice(0, added), ...kept], atStart: true })
  const last = steps.at(-1)?.items ?? before
  const isThere = last.length === now.length && last.every((message, at) => message === now[at])
  return isThere ? steps : [...steps, { items: now, atStart: false }]
}
