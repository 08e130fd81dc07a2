// Times as this device's language and clock write them. All are in milliseconds since 1970.

const timeFormat = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const fullFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })
const dayFormat = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const dayOfYearFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })

export const timeText = (at: number): string => timeFormat.format(at)
export const fullText = (at: number): string => fullFormat.format(at)

export const isSameDay = (one: number, other: number): boolean =>
  startOfDay(new Date(one)) === startOfDay(new Date(other))

export const startOfDay = (date: Date): number =>
  new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()

/** Today and yesterday by their names, others of this year without it. */
export function dayText(at: number, now = Date.now()): string {
  if (isSameDay(at, now)) return 'Today'
  const yesterday = new Date(now)
  yesterday.setDate(yesterday.getDate() - 1)
  if (isSameDay(at, yesterday.getTime())) return 'Yesterday'
  const ofThisYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return (ofThisYear ? dayFormat : dayOfYearFormat).format(at)
}

/** When somebody was last online. */
export function lastSeenText(at: number | null, now = Date.now()): string {
  if (at === null) return 'Offline'
  const minutes = Math.floor((now - at) / 60_000)
  if (minutes < 2) return 'Last seen just now'
  if (minutes < 60) return `Last seen ${String(minutes)} minutes ago`
  if (isSameDay(at, now)) return `Last seen at ${timeText(at)}`
  return `Last seen ${dayText(at, now).replace(/^Y/, 'y')}`
}
