import type { Person } from '../live/queries.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const thisYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long' })
const earlier = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })

/** How long ago something was, as roughly as one would say it. Both times are in milliseconds since 1970. */
export function agoWords(at: number, now: number): string {
  const passedMs = now - at
  if (passedMs < minuteMs) return 'just now'
  if (passedMs < hourMs) return relative.format(-Math.floor(passedMs / minuteMs), 'minute')
  const days = daysBetween(at, now)
  if (days === 0) return relative.format(-Math.floor(passedMs / hourMs), 'hour')
  if (days < 7) return relative.format(-days, 'day')
  return `on ${dateWords(at, now)}`
}

/** A day by its name, with the year where it is another one. */
export function dateWords(at: number, now: number): string {
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return (isThisYear ? thisYear : earlier).format(at)
}

const startOfDay = (at: number) => new Date(at).setHours(0, 0, 0, 0)

/** Of the calendar, so that yesterday evening is yesterday this morning. */
const daysBetween = (at: number, now: number) => Math.round((startOfDay(now) - startOfDay(at)) / dayMs)

/** Whether somebody is there, or when they were. */
export function presenceWords({ disabled, online, lastSeenAt }: Person, now: number): string {
  if (disabled) return 'Account disabled'
  if (online) return 'Online'
  return lastSeenAt === null ? 'Not seen yet' : `Last seen ${agoWords(lastSeenAt, now)}`
}
