import type { Followed } from '../ports.ts'

/** Events of the log that are opened together: each is a quarter of a MiB at most. */
const eventsTogetherMax = 8

/**
 * What the log brings. Of what was missed, entries that are here already come together: of messages that are opened together the
 * later vouch for the earlier. Nothing waits for what is not here yet, and what happens from then on comes at once.
 * @param breathe lets what has come be taken in
 */
export async function* gathered(
  events: AsyncIterable<Followed>,
  breathe: () => Promise<void>,
): AsyncGenerator<Followed, void, undefined> {
  const all = events[Symbol.asyncIterator]()
  const ask = () => {
    const asked = all.next()
    // Whoever stops here does not hear of its end.
    asked.catch(() => {})
    return asked
  }
  let isLive = false
  for (let coming = ask(); ;) {
    const next = await coming
    if (next.done === true) return
    coming = ask()
    let event = next.value
    isLive ||= event.kind === 'live'
    for (let taken = 1; !isLive && event.kind === 'entries' && taken < eventsTogetherMax; taken += 1) {
      const more = await Promise.race([coming.catch(() => null), breathe()])
      if (!more || more.done === true || more.value.kind !== 'entries') break
      event = { ...more.value, entries: [...event.entries, ...more.value.entries] }
      coming = ask()
    }
    yield event
  }
}
