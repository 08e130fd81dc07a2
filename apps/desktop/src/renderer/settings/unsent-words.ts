import type { Operation } from '../live/queries.ts'

/** Counts what the server does not have yet: `2 messages and 1 other change that were not sent`; null when it has all. */
export function unsentWords(outbox: readonly Pick<Operation, 'action' | 'state'>[]): string | null {
  const unsent = outbox.filter(({ state }) => state !== 'sent')
  const messages = unsent.filter(({ action }) => action.kind === 'send').length
  const others = unsent.length - messages
  const parts = [
    messages > 0 ? counted(messages, 'message') : null,
    others > 0 ? counted(others, messages > 0 ? 'other change' : 'change') : null,
  ].filter((part) => part !== null)
  if (parts.length === 0) return null
  return `${parts.join(' and ')} that ${unsent.length === 1 ? 'was' : 'were'} not sent`
}

const counted = (count: number, what: string) => `${String(count)} ${what}${count === 1 ? '' : 's'}`

/** What becomes of what is here when somebody signs out. */
export const signOutWords =
  'What is kept here of this account is removed, drafts too. What the server has stays there.'
