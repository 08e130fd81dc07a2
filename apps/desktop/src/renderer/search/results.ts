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
  /** Why the server is not asked. */
  readonly unasked: Page['unasked']
  /** The server is still being asked. */
  readonly busy: boolean
}

export const emptyResults: Results = {
  messages: [],
  next: null,
  scope: 'held',
  problem: null,
  unasked: undefined,
  busy: false,
}

/**
 * Takes in a page: in place of all before it, or, where older ones than `before` were asked for, below those.
 * Whatever came twice is there once.
 */
export function withPage(
  now: Results,
  page: Pick<Page, 'messages' | 'next' | 'scope' | 'problem' | 'unasked'>,
  before: Page['next'],
): Results {
  const above = before === null ? [] : now.messages.filter(({ id }) => id >= before)
  const known = new Set(above.map(({ id }) => id))
  return {
    messages: [...above, ...page.messages.filter(({ id }) => !known.has(id))],
    next: page.next,
    scope: page.scope,
    problem: page.problem?.message ?? null,
    unasked: page.unasked,
    busy: now.busy && page.scope === 'held' && page.problem === undefined && page.unasked === undefined,
  }
}
