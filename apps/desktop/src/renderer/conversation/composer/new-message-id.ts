let lastMs = 0

/**
 * A new name for a message: a UUIDv7 (RFC 9562), so that those of one page sort in the order in which they were made. Its
 * own clock never stands still: nobody sends twice in a millisecond for long.
 */
export function newMessageId(nowMs = Date.now()): string {
  lastMs = Math.max(lastMs + 1, nowMs)
  const time = lastMs.toString(16).padStart(12, '0').slice(-12)
  const random = crypto.randomUUID()
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`
}
