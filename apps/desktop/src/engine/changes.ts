import type { Host, HostTopic } from './host.ts'

/** What others do is told at once, and then so often at most: while much comes, a window would do nothing but ask again. */
export const changesEveryMs = 100

/** What the person did, or waits for, is never held back: it comes with another topic than these. */
const canWait = (topic: HostTopic): boolean =>
  topic === 'accounts' ||
  topic === 'conversations' ||
  topic === 'badge' ||
  topic === 'people' ||
  topic === 'presence' ||
  topic === 'transfers' ||
  topic.startsWith('conversation:') ||
  topic.startsWith('members:') ||
  topic.startsWith('typing:')

/** Gathers topics while the reader is busy, so that however much happens there is one set of topics in memory. */
export async function* changesOf(
  host: Pick<Host, 'onChange'>,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly HostTopic[], void, undefined> {
  let gathered = new Set<HostTopic>()
  let isUrgent = false
  let lastAt = Number.NEGATIVE_INFINITY
  let wake = () => {}
  const stop = () => wake()
  signal?.addEventListener('abort', stop)
  using _ = host.onChange((topics) => {
    for (const topic of topics) {
      gathered.add(topic)
      isUrgent ||= !canWait(topic)
    }
    wake()
  })
  try {
    yield []
    while (!signal?.aborted) {
      const waitMs = waitFor(gathered.size, isUrgent, lastAt)
      if (waitMs > 0) {
        await new Promise<void>((resolve) => {
          const timer = Number.isFinite(waitMs) ? setTimeout(resolve, waitMs) : undefined
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
        continue
      }
      const topics = [...gathered]
      gathered = new Set()
      isUrgent = false
      lastAt = performance.now()
      yield topics
    }
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

/** Milliseconds until what was gathered is to be told. */
function waitFor(gathered: number, isUrgent: boolean, lastAt: number): number {
  if (gathered === 0) return Number.POSITIVE_INFINITY
  return isUrgent ? 0 : lastAt + changesEveryMs - performance.now()
}
