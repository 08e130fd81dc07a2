import type { AccountId, ConversationId } from '@parley/domain/ids'

export const whens = ['any', 'today', 'week', 'month', 'year'] as const
export type When = (typeof whens)[number]

export const whenWords: Readonly<Record<When, string>> = {
  any: 'Any time',
  today: 'Today',
  week: 'Last 7 days',
  month: 'Last 30 days',
  year: 'Last 12 months',
}

/** What narrows a search down. */
export interface Filters {
  readonly conversationId: ConversationId | null
  readonly authorId: AccountId | null
  readonly when: When
}

export const noFilters: Filters = { conversationId: null, authorId: null, when: 'any' }

const daysBack: Readonly<Record<Exclude<When, 'any'>, number>> = { today: 0, week: 6, month: 29, year: 364 }

/** From when on messages are looked for: whole days, today among them. Milliseconds since 1970; null for any time. */
export function sentAfter(when: When, now: Date): number | null {
  if (when === 'any') return null
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysBack[when]).getTime()
}
