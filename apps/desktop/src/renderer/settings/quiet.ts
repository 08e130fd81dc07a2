import { tomorrowMorning } from '../sidebar/tomorrow-morning.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** Longer than this is until it is turned off. */
const foreverYears = 50

const time = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const dayAndTime = new Intl.DateTimeFormat(undefined, { weekday: 'long', hour: 'numeric', minute: '2-digit' })

interface QuietChoice {
  readonly label: string
  /** Milliseconds since 1970. */
  readonly until: (now: Date) => number
}

export const quietChoices: readonly QuietChoice[] = [
  { label: 'For 30 minutes', until: (now) => now.getTime() + 30 * minuteMs },
  { label: 'For an hour', until: (now) => now.getTime() + 60 * minuteMs },
  { label: 'For four hours', until: (now) => now.getTime() + 240 * minuteMs },
  { label: 'Until tomorrow morning', until: tomorrowMorning },
  {
    label: 'Until I turn it on again',
    until: (now) => new Date(now.getFullYear() + 2 * foreverYears, 0).getTime(),
  },
]

/** Until when it is quiet, as one would say it. Both times are in milliseconds since 1970. */
export function untilWords(until: number, now: number): string {
  if (new Date(until).getFullYear() - new Date(now).getFullYear() > foreverYears)
    return 'until you turn it on again'
  const isToday = new Date(until).toDateString() === new Date(now).toDateString()
  if (isToday) return `until ${time.format(until)}`
  const isTomorrow = new Date(until).toDateString() === new Date(now + dayMs).toDateString()
  return isTomorrow ? `until tomorrow at ${time.format(until)}` : `until ${dayAndTime.format(until)}`
}
