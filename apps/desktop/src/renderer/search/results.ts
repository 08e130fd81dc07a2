import type { Answers } from '../live/queries.ts'

export type Found = Answers['messages']['search']['messages'][number]
export type Page = Answers['messages']['search']

export interface Results {
  /** Newest first. */
  readonly messages: readonly Found[]
  readonly next: Page['next']
  /** Whether everything was looked through, or what this device holds. */
  readonly scope: Page['scope']
  /** Why the server could not be asked. */
  readonly problem: string | null
  /** The server is still being asked. */
  readonly busy: boolean
}

export const emptyResults: Results = {
  messages: [],
  next: null,
  scope: 'held',
  problem: null,
  busy: false,
}

/**
 * Takes in a page: in place of all before it, or, where older ones than `before` were asked for, below those.
 * Whatever came twice is there once.
 */
export function withPage(
  now: Results,
  page: Pick<Page, 'messages' | 'next' | 'scope' | 'problem'>,
  before: Page['next'],
): Results {
  const above = before === null ? [] : now.messages.filter(({ id }) => id >= before)
  const known = new Set(above.map(({ id }) => id))
  return {
    messages: [...above, ...page.messages.filter(({ id }) => !known.has(id))],
    next: page.next,
    scope: page.scope,
    problem: page.problem?.message ?? null,
    busy: now.busy && page.scope === 'held' && page.problem === undefined,
  }
}
