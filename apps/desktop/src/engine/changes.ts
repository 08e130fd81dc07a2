import type { Host, HostTopic } from './host.ts'

/** Gathers topics while the reader is busy, so that however much happens there is one set of topics in memory. */
export async function* changesOf(
  host: Host,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly HostTopic[], void, undefined> {
  let gathered = new Set<HostTopic>()
  let wake = () => {}
  const stop = () => wake()
  signal?.addEventListener('abort', stop)
  using _ = host.onChange((topics) => {
    for (const topic of topics) gathered.add(topic)
    wake()
  })
  try {
    yield []
    while (!signal?.aborted) {
      if (gathered.size === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      const topics = [...gathered]
      gathered = new Set()
      yield topics
    }
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}
