import { QueryClient, queryOptions } from '@tanstack/react-query'
import type { HostTopic } from '../../engine/host.ts'
import { engine } from './clients.ts'

interface LiveMeta extends Record<string, unknown> {
  /** Any of these changes the answer. */
  readonly topics: readonly HostTopic[]
}

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: LiveMeta
  }
}

/** Answers come from the process next door: they are never old unless the engine says so, and need no network. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: Infinity, gcTime: 60_000, networkMode: 'always', retry: false },
    mutations: { networkMode: 'always', retry: false },
  },
})

/** A question to the engine that is asked again whenever one of its topics changes. */
export function live<Answer>(
  name: string,
  input: unknown,
  topics: readonly HostTopic[],
  ask: () => Promise<Answer>,
) {
  return queryOptions({ queryKey: [name, input], queryFn: ask, meta: { topics } })
}

type Touched = (topics: readonly HostTopic[] | undefined) => boolean

const told = new Set<(touched: Touched) => void>()

/** For what holds more than the answer to one question: told whenever one of these topics changes, until it is ended. */
export function onTopics(topics: readonly HostTopic[], run: () => void): () => void {
  const listener = (touched: Touched) => {
    if (touched(topics)) run()
  }
  told.add(listener)
  return () => void told.delete(listener)
}

/** Asks again for what the engine says has changed; for everything when it is a new engine. */
export function followChanges(): void {
  engine.app.changes.subscribe(undefined, {
    onData(topics) {
      const changed = new Set(topics)
      const touched: Touched = (each) =>
        changed.size === 0 || (each?.some((topic) => changed.has(topic)) ?? false)
      for (const listener of [...told]) listener(touched)
      void queryClient.invalidateQueries({ predicate: ({ meta }) => touched(meta?.topics) })
    },
  })
}
